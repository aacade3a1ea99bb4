// The alerts: what goes on, what went on, and what is kept an eye on.
import { Button, Empty } from 'antd';
import type { ReactNode } from 'react';
import { path } from '../../lib/api';
import { day } from '../../lib/format';
import { useHere } from '../../lib/session';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pills } from '../../parts/Pills';
import { Split } from '../../parts/Split';
import './alerts.css';
import { NEW, ownTitle, useAlerts, views, type Alert, type Alerts, type WatchRecord } from './ctrl';
import { Incident, Severity, stateWord, What } from './Incident';
import { page } from './page';
import { Form, WatchOne } from './WatchOne';
import { w } from './words';

function AlertRow({ a, c }: { readonly a: Alert; readonly c: Alerts }): ReactNode {
  const { say, locale } = useHere();
  const watch = c.records.find((r) => r.watch.id === a.watch_id)?.watch;
  return (
    <li>
      <Link to={`/alerts?view=${c.view}&id=${a.id}`} current={String(a.id) === c.id} className="row alert-row">
        <b translate="no">{ownTitle(locale, watch?.name ?? `#${a.id}`)}</b>
        <span className="alert-line small quiet">
          <Severity a={a} />
          <span>{say(w[stateWord(a)])}</span>
          <What a={a} watch={watch} />
          <span>{say(w.since, { day: day(locale, a.began_at) })}</span>
        </span>
      </Link>
    </li>
  );
}

function WatchRow({ r, c }: { readonly r: WatchRecord; readonly c: Alerts }): ReactNode {
  const { say, locale } = useHere();
  return (
    <li>
      <Link to={`/alerts?view=watches&watch=${r.watch.id}`} current={String(r.watch.id) === c.watchId} className="row alert-row">
        <b translate="no">{ownTitle(locale, r.watch.name)}</b>
        <span className="alert-line small quiet">
          <span>{r.watch.enabled ? say(w[r.watch.chart]) : say(w.isOff)}</span>
          <span>{say(w.arlSays, { n: r.watch.arl ?? 0 })}</span>
          <span>
            {say(w.measured)}: {r.alerts_false}
          </span>
          {r.trouble && <span className="trouble">{say(w.trouble, { why: '' })}</span>}
        </span>
      </Link>
    </li>
  );
}

function NoWatches(): ReactNode {
  const { say } = useHere();
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <p>{say(w.noWatches)}</p>
          <p>{say(w.noWatchesHint)}</p>
        </>
      }
    />
  );
}

function List({ c }: { readonly c: Alerts }): ReactNode {
  const { say } = useHere();
  if (c.view === 'watches')
    return (
      <Load load={c.watches} again={c.again} rows={6}>
        {(x) =>
          x.watches.length === 0 ? (
            <NoWatches />
          ) : (
            <ul className="rows">
              {x.watches.map((r) => (
                <WatchRow key={r.watch.id} r={r} c={c} />
              ))}
            </ul>
          )
        }
      </Load>
    );
  return (
    <Load load={c.alerts} again={c.again} rows={6} empty={() => c.shown.length === 0} hint={say(c.view === 'open' ? w.quietNow : w.noneYet)}>
      {() => (
        <ul className="rows">
          {c.shown.map((a) => (
            <AlertRow key={a.id} a={a} c={c} />
          ))}
        </ul>
      )}
    </Load>
  );
}

function Chosen({ c }: { readonly c: Alerts }): ReactNode {
  const { say } = useHere();
  if (c.watchId === NEW) return <Form key={NEW} c={c} watch={null} onDone={() => c.setWatch('')} />;
  if (c.record) return <WatchOne key={`${c.record.watch.id}.${c.record.watch.version}`} r={c.record} c={c} />;
  if (c.id) return <Incident key={c.id} c={c} />;
  return (
    <div className="card">
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say(w.choose)} />
    </div>
  );
}

// Of the month before the newest voice's: the last that is whole.
function lastMonth(newest: string | null | undefined): string {
  const at = new Date(newest ?? Date.now());
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

export default function View(): ReactNode {
  const { say, may, locale, session } = useHere();
  const c = useAlerts();
  const open = c.id !== '' || c.watchId !== '';
  return (
    <>
      <div className={open ? 'head alerts-head' : 'head'}>
        <h1>{say(page.title)}</h1>
        <p className="quiet">{say(w.hint)}</p>
        <Button href={path('/reports/month', { month: lastMonth(session?.store?.newest), lang: locale })}>{say(w.report)}</Button>
        {may('rules.write') && (
          <Button type="primary" onClick={() => c.setWatch(NEW)}>
            {say(w.fresh)}
          </Button>
        )}
      </div>
      <Pills label={say(w.views)} pills={views.map((v) => ({ to: `/alerts?view=${v}`, label: say(w[v]), current: v === c.view }))} />
      <Split open={open} list={<List c={c} />} one={<Chosen c={c} />} />
    </>
  );
}

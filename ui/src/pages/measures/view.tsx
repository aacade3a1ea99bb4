// The measures: what came back for the money, what is planned, what runs, what was judged.
import { Button, Empty } from 'antd';
import type { ReactNode } from 'react';
import { day, number, range, signed } from '../../lib/format';
import { useHere } from '../../lib/session';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pills } from '../../parts/Pills';
import { Split } from '../../parts/Split';
import { NEW, useMeasures, views, type Ledger, type Measure, type Measures } from './ctrl';
import { unitOf } from './Effect';
import { Form } from './Form';
import './measures.css';
import { Badge, One } from './One';
import { page } from './page';
import { w } from './words';

function Rox({ l }: { readonly l: Ledger }): ReactNode {
  const { say, locale } = useHere();
  const money = (v: number): string => number(locale, v, 0) ?? '';
  return (
    <section className="card rox">
      <h2>{say(w.rox)}</h2>
      {l.rox === null ? (
        <p className="quiet">{say(w.roxNone)}</p>
      ) : (
        <>
          <p className="rox-figure num">
            {signed(locale, 100 * l.rox, 0)} % <span className="quiet small">{range(locale, 100 * (l.low ?? 0), 100 * (l.high ?? 0), 0)}</span>
          </p>
          <p className="quiet small">{say(w.roxOf, { cost: money(l.cost), value: money(l.value), none: l.unevaluated + l.unpriced })}</p>
        </>
      )}
    </section>
  );
}

function EffectShort({ m }: { readonly m: Measure }): ReactNode {
  const { locale, say } = useHere();
  const f = m.evaluation?.outcome;
  if (!f || f.effect === null) return <span>{say(w[m.design])}</span>;
  const u = unitOf(m.outcome);
  return (
    <span className="num">
      {signed(locale, f.effect * u.times, u.digits)} {range(locale, (f.low ?? 0) * u.times, (f.high ?? 0) * u.times, u.digits)}
    </span>
  );
}

function Row({ m, current }: { readonly m: Measure; readonly current: boolean }): ReactNode {
  const { say, locale } = useHere();
  return (
    <li>
      <Link to={`/measures?id=${m.id}`} current={current} className="row measure-row">
        <b translate="no">{m.name}</b>
        <span className="measure-line small quiet">
          {m.verdict ? <Badge verdict={m.verdict} /> : <span>{say(w[m.state])}</span>}
          <EffectShort m={m} />
          {m.state !== 'ended' && <span>{say(w.until, { day: day(locale, m.ends_at) })}</span>}
        </span>
      </Link>
    </li>
  );
}

function List({ c }: { readonly c: Measures }): ReactNode {
  const { say } = useHere();
  return (
    <Load load={c.load} again={c.again} rows={6}>
      {() =>
        c.all.length === 0 ? (
          <Empty
            description={
              <>
                <p>{say(w.none)}</p>
                <p>
                  {say(w.noneHint)} <Link to="/pains">{say(w.toPains)}</Link>
                </p>
              </>
            }
          />
        ) : (
          <>
            {c.ledger && <Rox l={c.ledger} />}
            <Pills
              label={say(w.views)}
              pills={views.map((v) => ({ to: v === 'all' ? '/measures' : `/measures?view=${v}`, label: say(w[v]), current: v === c.view }))}
            />
            <ul className="rows">
              {c.shown.map((m) => (
                <Row key={m.id} m={m} current={String(m.id) === c.id} />
              ))}
            </ul>
          </>
        )
      }
    </Load>
  );
}

function Chosen({ c }: { readonly c: Measures }): ReactNode {
  const { say } = useHere();
  if (c.id === NEW) return <Form key={NEW} c={c} m={null} onDone={() => c.setId('')} />;
  if (c.one) return <One key={`${c.one.id}.${c.one.version}`} m={c.one} c={c} />;
  return (
    <div className="card">
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say(w.choose)} />
    </div>
  );
}

export default function View(): ReactNode {
  const { say, may } = useHere();
  const c = useMeasures();
  return (
    <>
      <div className={c.id ? 'head measures-head' : 'head'}>
        <h1>{say(page.title)}</h1>
        <p className="quiet">{say(w.hint)}</p>
        {may('measures.write') && (
          <Button type="primary" onClick={() => c.setId(NEW)}>
            {say(w.fresh)}
          </Button>
        )}
      </div>
      <Split open={c.id !== ''} list={<List c={c} />} one={c.load.state === 'ready' && <Chosen c={c} />} />
    </>
  );
}

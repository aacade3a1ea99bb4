// What customers go through: funnels, what follows what, paths, who comes back and when.
import { Button, Empty } from 'antd';
import { useState, type ReactNode } from 'react';
import { count } from '../../lib/format';
import type { Journey } from '../../lib/journeys';
import { useNames } from '../../lib/names';
import { saveCsv } from '../../lib/csv';
import { useHere } from '../../lib/session';
import { go } from '../../lib/url';
import type { Phrase } from '../../lib/words';
import { Choose } from '../../parts/Choose';
import { Filter } from '../../parts/Filter';
import { Load } from '../../parts/Load';
import { Pick, type Choice } from '../../parts/Pick';
import { Cohorts } from './Cohorts';
import { kinds, tableOf, useJourneys, windows, type Journeys, type Kind, type Setting } from './ctrl';
import { Flow } from './Flow';
import { Funnel } from './Funnel';
import './journeys.css';
import { page } from './page';
import { Paths } from './Paths';
import { Repurchase } from './Repurchase';
import { Sessions, Stages } from './Stages';
import { Steps } from './Steps';
import { w } from './words';

function PickOf({ label, s, choices }: { readonly label: Phrase; readonly s: Setting; readonly choices: readonly Choice[] }): ReactNode {
  const { say } = useHere();
  return <Pick shown label={say(label)} value={s.value} onPick={s.set} choices={choices} />;
}

// What the chosen question can be told besides its filter.
function Settings({ x }: { readonly x: Journeys }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const days = (n: number): string => (n === 1 ? say(w.oneDay) : say(w.days, { n }));
  const value = (v: string): string => names.value(x.activity.value, v);
  const what = (
    <div className="j-what" translate="no">
      <PickOf label={w.what} s={x.set.what} choices={[{ value: '', label: say(w.everything) }, ...x.values.map((v) => ({ value: v, label: value(v) }))]} />
    </div>
  );
  switch (x.kind) {
    case 'funnel':
      return (
        <>
          <PickOf label={w.window} s={x.set.window} choices={windows.map((v) => ({ value: v, label: v === '' ? say(w.noEnd) : days(parseInt(v, 10)) }))} />
          <PickOf label={w.by} s={x.set.by} choices={[{ value: '', label: say(w.none) }, ...x.groups.map((g) => ({ value: g, label: names.column(g) }))]} />
          <PickOf
            label={w.entry}
            s={x.set.entry}
            choices={[
              { value: 'any', label: say(w.any) },
              { value: 'first', label: say(w.first) },
              { value: 'each', label: say(w.each) },
            ]}
          />
        </>
      );
    case 'follows':
      return <PickOf label={w.detail} s={x.set.lines} choices={['10', '20', '40', '60'].map((n) => ({ value: n, label: say(w.lines, { n }) }))} />;
    case 'paths':
      return (
        <>
          <PickOf
            label={w.whole}
            s={x.set.length}
            choices={[...[3, 5, 8].map((n) => ({ value: String(n), label: say(w.firstSteps, { n }) })), { value: 'all', label: say(w.wholeWalks) }]}
          />
          <label className="j-tick">
            <input type="checkbox" checked={x.set.collapse.value !== ''} onChange={(e) => x.set.collapse.set(e.target.checked ? '1' : '')} />
            {say(w.collapse)}
          </label>
        </>
      );
    case 'cohort':
      return (
        <>
          <PickOf label={w.unit} s={x.set.unit} choices={['week', 'month', 'quarter'].map((u) => ({ value: u, label: names.column(u) }))} />
          {what}
        </>
      );
    case 'repurchase':
      return what;
    case 'sessions':
      return (
        <PickOf
          label={w.gap}
          s={x.set.gap}
          choices={[
            { value: '30m', label: say(w.minutes, { n: 30 }) },
            { value: '12h', label: say(w.hours, { n: 12 }) },
            { value: '1d', label: days(1) },
            { value: '7d', label: days(7) },
            { value: '30d', label: days(30) },
          ]}
        />
      );
    case 'stages':
      return null;
  }
}

function Question({ x }: { readonly x: Journeys }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const stepped = x.kind === 'funnel' || x.kind === 'stages';
  return (
    <>
      <div className="journey-question">
        <Pick
          shown
          label={say(w.activity)}
          value={x.activity.value}
          onPick={x.activity.set}
          choices={x.activities.map((a) => ({ value: a, label: names.column(a) }))}
        />
        <Pick shown label={say(w.caseBy)} value={x.caseBy.value} onPick={x.caseBy.set} choices={x.cases.map((c) => ({ value: c, label: names.column(c) }))} />
        <Settings x={x} />
      </div>
      {stepped && <Steps x={x} />}
      {stepped && x.suggested && <p className="quiet small j-suggested">{say(w.suggested)}</p>}
    </>
  );
}

function Answer({ x, found }: { readonly x: Journeys; readonly found: readonly Journey[] }): ReactNode {
  const { say } = useHere();
  const j = found[0];
  if (!j) return <p className="quiet">{say(w.twoSteps)}</p>;
  switch (x.kind) {
    case 'funnel':
      return <Funnel x={x} j={j} />;
    case 'follows':
      return <Flow x={x} j={j} />;
    case 'paths':
      return <Paths x={x} j={j} />;
    case 'cohort':
      return <Cohorts x={x} j={j} />;
    case 'repurchase':
      return <Repurchase found={found} />;
    case 'stages':
      return <Stages x={x} j={j} />;
    case 'sessions':
      return <Sessions j={j} />;
  }
}

function Tools({ x }: { readonly x: Journeys }): ReactNode {
  const { say, may } = useHere();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard?.writeText(window.location.href).then(() => setCopied(true));
  };
  return (
    <div className="deeds">
      <Button onClick={copy} aria-live="polite">
        {say(copied ? w.copied : w.copy)}
      </Button>
      {may('export') && x.load.state === 'ready' && x.load.value.length > 0 && (
        <Button onClick={() => x.load.state === 'ready' && saveCsv(x.kind, tableOf(x.kind, x.load.value))}>{say(w.csv)}</Button>
      )}
    </div>
  );
}

// How much was walked, and what is in no journey.
function Walked({ j }: { readonly j: Journey | undefined }): ReactNode {
  const { say, locale } = useHere();
  if (!j) return null;
  return (
    <p className="quiet small foot num">
      {say(w.walked, { cases: count(locale, j.cases), events: count(locale, j.events) })}
      {(j.without_case ?? 0) > 0 && ` · ${say(w.outside, { n: count(locale, j.without_case ?? 0) })}`}
    </p>
  );
}

function NoJourneys(): ReactNode {
  const { say, may } = useHere();
  return (
    <div className="card">
      <Empty
        description={
          <>
            <p>
              <b>{say(w.empty)}</b>
            </p>
            <p className="quiet">{say(w.emptyHint)}</p>
          </>
        }
      >
        {may('signals.write') && (
          <Button type="primary" onClick={() => go('/bring')}>
            {say(w.bring)}
          </Button>
        )}
      </Empty>
    </div>
  );
}

export default function View(): ReactNode {
  const { say } = useHere();
  const x = useJourneys();
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        <p className="quiet">{say(w.hint)}</p>
      </div>
      {!x.ready ? (
        <NoJourneys />
      ) : (
        <>
          <Filter where={x.where.value} onChange={x.where.set} />
          <section className="card page-column" aria-label={say(w[x.kind])}>
            <Choose<Kind> look="tabs" label={say(w.view)} value={x.kind} onChange={x.setKind} options={kinds.map((k) => ({ value: k, label: say(w[k]) }))} />
            <div className="card-head j-head">
              <h2>{say(w[x.kind])}</h2>
              <Tools x={x} />
            </div>
            <Question x={x} />
            <Load load={x.load} again={x.again} rows={12} empty={(f) => f.length > 0 && (f[0]?.cases ?? 0) === 0}>
              {(found) => (
                <>
                  <Answer x={x} found={found} />
                  <Walked j={found[0]} />
                </>
              )}
            </Load>
          </section>
        </>
      )}
    </>
  );
}

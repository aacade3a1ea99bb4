// How many get through the steps in order; who went no further can be heard.
import { useState, type ReactNode } from 'react';
import { Button } from 'antd';
import { failureOf, type Failure } from '../../lib/api';
import { count, lasting, number, range } from '../../lib/format';
import type { Journey, Step } from '../../lib/journeys';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import { go } from '../../lib/url';
import { voicesAt } from '../../parts/Found';
import { Refused } from '../../parts/Refused';
import type { Journeys } from './ctrl';
import { w } from './words';

const LOST_HEARD = 40;
const percent = (v: number | null): number | null => (v === null ? null : v * 100);

interface StepProps {
  readonly x: Journeys;
  readonly name: string;
  readonly at: number;
  readonly step: Step;
  readonly lost: number; // between this step and the next
  readonly hear: ((step: number) => void) | null;
  readonly busy: boolean;
}

function StepRow({ x, name, at, step, lost, hear, busy }: StepProps): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const wide = percent(step.share) ?? 0;
  return (
    <li className="j-funnel-step">
      <div className="j-funnel-head">
        <span className="rank" aria-hidden="true">{at + 1}</span>
        <b translate="no">{names.value(x.activity.value, name)}</b>
        <span className="j-funnel-n num">{count(locale, step.n)}</span>
      </div>
      <div className="j-funnel-bar" aria-hidden="true">
        <span style={{ width: `${wide}%` }} />
      </div>
      {at > 0 && (
        <p className="small num">
          {say(w.ofPrevious, { share: number(locale, percent(step.conversion)) ?? '–' })}{' '}
          <span className="quiet">{range(locale, percent(step.conversion_low), percent(step.conversion_high))}</span>
          <span className="quiet"> · {say(w.ofEntry, { share: number(locale, percent(step.share)) ?? '–' })}</span>
          {step.since_previous.median_ms !== null && (
            <span className="quiet"> · {say(w.took, { time: lasting(locale, step.since_previous.median_ms) ?? '' })}</span>
          )}
        </p>
      )}
      {lost > 0 && (
        <p className="j-funnel-lost small">
          <span className="bad num">− {say(w.lost, { n: count(locale, lost) })}</span>
          {hear && (
            <Button type="link" size="small" loading={busy} onClick={() => hear(at + 1)}>
              {say(w.listenLost, { n: count(locale, Math.min(lost, LOST_HEARD)) })} →
            </Button>
          )}
        </p>
      )}
    </li>
  );
}

export function Funnel({ x, j }: { readonly x: Journeys; readonly j: Journey }): ReactNode {
  const { say, may } = useHere();
  const names = useNames();
  const [busy, setBusy] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);
  const hear = (step: number): void => {
    setBusy(step);
    setFailure(null);
    x.lostVoices(step)
      .then((where) => go(voicesAt(where)))
      .catch((e: unknown) => setFailure(failureOf(e)))
      .finally(() => setBusy(0));
  };
  const grouped = x.set.by.value !== '';
  const groups = (j.groups ?? []).filter((g) => (g.steps[0]?.n ?? 0) > 0).sort((a, b) => (b.steps[0]?.n ?? 0) - (a.steps[0]?.n ?? 0));
  if (groups.length === 0) return <p className="quiet">{say(w.nobody)}</p>;
  return (
    <>
      <Refused failure={failure} />
      <div className={grouped ? 'j-funnels' : undefined}>
        {groups.slice(0, 12).map((g) => (
          <section key={g.key ?? ''} aria-label={grouped ? names.value(x.set.by.value, g.key) : say(w.funnel)}>
            {grouped && <h3 translate="no">{names.value(x.set.by.value, g.key)}</h3>}
            <ol className="j-funnel">
              {g.steps.map((s, i) => (
                <StepRow
                  key={i}
                  x={x}
                  name={j.steps?.[i]?.name ?? ''}
                  at={i}
                  step={s}
                  lost={i + 1 < g.steps.length ? s.n - (g.steps[i + 1]?.n ?? 0) : 0}
                  hear={may('signals.read') && !grouped && x.set.entry.value !== 'each' ? hear : null}
                  busy={busy === i + 1}
                />
              ))}
            </ol>
          </section>
        ))}
      </div>
    </>
  );
}

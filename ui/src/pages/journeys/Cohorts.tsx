// Who came when, and what share of them was there again how many periods later.
import type { ReactNode } from 'react';
import { count, number, period, range } from '../../lib/format';
import type { Cohort, Journey } from '../../lib/journeys';
import { useHere } from '../../lib/session';
import { share } from '../../lib/stats';
import '../../parts/heat.css';
import { periodsOf, type Journeys } from './ctrl';
import { w } from './words';

const FEW = 10; // below so many people a share says nothing

function CellOf({ c, k }: { readonly c: Cohort; readonly k: number }): ReactNode {
  const { say, t, locale } = useHere();
  const active = c.active[k];
  if (active === undefined) return <td aria-hidden="true" />;
  const est = share(active, c.size);
  const open = k > 0 && k === c.active.length - 1; // the period is not over
  const few = c.size < FEW;
  const told = `${say(w.after, { k })}: ${count(locale, active)} / ${count(locale, c.size)} ${range(locale, est.low, est.high)}`;
  const depth = Math.round(6 + 0.3 * (est.value ?? 0));
  return (
    <td>
      <div
        className={open ? 'j-cohort open num' : 'j-cohort num'}
        title={told}
        style={few ? undefined : { background: `color-mix(in srgb, var(--heed) ${depth}%, var(--card))` }}
      >
        {few ? <span className="quiet small">{t('tooFew')}</span> : <b>{number(locale, est.value, 0)} %</b>}
        <span className="small">{count(locale, active)}</span>
      </div>
    </td>
  );
}

export function Cohorts({ x, j }: { readonly x: Journeys; readonly j: Journey }): ReactNode {
  const { say, locale } = useHere();
  const all = j.cohorts ?? [];
  const wide = periodsOf(j);
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label={say(w.cohort)}>
        <table className="heat j-cohorts">
          <thead>
            <tr>
              <th scope="col">{say(w.cohortOf)}</th>
              <th scope="col">{say(w.size)}</th>
              {Array.from({ length: wide }, (_, k) => (
                <th key={k} scope="col">{say(w.after, { k })}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((c) => (
              <tr key={c.from}>
                <th scope="row">{period(locale, x.set.unit.value, x.set.unit.value === 'month' ? c.from.slice(0, 7) : c.from)}</th>
                <td className="num j-cohort-size">{count(locale, c.size)}</td>
                {Array.from({ length: wide }, (_, k) => (
                  <CellOf key={k} c={c} k={k} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet small foot">{say(w.cohortHint)}</p>
    </>
  );
}

// Where everybody stands; and journeys cut where somebody is silent.
import type { ReactNode } from 'react';
import { count, lasting, number } from '../../lib/format';
import type { Journey } from '../../lib/journeys';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import { stagesOf, type Journeys } from './ctrl';
import { w } from './words';

export function Stages({ x, j }: { readonly x: Journeys; readonly j: Journey }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const all = stagesOf(j);
  const label = (v: string): string => names.value(x.activity.value, v);
  const nextOf = (to: readonly number[]): string => {
    const most = Math.max(0, ...to);
    const name = most > 0 ? all[to.indexOf(most)]?.name : undefined;
    return name === undefined ? '–' : `${label(name)} (${count(locale, most)})`;
  };
  const widest = Math.max(1, ...all.map((s) => s.now));
  return (
    <>
      <p className="quiet small">{say(w.stageHint)}</p>
      <div className="scroll" tabIndex={0} role="region" aria-label={say(w.stages)}>
        <table className="plot-table j-numbers">
          <thead>
            <tr>
              <th scope="col">{say(w.stage)}</th>
              <th scope="col" className="num">{say(w.now)}</th>
              <th scope="col" className="num">{say(w.silent)}</th>
              <th scope="col" className="num">{say(w.entries)}</th>
              <th scope="col" className="num">{say(w.dwell)}</th>
              <th scope="col">{say(w.next)}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((s) => (
              <tr key={s.name}>
                <th scope="row" translate="no">{label(s.name)}</th>
                <td className="num">
                  <span className="meter" aria-hidden="true">
                    <span style={{ width: `${(100 * s.now) / widest}%`, background: 'var(--heed)' }} />
                  </span>
                  {count(locale, s.now)} <span className="quiet small">{number(locale, 100 * (s.share ?? 0))} %</span>
                </td>
                <td className="num">{count(locale, s.dropped)}</td>
                <td className="num">{count(locale, s.entries)}</td>
                <td className="num">{lasting(locale, s.dwell.median_ms) ?? '–'}</td>
                <td translate="no">{nextOf(s.to)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(j.none ?? 0) > 0 && <p className="quiet small foot">{say(w.noStage, { n: count(locale, j.none ?? 0) })}</p>}
    </>
  );
}

export function Sessions({ j }: { readonly j: Journey }): ReactNode {
  const { say, locale } = useHere();
  const all = j.sessions ?? 0;
  const figures: readonly [string, string, string][] = [
    [say(w.sessionsAll), count(locale, all), ''],
    [say(w.single), count(locale, j.single ?? 0), all ? `${number(locale, (100 * (j.single ?? 0)) / all)} %` : ''],
    [say(w.lasts), lasting(locale, j.duration?.median_ms ?? null) ?? '–', ''],
    [say(w.perSession), number(locale, j.events_per_session?.mean ?? null) ?? '–', ''],
    [say(w.perCase), number(locale, j.sessions_per_case?.mean ?? null) ?? '–', ''],
  ];
  return (
    <dl className="j-sessions">
      {figures.map(([name, value, more]) => (
        <div key={name}>
          <dt className="quiet small">{name}</dt>
          <dd className="num">
            {value} {more && <span className="quiet small">{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

// The ways walked most often, event by event.
import type { ReactNode } from 'react';
import { count, lasting, number, range } from '../../lib/format';
import type { Journey } from '../../lib/journeys';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Journeys } from './ctrl';
import { w } from './words';

export function Paths({ x, j }: { readonly x: Journeys; readonly j: Journey }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const paths = j.paths ?? [];
  const widest = Math.max(1e-9, ...paths.map((p) => p.share ?? 0));
  return (
    <>
      <p className="quiet small num">{say(w.different, { n: count(locale, j.variants ?? 0) })}</p>
      <ol className="j-ways">
        {paths.map((p) => (
          <li key={`${p.events.join('\n')} ${p.goes_on}`}>
            <div className="j-way" translate="no">
              {p.events.map((e, i) => (
                <span key={i} className="j-way-step">
                  {names.value(x.activity.value, e)}
                </span>
              ))}
              {p.goes_on && (
                <span className="quiet small" translate="yes">
                  … {say(w.goesOn)}
                </span>
              )}
            </div>
            <div className="j-way-n num">
              <span className="meter" aria-hidden="true">
                <span style={{ width: `${(100 * (p.share ?? 0)) / widest}%`, background: 'var(--heed)' }} />
              </span>
              <b>{count(locale, p.n)}</b>
              <span>
                {number(locale, 100 * (p.share ?? 0))} %{' '}
                <span className="quiet small">{range(locale, 100 * (p.share_low ?? 0), 100 * (p.share_high ?? 0))}</span>
              </span>
              {p.events.length > 1 && <span className="quiet small">{say(w.duration)} {lasting(locale, p.duration.median_ms)}</span>}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

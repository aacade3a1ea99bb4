// What a condition would have matched: how many, month by month, and the latest of them in their words.
import type { ReactNode } from 'react';
import { count } from '../../lib/format';
import { useHere } from '../../lib/session';
import type { Trial, Try } from './ctrl';
import { w } from './words';

const MONTHS = 24;

function Months({ trial }: { readonly trial: Trial }): ReactNode {
  const { say, locale } = useHere();
  const months = trial.months.slice(-MONTHS);
  const most = Math.max(1, ...months.map((m) => m.n));
  const name = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' });
  if (months.length < 2) return null;
  const title = (month: string): string => name.format(new Date(`${month}-01T00:00:00Z`));
  return (
    <figure>
      <figcaption className="quiet small">{say(w.perMonth)}</figcaption>
      <ol className="months">
        {months.map((m) => (
          <li key={m.month} title={say(w.monthRow, { month: title(m.month), n: count(locale, m.n) })}>
            <span className="sr">{say(w.monthRow, { month: title(m.month), n: count(locale, m.n) })}</span>
            <i style={{ height: `${(100 * m.n) / most}%` }} />
          </li>
        ))}
      </ol>
      <p className="months-ends quiet small" aria-hidden="true">
        <span>{title(months[0]?.month ?? '')}</span>
        <span>{title(months.at(-1)?.month ?? '')}</span>
      </p>
    </figure>
  );
}

export function Tried({ tried }: { readonly tried: Try }): ReactNode {
  const { say, t, locale } = useHere();
  const { trial } = tried;
  if (!trial)
    return (
      <p className="tried quiet" aria-busy={tried.busy}>
        {tried.busy ? t('loading') : say(w.typing)}
      </p>
    );
  const n = count(locale, trial.matches);
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const all = trial.signals;
  return (
    <section className={tried.busy || tried.why ? 'tried tried-old' : 'tried'} aria-busy={tried.busy}>
      <h3>{say(w.trial)}</h3>
      <p role="status" className="tried-count num">
        {all ? say(w.matches, { n, all: count(locale, all), share: share.format(trial.matches / all) }) : say(w.matchesOnly, { n })}
      </p>
      <Months trial={trial} />
      {tried.sample.length > 0 && (
        <>
          <h3>{say(w.sample)}</h3>
          <ul className="tried-sample">
            {tried.sample.map((v) => (
              <li key={v.id}>{v.words ? <span translate="no">{v.words}</span> : <span className="quiet">{say(w.noWords)}</span>}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

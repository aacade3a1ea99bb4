// A pain or delight point in a few lines: how many, how it bears on the score, where and when, one voice.
import type { ReactNode } from 'react';
import { count, dayRange, isOf, number, range, signed } from '../lib/format';
import { useNames } from '../lib/names';
import { useHere } from '../lib/session';
import type { Finding, Spot } from '../lib/shapes';
import { both, quoted } from '../lib/where';
import type { Phrases } from '../lib/words';
import './found.css';
import { Link } from './Link';
import { Marked } from './Quote';
import { Spark } from './Spark';

const w = {
  reach: ['{share}% 的发言者提到（{n} 条）', '{share}% 的發言者提到（{n} 則）', '{share} % of those who spoke ({n})'],
  effect: ['评分 {points}', '評分 {points}', 'score {points}'],
  effectHint: [
    '提到它的人与没提到的人相比，评分相差的点数（满分 100）',
    '提到它的人與沒提到的人相比，評分相差的點數（滿分 100）',
    'Points of 100 by which the score of those who speak of it differs',
  ],
  spot: ['{where}：是平常的 {lift} 倍', '{where}：是平常的 {lift} 倍', '{where}: {lift} × what is usual'],
  trend: ['按月占比', '按月占比', 'share by month'],
} satisfies Phrases;

export function foundWhere(f: Pick<Finding, 'aspect' | 'polarity'>, rest = ''): string {
  return both(rest, `aspect = ${quoted(f.aspect)} and polarity = ${quoted(f.polarity)}`);
}

// All rows behind a figure, those without words too: their number equals the figure's.
export function voicesAt(where: string): string {
  return `/voices?${new URLSearchParams({ all: '1', where }).toString()}`;
}

export function useSpotText(): (s: Spot) => string {
  const { say, locale } = useHere();
  const names = useNames();
  return (s) => {
    const place = `${names.column(s.column)} ${names.value(s.column, s.value)}`;
    const days = s.from && s.to ? ` · ${dayRange(locale, s.from, s.to)}` : '';
    return say(w.spot, { where: place + days, lift: number(locale, s.lift) ?? '' });
  };
}

interface Props {
  readonly found: Finding;
  readonly rank: number;
  readonly where: string;
}

export function Found({ found, rank, where }: Props): ReactNode {
  const { say, locale, palette } = useHere();
  const names = useNames();
  const spotText = useSpotText();
  const spot = found.spots.find((s) => s.from) ?? found.spots[0];
  const quote = found.quotes.find((q) => isOf(locale, q.lang)) ?? found.quotes[0];
  const { effect } = found;
  return (
    <article className="found">
      <div className="found-head">
        <span className={`rank ${found.polarity}`} aria-hidden="true">
          {rank}
        </span>
        <h3>
          <Link to={voicesAt(foundWhere(found, where))}>{names.aspect(found.aspect)}</Link>
        </h3>
        <Spark
          values={found.trend.map((m) => (m.base ? m.n / m.base : null))}
          colour={found.polarity === 'negative' ? palette.pain : palette.delight}
          label={say(w.trend)}
        />
      </div>
      <p className="quiet small num">
        {say(w.reach, { share: number(locale, found.reach.value) ?? '', n: count(locale, found.n) })}
        {effect.value !== null && (
          <span title={say(w.effectHint)}>
            {' · '}
            {say(w.effect, { points: signed(locale, effect.value) ?? '' })}
            {effect.low !== null && ` ${range(locale, effect.low, effect.high)}`}
          </span>
        )}
      </p>
      {spot && <p className="spot small">{spotText(spot)}</p>}
      {quote && (
        <blockquote>
          <Marked voice={quote} only={found} />
        </blockquote>
      )}
    </article>
  );
}

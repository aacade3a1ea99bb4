// A root's change as a waterfall: from what it was, part by part, to what it is.
import type { ReactNode } from 'react';
import { number, signed } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Bar, Node, Tree } from './ctrl';
import { w } from './words';

const digits = (bars: readonly Bar[]): number => (bars.every((b) => Math.abs(b.to) < 1000) ? 1 : 0);

export function Waterfall({ tree, root, bars }: { readonly tree: Tree; readonly root: Node; readonly bars: readonly Bar[] }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const column = /^mix\((.*)\)$/.exec(root.goal.relation ?? '')?.[1] ?? '';
  const down = root.goal.better === 'down';
  const ends = bars.flatMap((b) => (b.kind === 'end' ? [b.to] : [b.from, b.to]));
  const room = (Math.max(...ends) - Math.min(...ends)) * 0.15 || 1;
  const [low, high] = [Math.min(...ends) - room, Math.max(...ends) + room];
  const at = (v: number): number => (100 * (v - low)) / (high - low);
  const goal = (name: string): string => tree.goals.find((g) => g.goal.name === name)?.title[locale] ?? name;
  const label = (b: Bar): string => {
    if (b.what === 'start') return say(w.start);
    if (b.what === 'end') return say(w.end);
    if (b.what === 'rest') return say(w.rest);
    if (b.what === 'goal') return goal(b.name);
    return say(b.what === 'mix' ? w.mix : w.rate, { s: names.value(column, b.name === '' ? null : b.name) });
  };
  return (
    <table className="waterfall">
      <caption className="sr">{say(w.waterfall, { goal: root.title[locale] })}</caption>
      <thead className="sr">
        <tr>
          <th scope="col">{say(w.part)}</th>
          <th scope="col" />
          <th scope="col">{say(w.change)}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map((b) => {
          const good = b.to > b.from !== down;
          const [from, to] = b.kind === 'end' ? [at(b.to) - 0.6, at(b.to) + 0.6] : [at(Math.min(b.from, b.to)), at(Math.max(b.from, b.to))];
          return (
            <tr key={`${b.what} ${b.name}`} className={b.kind}>
              <th scope="row">{label(b)}</th>
              <td className="fall" aria-hidden="true">
                <span
                  className={b.kind === 'end' ? 'fall-end' : good ? 'fall-good' : 'fall-bad'}
                  style={{ left: `${from}%`, width: `${Math.max(to - from, 0.8)}%` }}
                />
              </td>
              <td className="num">{b.kind === 'end' ? number(locale, b.to, digits(bars)) : signed(locale, b.to - b.from, digits(bars))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

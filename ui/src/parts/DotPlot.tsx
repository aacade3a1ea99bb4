// A metric by a column, one row a value: dot and whisker for a score, a bar from 0 for a count.
// It is a table, so it reads, scrolls and tabs like one.
import type { CSSProperties, ReactNode } from 'react';
import { count, number, range } from '../lib/format';
import { useHere } from '../lib/session';
import type { Cell } from '../lib/shapes';
import './plot.css';

interface Row {
  readonly label: string;
  readonly cell: Cell;
}
interface Props {
  readonly rows: readonly Row[];
  readonly caption: string;
  readonly head: string; // of the labels
  readonly counts: boolean;
  readonly percent: boolean;
  readonly onPick?: (cell: Cell) => void;
}

const place = (v: number, from: number, to: number): number => (100 * (v - from)) / (to - from || 1);

// Far enough from both ends of the scale to be written between them.
const middling = (at: number): boolean => at > 22 && at < 78;

function Track({ cell, from, to, counts }: { cell: Cell; from: number; to: number; counts: boolean }): ReactNode {
  if (cell.value === null) return null;
  if (counts) return <span className="bar" style={{ width: `${place(cell.value, 0, to)}%` }} />;
  const at = place(cell.value, from, to);
  const left = place(cell.low ?? cell.value, from, to);
  const right = place(cell.high ?? cell.value, from, to);
  const zero = from < 0 && to > 0 ? place(0, from, to) : null;
  const whisker: CSSProperties = { left: `${left}%`, width: `${Math.max(right - left, 0.4)}%` };
  return (
    <>
      {zero !== null && <span className="zero" style={{ left: `${zero}%` }} />}
      <span className="whisker" style={whisker} />
      <span className={cell.n < 30 ? 'dot few' : 'dot'} style={{ left: `${at}%` }} />
    </>
  );
}

export function DotPlot({ rows, caption, head, counts, percent, onPick }: Props): ReactNode {
  const { locale, t } = useHere();
  const all = rows.flatMap(({ cell: c }) => [c.low ?? c.value, c.high ?? c.value]).filter((v) => v !== null);
  const from = Math.min(...all);
  const to = Math.max(...all);
  return (
    <table className="plot">
      <caption className="sr">{caption}</caption>
      <thead className={counts || all.length === 0 ? 'sr' : 'quiet small'}>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col" className="ends">
            <span className="sr">{t('interval')}</span>
            <div className="num" aria-hidden="true">
              <span>{number(locale, from)}</span>
              {middling(place(0, from, to)) && <span style={{ left: `${place(0, from, to)}%` }}>0</span>}
              <span>{number(locale, to)}</span>
            </div>
          </th>
          <th scope="col">
            <span className="sr">{t('value')}</span>
          </th>
          <th scope="col">
            <span className="sr">n</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, cell }) => (
          <tr key={label} className={cell.value === null ? 'quiet' : undefined}>
            <th scope="row">
              {onPick ? (
                <button type="button" className="plain" onClick={() => onPick(cell)}>
                  {label}
                </button>
              ) : (
                label
              )}
            </th>
            <td className="track">
              <div>
                <Track cell={cell} from={from} to={to} counts={counts} />
                {cell.low !== null && (
                  <span className="sr">
                    {range(locale, cell.low, cell.high)}
                  </span>
                )}
              </div>
            </td>
            <td className="num">
              {number(locale, cell.value, counts ? 0 : 1) ?? t(cell.reason === 'too_few' ? 'tooFew' : 'noAnswer')}
              {percent && cell.value !== null ? ' %' : ''}
            </td>
            <td className="num quiet small">{counts ? '' : `n = ${count(locale, cell.n)}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// A metric by two columns.  Each cell: value and n; its ground leans to delight or pain as far as the value is
// from the middle, and only where the interval does not hold the middle.
import type { CSSProperties, ReactNode } from 'react';
import { count, number, range } from '../lib/format';
import { useHere } from '../lib/session';
import type { Cell } from '../lib/shapes';
import './heat.css';

interface Head {
  readonly key: string;
  readonly label: string;
}
interface Props {
  readonly caption: string;
  readonly corner: string;
  readonly rows: readonly Head[];
  readonly columns: readonly Head[];
  readonly cell: (row: string, column: string) => Cell | undefined;
  readonly middle: number | null; // null: no good and bad side; shaded by size in our own colour
  readonly reach: number; // distance from the middle that gives the full shade
  readonly digits?: number;
  readonly onPick: (cell: Cell) => void;
}

function shade(c: Cell, middle: number | null, reach: number): CSSProperties {
  if (c.value === null) return {};
  const far = Math.min(1, Math.abs(c.value - (middle ?? 0)) / (reach || 1));
  const sure = middle === null || c.low === null || c.high === null || c.low > middle || c.high < middle;
  if (!sure) return {};
  const colour = middle === null ? 'heed' : c.value > middle ? 'delight' : 'pain';
  return { background: `color-mix(in srgb, var(--${colour}) ${Math.round(8 + far * 40)}%, var(--card))` };
}

export function HeatTable(props: Props): ReactNode {
  const { caption, corner, rows, columns, cell, middle, reach, digits = 0, onPick } = props;
  const { locale, t } = useHere();
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className="heat">
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map((c) => (
              <th scope="col" key={c.key}>
                {c.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.key}>
              <th scope="row">{r.label}</th>
              {columns.map((c) => {
                const found = cell(r.key, c.key);
                if (!found || found.signals === 0) return <td key={c.key} />;
                const few = found.value === null;
                return (
                  <td key={c.key}>
                    <button
                      type="button"
                      className={few ? 'few' : undefined}
                      style={shade(found, middle, reach)}
                      onClick={() => onPick(found)}
                      title={
                        few || found.low === null
                          ? undefined
                          : `${t('interval')} ${range(locale, found.low, found.high)}`
                      }
                    >
                      <span className="num">{few ? t(found.reason === 'too_few' ? 'tooFew' : 'noAnswer') : number(locale, found.value, digits)}</span>
                      <span className="small quiet num">n {count(locale, found.n)}</span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

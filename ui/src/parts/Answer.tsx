// The answer to a question: over time as lines with bands, by a group as dots with whiskers, by two groups as a
// matrix; or all of it as a table.  Groups nobody answered in are left out, and said so.
import type { ReactNode } from 'react';
import { count, number } from '../lib/format';
import { useNames } from '../lib/names';
import { useHere } from '../lib/session';
import type { Cell, Tally } from '../lib/shapes';
import { answeredBy, groupsOf, isTime, keyName, keysOf, sorted, type Look } from '../lib/tally';
import type { Phrases } from '../lib/words';
import './answer.css';
import { DotPlot } from './DotPlot';
import { HeatTable } from './HeatTable';
import { rangeOf, Trend } from './Trend';

const w = {
  firstOnes: [
    '只显示最大的 {n} 组，共 {all} 组；表里有全部。',
    '只顯示最大的 {n} 組，共 {all} 組；表裡有全部。',
    'The {n} largest of {all} groups; the table has all.',
  ],
  silent: ['没有回答的 {n} 组未显示。', '沒有回答的 {n} 組未顯示。', '{n} groups without an answer are left out.'],
  silentOne: ['没有回答的 1 组未显示。', '沒有回答的 1 組未顯示。', 'One group without an answer is left out.'],
  nobody: [
    '没有足够的回答。放宽筛选，或换一个指标。',
    '沒有足夠的回答。放寬篩選，或換一個指標。',
    'Too few answers to show. Widen the filter, or choose another metric.',
  ],
  missing: ['无回答', '無回答', 'No answer'],
  off: ['超出量表', '超出量表', 'Off the scale'],
  low: ['下限', '下限', 'Low'],
  high: ['上限', '上限', 'High'],
} satisfies Phrases;

const PANELS = 12;
const ACROSS = 14;
const ROWS = 40;
const SMALL_ROWS = 10; // of a tile

interface ShownProps {
  readonly tally: Tally;
  readonly open: (c: Cell) => void;
  readonly small: boolean;
}

function Left({ shown, all, silent }: { readonly shown: number; readonly all: number; readonly silent: number }): ReactNode {
  const { say } = useHere();
  if (all <= shown && silent === 0) return null;
  return (
    <p className="quiet small foot">
      {all > shown && say(w.firstOnes, { n: shown, all })} {silent > 0 && say(silent === 1 ? w.silentOne : w.silent, { n: silent })}
    </p>
  );
}

function Nobody(): ReactNode {
  const { say } = useHere();
  return <p className="quiet nobody">{say(w.nobody)}</p>;
}

function Panels({ tally, time, group, open, small }: ShownProps & { readonly time: string; readonly group: string }): ReactNode {
  const names = useNames();
  const groups = groupsOf(tally.cells, group);
  const all = groups.filter((g) => answeredBy(g.cells));
  const some = all.slice(0, small ? 4 : PANELS);
  const scale = rangeOf(some.flatMap((g) => g.cells));
  if (all.length === 0) return <Nobody />;
  return (
    <>
      <div className={some.length === 1 ? 'panels lone' : 'panels'}>
        {some.map((g) => (
          <figure key={String(g.key)}>
            <h3>{names.value(group, g.key)}</h3>
            <Trend
              cells={sorted(g.cells, time)}
              by={time}
              metric={tally.metric}
              unit={tally.unit}
              height={small ? 120 : some.length === 1 ? 320 : 150}
              scale={scale}
              onPick={open}
            />
          </figure>
        ))}
      </div>
      <Left shown={some.length} all={all.length} silent={groups.length - all.length} />
    </>
  );
}

function Crossed({ tally, keys, open, small }: ShownProps & { readonly keys: readonly [string, string] }): ReactNode {
  const names = useNames();
  const [down, across] = keys;
  const { metric } = tally;
  const heads = (by: string): { key: string; label: string }[] =>
    groupsOf(tally.cells, by)
      .filter((g) => g.key !== null && answeredBy(g.cells))
      .map((g) => ({ key: String(g.key), label: names.value(by, g.key) }));
  const [rows, columns] = [heads(down), heads(across)];
  const silent = groupsOf(tally.cells, down).filter((g) => g.key !== null).length - rows.length;
  const found = new Map(tally.cells.map((c) => [`${c.key[down]}\n${c.key[across]}`, c]));
  const signedScore = metric.startsWith('nps') || metric.startsWith('nss');
  const most = Math.max(...tally.cells.map((c) => Math.abs(c.value ?? 0)), 1e-9);
  if (rows.length === 0) return <Nobody />;
  const shown = rows.slice(0, small ? SMALL_ROWS : ROWS);
  return (
    <>
      <HeatTable
        caption={`${names.metric(metric)}: ${names.column(down)} × ${names.column(across)}`}
        corner={names.column(down)}
        rows={shown}
        columns={columns.slice(0, small ? 8 : ACROSS)}
        cell={(r, c) => found.get(`${r}\n${c}`)}
        middle={signedScore ? 0 : null}
        reach={signedScore ? 100 : most}
        digits={metric === 'count' ? 0 : 1}
        onPick={open}
      />
      <Left shown={shown.length} all={rows.length} silent={silent} />
    </>
  );
}

function Ranked({ tally, by, open, small }: ShownProps & { readonly by: string }): ReactNode {
  const names = useNames();
  const groups = sorted(tally.cells, by);
  const all = groups.filter((c) => c.value !== null || c.reason === 'too_few');
  if (all.length === 0) return <Nobody />;
  const largest = [...all].sort((a, b) => b.n - a.n).slice(0, small ? SMALL_ROWS : ROWS);
  const rows = all.filter((c) => largest.includes(c)).map((cell) => ({
    label: by === '' ? names.metric(tally.metric) : names.value(by, cell.key[by] ?? null),
    cell,
  }));
  return (
    <>
      <DotPlot
        rows={rows}
        caption={names.metric(tally.metric)}
        head={by === '' ? names.metric(tally.metric) : names.column(by)}
        counts={tally.metric === 'count'}
        percent={tally.unit === '%'}
        onPick={open}
      />
      <Left shown={rows.length} all={all.length} silent={groups.length - all.length} />
    </>
  );
}

function Drawn(props: ShownProps): ReactNode {
  const { tally, open, small } = props;
  const [one = '', two = ''] = keysOf(tally);
  if (two !== '') {
    if (isTime(one)) return <Panels {...props} time={one} group={two} />;
    if (isTime(two)) return <Panels {...props} time={two} group={one} />;
    return <Crossed {...props} keys={[one, two]} />;
  }
  if (!isTime(one) || tally.cells.length < 2) return <Ranked {...props} by={one} />;
  if (!answeredBy(tally.cells)) return <Nobody />;
  const height = small ? 220 : 360;
  return (
    <Trend cells={sorted(tally.cells, one)} by={one} metric={tally.metric} unit={tally.unit} height={height} onPick={open} />
  );
}

function AsTable({ tally, open, small }: ShownProps): ReactNode {
  const { say, t, locale } = useHere();
  const names = useNames();
  const keys = keysOf(tally);
  const digits = tally.metric === 'count' ? 0 : 1;
  const heads = [t('value'), say(w.low), say(w.high), 'n', ...(small ? [] : [say(w.missing), say(w.off)])];
  return (
    <div className={small ? 'scroll short' : 'scroll'} tabIndex={0} role="region" aria-label={names.metric(tally.metric)}>
      <table className="cells">
        <thead>
          <tr>
            {keys.map((k) => (
              <th scope="col" key={k}>
                {names.column(k)}
              </th>
            ))}
            {heads.map((h) => (
              <th scope="col" className="num" key={h}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tally.cells.map((c) => (
            <tr key={keys.map((k) => c.key[k]).join('\n')}>
              {keys.map((k, i) =>
                i === 0 ? (
                  <th scope="row" key={k}>
                    <button type="button" className="plain" onClick={() => open(c)}>
                      {keyName(names, locale, k, c.key[k] ?? null)}
                    </button>
                  </th>
                ) : (
                  <td key={k}>{keyName(names, locale, k, c.key[k] ?? null)}</td>
                ),
              )}
              <td className="num">
                <b>{number(locale, c.value, digits)}</b>
                {c.value === null && <span className="quiet">{t(c.reason === 'too_few' ? 'tooFew' : 'noAnswer')}</span>}
              </td>
              <td className="num quiet">{number(locale, c.low)}</td>
              <td className="num quiet">{number(locale, c.high)}</td>
              <td className="num">{count(locale, c.n)}</td>
              {!small && <td className="num quiet">{count(locale, c.missing)}</td>}
              {!small && <td className="num quiet">{count(locale, c.invalid)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Props {
  readonly tally: Tally;
  readonly look: Look;
  readonly open: (c: Cell) => void; // the rows behind a cell
  readonly small?: boolean; // as a tile of a dashboard
}

export function Answer({ tally, look, open, small = false }: Props): ReactNode {
  const shown = { tally, open, small };
  return look === 'table' ? <AsTable {...shown} /> : <Drawn {...shown} />;
}

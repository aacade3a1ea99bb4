// What the page "why" knows: a metric, two months beside each other or one whole, all of it in the address.
import { path, useLoad, type Loaded } from '../../lib/api';
import type { Estimate } from '../../lib/format';
import { scoresOf } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Columns, Tally, Voice } from '../../lib/shapes';
import { useParam } from '../../lib/url';

export interface Part {
  readonly value: string | null;
  readonly rest: boolean;
  readonly n_before: number;
  readonly n: number;
  readonly before: number | null;
  readonly now: number | null;
  readonly mix: number | null;
  readonly rate: number | null;
  readonly total: number | null;
  readonly p_adjusted: number | null;
}
export interface Split {
  readonly column: string;
  readonly mix: number | null;
  readonly rate: number | null;
  readonly parts: readonly Part[];
}
export interface Condition {
  readonly column: string;
  readonly op: '=' | '<=' | '>' | 'missing';
  readonly value: string | null;
}
export interface Saying {
  readonly aspect: string;
  readonly share: number | null;
  readonly other: number | null;
}
interface Side {
  readonly value: number | null;
  readonly n: number;
}
export interface Slice {
  readonly conditions: readonly Condition[];
  readonly where: string;
  readonly now: Estimate;
  readonly before: Estimate | null;
  readonly rest_now: Side;
  readonly rest_before: Side;
  readonly effect: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly contribution: number | null;
  readonly says: readonly Saying[];
  readonly voices: readonly Voice[];
}
export interface Why {
  readonly metric: string;
  readonly unit: string;
  readonly mode: 'change' | 'level';
  readonly now_where: string | null;
  readonly now: Estimate;
  readonly before: Estimate | null;
  readonly change: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly rows: number;
  readonly searched: number;
  readonly candidates: number;
  readonly columns: readonly string[];
  readonly splits: readonly Split[];
  readonly slices: readonly Slice[];
}

export type Mode = 'change' | 'level';
const MONTHS = 24;

export interface Asked {
  readonly metrics: readonly string[];
  readonly metric: string;
  readonly setMetric: (m: string) => void;
  readonly mode: Mode;
  readonly setMode: (m: string) => void;
  readonly months: readonly string[]; // newest first
  readonly month: string;
  readonly setMonth: (m: string) => void;
  readonly where: string;
  readonly setWhere: (w: string) => void;
  readonly by: string; // the column of the waterfall; '' = the one that says most
  readonly setBy: (b: string) => void;
  readonly trend: Loaded<Tally>;
  readonly load: Loaded<Why | null>; // null: there is no score yet
  readonly again: () => void;
}

const monthOf = (t: Tally): string[] =>
  t.cells
    .map((c) => String(c.key['month(occurred_at)'] ?? ''))
    .filter((m) => m !== '')
    .slice(-MONTHS)
    .reverse();

export function useWhy(): Asked {
  const { locale } = useHere();
  const [columns, columnsAgain] = useLoad<Columns>(path('/columns'));
  const metrics = columns.state === 'ready' ? scoresOf(columns.value) : [];
  const [chosen, setMetric] = useParam('metric');
  const metric = chosen || (metrics[0] ?? '');
  const [mode, setMode] = useParam('mode', 'change');
  const [where, setWhere] = useParam('where');
  const [by, setBy] = useParam('by');
  const [trend, trendAgain] = useLoad<Tally>(metric === '' ? null : path('/tally', { metric, by: 'month', where }));
  const months = trend.state === 'ready' ? monthOf(trend.value) : [];
  const [asked, setMonth] = useParam('month');
  const month = asked || (months[1] ?? months[0] ?? ''); // the newest is seldom whole
  const change = mode !== 'level';
  const ready = metric !== '' && (!change || month !== '');
  const [answer, answerAgain] = useLoad<Why>(
    ready ? path('/why', { metric, from: change ? month : undefined, where, lang: locale }) : null,
  );
  const nothing = columns.state === 'ready' && (metric === '' || (trend.state === 'ready' && change && month === ''));
  const load: Loaded<Why | null> =
    columns.state === 'failed' ? columns : nothing ? { state: 'ready', value: null } : trend.state === 'failed' ? trend : answer;
  const again = (): void => {
    if (columns.state === 'failed') columnsAgain();
    else if (trend.state === 'failed') trendAgain();
    else answerAgain();
  };
  return { metrics, metric, setMetric, mode: change ? 'change' : 'level', setMode, months, month, setMonth, where, setWhere, by, setBy, trend, load, again };
}

const cell = (v: string | number | null): string => {
  const text = v === null ? '' : String(v);
  const safe = typeof v === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export function csvOf(w: Why): string {
  const lines: (string | number | null)[][] = [['what', 'column', 'value', 'n_before', 'n', 'before', 'now', 'mix', 'rate', 'total', 'effect', 'low', 'high']];
  for (const s of w.splits)
    for (const p of s.parts)
      lines.push(['part', s.column, p.rest ? '(others)' : (p.value ?? '(missing)'), p.n_before, p.n, p.before, p.now, p.mix, p.rate, p.total, null, null, null]);
  for (const s of w.slices)
    lines.push(['slice', null, s.where, s.before?.n ?? null, s.now.n, s.before?.value ?? null, s.now.value, null, null, s.contribution, s.effect, s.low, s.high]);
  return `${lines.map((l) => l.map(cell).join(',')).join('\r\n')}\r\n`;
}

// What exploring knows: one metric by at most two columns under a filter, all of it in the address.
import { useMemo } from 'react';
import { path, useLoad, type Loaded } from '../../lib/api';
import { scoresOf } from '../../lib/names';
import type { Cell, Column, Columns, Tally } from '../../lib/shapes';
import { useParam } from '../../lib/url';

export const times = ['day', 'week', 'month', 'quarter', 'year'] as const;
const GROUPS_MOST = 400; // a column with more values is a list, not a grouping
export type Look = 'chart' | 'table';

export interface Explore {
  readonly columns: readonly Column[];
  readonly metrics: Readonly<Record<'scores' | 'amount' | 'shares' | 'means', readonly string[]>>;
  readonly groups: readonly string[];
  readonly metric: string;
  readonly setMetric: (m: string) => void;
  readonly by: string;
  readonly setBy: (b: string) => void;
  readonly and: string;
  readonly setAnd: (b: string) => void;
  readonly where: string;
  readonly setWhere: (w: string) => void;
  readonly look: Look;
  readonly setLook: (l: Look) => void;
  readonly load: Loaded<Tally>;
  readonly again: () => void;
}

function metricsOf(columns: Columns): Explore['metrics'] {
  const has = (name: string): boolean => columns.columns.some((c) => c.name === name && c.present > 0);
  const numbers = columns.columns.filter((c) => c.kind === 'num' && c.present > 0 && !c.of_mention && c.name !== 'confidence');
  return {
    scores: scoresOf(columns),
    amount: ['count'],
    shares: [
      ...(has('sentiment') ? ['share:sentiment=negative', 'share:sentiment=positive'] : []),
      ...(has('intent') ? ['share:intent=complaint', 'share:intent=praise', 'share:intent=churn'] : []),
    ],
    means: numbers.map((c) => `mean:${c.name}`),
  };
}

export function useExplore(): Explore {
  const [columnsLoad, columnsAgain] = useLoad<Columns>(path('/columns'));
  const [chosen, setMetric] = useParam('metric');
  const [by, setBy] = useParam('by', 'month');
  const [and, setAnd] = useParam('and');
  const [where, setWhere] = useParam('where');
  const [look, setLook] = useParam('view', 'chart');
  const columns = columnsLoad.state === 'ready' ? columnsLoad.value : null;
  const metrics = useMemo(() => metricsOf(columns ?? { columns: [] }), [columns]);
  const metric = chosen || metrics.scores[0] || 'count';
  const groups = (columns?.columns ?? [])
    .filter((c) => c.kind !== 'num' && c.kind !== 'time' && c.present > 0 && (c.distinct ?? 0) <= GROUPS_MOST)
    .map((c) => c.name);
  const grouped = [by === 'none' ? '' : by, and === by ? '' : and].filter((g) => g !== '').join(',');
  const [load, again] = useLoad<Tally>(columns ? path('/tally', { metric, by: grouped, where }) : null);
  return {
    columns: columns?.columns ?? [], metrics, groups, metric, setMetric, by, setBy, and, setAnd, where, setWhere,
    look: look === 'table' ? 'table' : 'chart',
    setLook,
    load: columnsLoad.state === 'failed' ? columnsLoad : load,
    again: columnsLoad.state === 'failed' ? columnsAgain : again,
  };
}

export const isTime = (key: string): boolean => /^(day|week|month|quarter|year)\(/.test(key);
export const keysOf = (t: Tally): readonly string[] => Object.keys(t.cells[0]?.key ?? {});

// Cells in order: periods as they pass, groups by value (counts: by size); groups without a value last.
export function sorted(cells: readonly Cell[], by: string): readonly Cell[] {
  const at = (c: Cell): string => String(c.key[by] ?? '');
  if (isTime(by)) return [...cells].sort((a, b) => (at(a) < at(b) ? -1 : 1));
  const rank = (c: Cell): number => c.value ?? -Infinity;
  return [...cells].sort((a, b) => rank(b) - rank(a));
}

export function groupsOf(cells: readonly Cell[], by: string): readonly { readonly key: string | number | null; readonly cells: readonly Cell[] }[] {
  const found = new Map<string | number | null, Cell[]>();
  for (const c of cells) {
    const key = c.key[by] ?? null;
    found.set(key, [...(found.get(key) ?? []), c]);
  }
  const size = (list: readonly Cell[]): number => list.reduce((sum, c) => sum + c.n, 0);
  return [...found].map(([key, list]) => ({ key, cells: list })).sort((a, b) => size(b.cells) - size(a.cells));
}

// Text of a cell of CSV; what a spreadsheet would take for a formula gets an apostrophe.
function csvText(v: string): string {
  const safe = /^[=+\-@\t\r]/.test(v) ? `'${v}` : v;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf(t: Tally): string {
  const keys = keysOf(t);
  const head = [...keys, 'signals', 'value', 'low', 'high', 'n', 'missing', 'invalid', 'reason'];
  const line = (c: Cell): string =>
    [
      ...keys.map((k) => csvText(String(c.key[k] ?? ''))),
      c.signals, c.value ?? '', c.low ?? '', c.high ?? '', c.n, c.missing, c.invalid, c.reason ?? '',
    ].join(',');
  return `${[head.map(csvText).join(','), ...t.cells.map(line)].join('\r\n')}\r\n`;
}

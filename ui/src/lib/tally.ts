// Reading a tally: its keys, its cells in order, its groups; and a question as text, as it is saved.
import { period } from './format';
import type { Names } from './names';
import type { Cell, Tally } from './shapes';
import type { Locale } from './words';

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

// Whether anybody answered: a group of cells without a value draws nothing.
export const answeredBy = (cells: readonly Cell[]): boolean => cells.some((c) => c.value !== null);

// What a key of a cell is called: a period as the language writes it, else the value's name.
export function keyName(names: Names, locale: Locale, by: string, key: Cell['key'][string]): string {
  return isTime(by) ? period(locale, by, String(key ?? '')) : names.value(by, key);
}

// Text of a cell of CSV; what a spreadsheet would take for a formula gets an apostrophe.
export function csvText(v: string): string {
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

// ---- questions ----

export type Look = 'chart' | 'table';
export interface Question {
  readonly metric: string;
  readonly by: string;
  readonly and: string;
  readonly where: string;
  readonly look: Look;
}

// What stands behind /explore? is the question; nothing else is saved of it.
export function readQuestion(text: string): Question {
  const p = new URLSearchParams(text);
  return {
    metric: p.get('metric') ?? '',
    by: p.get('by') ?? 'month',
    and: p.get('and') ?? '',
    where: p.get('where') ?? '',
    look: p.get('view') === 'table' ? 'table' : 'chart',
  };
}

export function printQuestion(q: Question): string {
  const p = new URLSearchParams({ metric: q.metric, by: q.by === '' ? 'none' : q.by });
  if (q.and) p.set('and', q.and);
  if (q.where) p.set('where', q.where);
  if (q.look === 'table') p.set('view', 'table');
  return p.toString();
}

// The columns asked for, as the server takes them.
export function groupedBy(q: Pick<Question, 'by' | 'and'>): string {
  return [q.by === 'none' ? '' : q.by, q.and === q.by ? '' : q.and].filter((g) => g !== '').join(',');
}

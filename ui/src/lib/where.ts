// The expression language as pages build it by clicks: a list of conditions that all must hold.
// What was typed by hand and is more than that stays as it is, in a condition of kind 'raw'.
export type Op = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Condition =
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly string[]; readonly not: boolean }
  | { readonly kind: 'compare'; readonly column: string; readonly op: Op; readonly value: string } // number or moment
  | { readonly kind: 'has'; readonly column: string; readonly text: string }
  | { readonly kind: 'missing'; readonly column: string; readonly not: boolean }
  | { readonly kind: 'raw'; readonly text: string };

const PLAIN = /^[\p{L}\d_:.-]+$/u;

export function columnText(name: string): string {
  return PLAIN.test(name) ? name : `\`${name}\``;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function printOne(c: Condition, alone: boolean): string {
  switch (c.kind) {
    case 'in': {
      const [first] = c.values;
      if (c.values.length === 1 && first !== undefined)
        return `${columnText(c.column)} ${c.not ? '!=' : '='} ${quoted(first)}`;
      return `${columnText(c.column)} ${c.not ? 'not in' : 'in'} (${c.values.map(quoted).join(', ')})`;
    }
    case 'compare':
      return `${columnText(c.column)} ${c.op} ${c.value}`;
    case 'has':
      return `${columnText(c.column)} ~ ${quoted(c.text)}`;
    case 'missing':
      return `${columnText(c.column)} is ${c.not ? 'not ' : ''}missing`;
    case 'raw':
      return alone || cut(c.text) !== null ? c.text : `(${c.text})`;
  }
}

export function printWhere(conditions: readonly Condition[]): string {
  return conditions.map((c) => printOne(c, conditions.length === 1)).join(' and ');
}

// All of these, the empty ones left out; an expression with `or` in it keeps its meaning.
export function both(...parts: readonly string[]): string {
  const some = parts.filter((p) => p.trim() !== '');
  if (some.length < 2) return some[0] ?? '';
  return some.map((p) => (cut(p) === null ? `(${p})` : p)).join(' and ');
}

// Cuts at every `and` that stands outside of quotes and parentheses; null if there is an `or` outside.
function cut(text: string): string[] | null {
  const parts = cutAt(text, 'and');
  return cutAt(text, 'or').length > 1 ? null : parts;
}

// The alternatives of an expression: what stands between every `or` outside of quotes and parentheses.
export function alternatives(text: string): string[] {
  return cutAt(text, 'or');
}

function cutAt(text: string, at: 'and' | 'or'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let i = 0;
  while (i < text.length) {
    const ch = text[i] ?? '';
    if (ch === "'" || ch === '"' || ch === '`') {
      const end = text.indexOf(ch, i + 1);
      i = end < 0 ? text.length : end + 1; // a doubled quote just opens again
      continue;
    }
    if (ch === '(') depth++;
    if (ch === ')') depth--;
    const word = depth === 0 ? /^\s(and|or)(?=[\s(])/i.exec(text.slice(i)) : null;
    if (word?.[1]?.toLowerCase() === at) {
      parts.push(text.slice(from, i));
      from = i + word[0].length;
      i = from;
      continue;
    }
    i++;
  }
  parts.push(text.slice(from));
  return parts.map((p) => p.trim()).filter((p) => p !== '');
}

const NAME = '(`[^`]+`|[\\p{L}\\d_:.-]+)';
const TEXT = "('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")";
const shapes = {
  equal: new RegExp(`^${NAME}\\s*(=|!=)\\s*${TEXT}$`, 'u'),
  list: new RegExp(`^${NAME}\\s+(not\\s+)?in\\s*\\(\\s*(${TEXT}(?:\\s*,\\s*${TEXT})*)\\s*\\)$`, 'iu'),
  compare: new RegExp(`^${NAME}\\s*(=|!=|<=|>=|<|>)\\s*([-+\\d][\\w.:+-]*)$`, 'u'),
  has: new RegExp(`^${NAME}\\s*~\\s*${TEXT}$`, 'u'),
  missing: new RegExp(`^${NAME}\\s+is\\s+(not\\s+)?missing$`, 'iu'),
} as const;

const bare = (name = ''): string => name.replace(/^`|`$/g, '');
const plain = (text = ''): string => {
  const mark = text[0] ?? "'";
  return text.slice(1, -1).replaceAll(mark + mark, mark);
};

function parseOne(text: string): Condition {
  let m = shapes.equal.exec(text);
  if (m) return { kind: 'in', column: bare(m[1]), values: [plain(m[3])], not: m[2] === '!=' };
  m = shapes.list.exec(text);
  if (m) {
    const values = [...(m[3] ?? '').matchAll(new RegExp(TEXT, 'gu'))].map((v) => plain(v[1]));
    return { kind: 'in', column: bare(m[1]), values, not: m[2] !== undefined };
  }
  m = shapes.compare.exec(text);
  if (m) return { kind: 'compare', column: bare(m[1]), op: m[2] as Op, value: m[3] ?? '' };
  m = shapes.has.exec(text);
  if (m) return { kind: 'has', column: bare(m[1]), text: plain(m[2]) };
  m = shapes.missing.exec(text);
  if (m) return { kind: 'missing', column: bare(m[1]), not: m[2] !== undefined };
  return { kind: 'raw', text };
}

export function parseWhere(text: string): Condition[] {
  if (text.trim() === '') return [];
  return cut(text)?.map(parseOne) ?? [{ kind: 'raw', text: text.trim() }];
}

// ---- from a figure to its rows ----

const timed = /^(day|week|month|quarter|year)\((.+)\)$/;
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

// The first day of a period and the first after it: '2026-02' of month → 2026-02-01, 2026-03-01.
export function span(unit: string, value: string): readonly [string, string] | null {
  const [, y = '', m = '1', d = '1'] = /^(\d{4})(?:-Q?(\d{1,2}))?(?:-(\d{2}))?/.exec(value) ?? [];
  if (y === '') return null;
  const year = Number(y);
  const month = unit === 'quarter' ? Number(m) * 3 - 3 : Number(m) - 1;
  const at = Date.UTC(year, month, Number(d));
  const end = {
    day: at + 86_400_000,
    week: at + 7 * 86_400_000,
    month: Date.UTC(year, month + 1, 1),
    quarter: Date.UTC(year, month + 3, 1),
    year: Date.UTC(year + 1, 0, 1),
  }[unit];
  return end === undefined ? null : [iso(at), iso(end)];
}

// The rows that answered a metric, as the tally writes it: 'csat:score:rating5:5' counts where score:rating5 is there.
export function answered(metric: string): string {
  const [name = '', ...rest] = metric.split(':');
  const column = name === 'share' ? rest.join(':').split('=')[0] : rest.join(':').replace(/:(>=)?\d+$/, '');
  return column ? `${columnText(column)} is not missing` : '';
}

// The rows of one cell of a tally.
export function cellWhere(key: Readonly<Record<string, string | number | null>>): string {
  const parts = Object.entries(key).map(([by, value]) => {
    const t = timed.exec(by);
    const days = t && value !== null ? span(t[1] ?? '', String(value)) : null;
    if (t && days) return `${t[2]} >= ${days[0]} and ${t[2]} < ${days[1]}`;
    if (value === null) return `${columnText(t?.[2] ?? by)} is missing`;
    return `${columnText(by)} = ${typeof value === 'number' ? value : quoted(value)}`;
  });
  return parts.join(' and ');
}

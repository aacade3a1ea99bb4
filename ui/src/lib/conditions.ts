// Conditions as people say them: 'Recommend 0–10 ≤ 6 and says “refund”'.
import { day, when } from './format';
import { useNames } from './names';
import { useHere } from './session';
import { alternatives, parseWhere, type Condition } from './where';
import type { Phrases } from './words';

const w = {
  says: ['提到“{text}”', '提到「{text}」', 'says “{text}”'],
  not: ['不是', '不是', 'not'],
  isMissing: ['{column}未填', '{column}未填', '{column} missing'],
  isThere: ['有{column}', '有{column}', '{column} present'],
  and: ['，且', '，且', ' and '],
  or: ['，或', '，或', ', or '],
  more: ['{first} 等 {n} 个', '{first} 等 {n} 個', '{first} + {n} more'],
  since: ['{day} 起', '{day} 起', 'since {day}'],
  before: ['{day} 之前', '{day} 之前', 'before {day}'],
  colon: ['：', '：', ': '],
} satisfies Phrases;

const signs = { '=': '=', '!=': '≠', '<': '<', '<=': '≤', '>': '>', '>=': '≥' } as const;
const LISTED = 3; // values of a chip that are named one by one

export interface ConditionText {
  readonly one: (c: Condition) => string;
  readonly all: (expression: string) => string | null; // null: more than can be said in words
}

export function useConditionText(): ConditionText {
  const { say, locale } = useHere();
  const names = useNames();
  const listed = (column: string, values: readonly string[]): string => {
    const called = values.map((v) => names.value(column, v));
    if (called.length <= LISTED) return called.join(locale === 'en' ? ', ' : '、');
    return say(w.more, { first: called.slice(0, 2).join(locale === 'en' ? ', ' : '、'), n: called.length - (locale === 'en' ? 2 : 0) });
  };
  const one = (c: Condition): string => {
    switch (c.kind) {
      case 'in':
        return `${names.column(c.column)}${c.not ? ` ${say(w.not)}` : ''}${say(w.colon)}${listed(c.column, c.values)}`;
      case 'compare': {
        const dated = /^\d{4}-\d{2}-\d{2}/.test(c.value);
        if (!dated) return `${names.column(c.column)} ${signs[c.op]} ${c.value}`;
        const moment = c.value.length === 10 ? day(locale, c.value) : when(locale, c.value);
        if (c.op === '>=' || c.op === '<') return say(c.op === '<' ? w.before : w.since, { day: moment });
        return `${names.column(c.column)} ${signs[c.op]} ${moment}`;
      }
      case 'has':
        return say(w.says, { text: c.text });
      case 'missing':
        return say(c.not ? w.isThere : w.isMissing, { column: names.column(c.column) });
      case 'raw':
        return c.text;
    }
  };
  const all = (expression: string): string | null => {
    const parts = alternatives(expression).map((a) => parseWhere(a.replace(/^\((.*)\)$/s, '$1')));
    if (parts.some((p) => p.some((c) => c.kind === 'raw'))) return null;
    return parts.map((p) => p.map(one).join(say(w.and))).join(say(w.or));
  };
  return { one, all };
}

// What the page of metrics knows: all of them, the one that is open, its figure, trend and break-down.
import { useMemo } from 'react';
import { path, send, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import type { Columns } from '../../lib/shapes';
import { useParam } from '../../lib/url';
import type { components } from '../../gen/api';

export type Definition = components['schemas']['metric_definition'];
export type Value = components['schemas']['metric_value'];
export type TrendOf = components['schemas']['metric_trend'];
export type Cell = components['schemas']['metric_cell'];

export const NEW = 'new';
export const units = ['day', 'week', 'month', 'quarter', 'year'] as const;

// ---- the form: texts, as they are typed ----

export interface Draft {
  readonly name: string;
  readonly en: string;
  readonly cn: string;
  readonly tw: string;
  readonly formula: string;
  readonly population: string;
  readonly window: string;
  readonly weight: string;
  readonly minimum: string;
  readonly quality: string;
  readonly owner: string;
  readonly better: 'up' | 'down';
  readonly since: string;
}

export const blank: Draft = {
  name: '', en: '', cn: '', tw: '', formula: '', population: '', window: '', weight: '', minimum: '', quality: '', owner: '', better: 'up', since: '',
};

export function draftOf(d: Definition): Draft {
  return {
    name: d.name ?? '', en: d.title.en, cn: d.title['zh-CN'], tw: d.title['zh-TW'], formula: d.formula, population: d.population ?? '',
    window: String(d.window_days ?? ''), weight: d.weight ?? '', minimum: String(d.minimum_n), quality: d.quality.join('\n'),
    owner: d.owner ?? '', better: d.better, since: '',
  };
}

const textOr = (s: string): string | null => s.trim() || null;
const wholeOr = (s: string): number | null => (/^\d+$/.test(s.trim()) ? Number(s) : null);

export function wishOf(d: Draft): Record<string, unknown> {
  const title: Record<string, string> = {};
  for (const [k, v] of [['en', d.en], ['zh-CN', d.cn], ['zh-TW', d.tw]] as const) if (v.trim()) title[k] = v.trim();
  return {
    name: d.name.trim(), title: Object.keys(title).length ? title : null, formula: d.formula.trim(), population: textOr(d.population),
    window_days: wholeOr(d.window), weight: textOr(d.weight), minimum_n: wholeOr(d.minimum),
    quality: d.quality.split('\n').map((l) => l.trim()).filter(Boolean), owner: textOr(d.owner), better: d.better,
    ...(d.since ? { since: d.since } : {}),
  };
}

// ---- the page ----

export interface Metrics {
  readonly load: Loaded<{ readonly metrics: readonly Definition[] }>;
  readonly again: () => void;
  readonly all: readonly Definition[];
  readonly name: string;
  readonly one: Definition | null;
  readonly setName: (name: string) => void;
  readonly doing: Doing;
  readonly save: (old: Definition | null, d: Draft) => Promise<boolean>;
}

export function useMetrics(): Metrics {
  const [load, again] = useLoad<{ readonly metrics: readonly Definition[] }>(path('/metrics'));
  const [name, setName] = useParam('m');
  const doing = useDoing(again);
  const all = useMemo(() => (load.state === 'ready' ? load.value.metrics : []), [load]);
  const save = (old: Definition | null, d: Draft): Promise<boolean> =>
    doing.run(async () => {
      const saved = old
        ? await send<Definition>('PATCH', path(`/metrics/${encodeURIComponent(d.name)}`), wishOf(d))
        : await send<Definition>('POST', path('/metrics'), wishOf(d));
      again();
      setName(saved.name ?? '');
    });
  return { load, again, all, name, setName, doing, save, one: all.find((m) => m.name === name) ?? null };
}

export interface Shown {
  readonly value: Loaded<Value>;
  readonly valueAgain: () => void;
  readonly trend: Loaded<TrendOf>;
  readonly trendAgain: () => void;
  readonly split: Loaded<Value>;
  readonly splitAgain: () => void;
  readonly history: readonly Definition[];
  readonly unit: string;
  readonly setUnit: (u: string) => void;
  readonly by: string;
  readonly setBy: (c: string) => void;
  readonly groups: readonly string[];
}

const GROUPS_MOST = 60;

export function useShown(m: Definition): Shown {
  const at = `/metrics/${encodeURIComponent(m.name ?? m.formula)}`;
  const [unit, setUnit] = useParam('unit', 'week');
  const [by, setBy] = useParam('by', 'channel');
  const [columns] = useLoad<Columns>(path('/columns'));
  const [value, valueAgain] = useLoad<Value>(path(`${at}/value`));
  const [trend, trendAgain] = useLoad<TrendOf>(path(`${at}/trend`, { unit }));
  const counted = m.formula.startsWith('repurchase');
  const [split, splitAgain] = useLoad<Value>(counted ? null : path(`${at}/value`, { by }));
  const [history] = useLoad<{ readonly versions: readonly Definition[] }>(path(`${at}/history`));
  const groups = useMemo(
    () =>
      (columns.state === 'ready' ? columns.value.columns : [])
        .filter((c) => c.kind === 'text' && c.present > 0 && (c.distinct ?? 0) <= GROUPS_MOST && !c.of_mention)
        .map((c) => c.name),
    [columns],
  );
  return {
    value, valueAgain, trend, trendAgain, split, splitAgain, unit, setUnit, by, setBy, groups,
    history: history.state === 'ready' ? history.value.versions : [],
  };
}

// Points of the trend by the stretch that one definition counted: the line breaks between them.
export function stretches(t: TrendOf): readonly (readonly [from: number, to: number])[] {
  const out: [number, number][] = [];
  t.points.forEach((p, i) => {
    const last = out[out.length - 1];
    if (last && t.points[last[1]]?.version === p.version) last[1] = i;
    else out.push([i, i]);
  });
  return out;
}

const csvText = (v: unknown): string => {
  const s = String(v ?? '');
  const safe = /^[=+\-@\t\r]/.test(s) && Number.isNaN(Number(s)) ? `'${s}` : s;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
export function csvOf(rows: readonly (readonly unknown[])[]): string {
  return `${rows.map((r) => r.map(csvText).join(',')).join('\r\n')}\r\n`;
}

export function trendRows(t: TrendOf): readonly (readonly unknown[])[] {
  return [
    ['period', 'version', 'value', 'low', 'high', 'n', 'missing', 'invalid', 'outside', 'reason'],
    ...t.points.map((p) => [p.key, p.version, p.value, p.low, p.high, p.n, p.missing, p.invalid, p.outside ? 1 : 0, p.reason]),
  ];
}
export function splitRows(v: Value, by: string): readonly (readonly unknown[])[] {
  return [
    [by, 'signals', 'value', 'low', 'high', 'n', 'missing', 'invalid', 'p', 'p_adjusted', 'mark', 'reason'],
    ...v.cells.map((c) => [c.key[by], c.signals, c.value, c.low, c.high, c.n, c.missing, c.invalid, c.p, c.p_adjusted, c.mark, c.reason]),
  ];
}

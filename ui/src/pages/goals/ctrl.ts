// What the page of goals knows: the tree with its figures, and the parts that moved each root.
import { useMemo } from 'react';
import { path, send, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { useParam } from '../../lib/url';
import type { components } from '../../gen/api';

export type Tree = components['schemas']['goal_tree'];
export type Node = components['schemas']['goal_node'];
export type Goal = Node['goal'];
export const NEW = 'new';
export const spans = ['7', '28', '90', '180'] as const;

export interface Bar {
  readonly kind: 'end' | 'part';
  readonly name: string; // of a goal or a segment; null segments are ''
  readonly what: 'start' | 'end' | 'goal' | 'rest' | 'mix' | 'rate';
  readonly from: number;
  readonly to: number;
}

// From what it was to what it is: the leaves of the relation, or the segments of a mix.
export function waterfall(t: Tree, root: Node): readonly Bar[] {
  const before = root.before.value;
  const now = root.now.value;
  if (before === null || now === null) return [];
  const bars: Bar[] = [{ kind: 'end', name: '', what: 'start', from: 0, to: before }];
  let at = before;
  const step = (what: Bar['what'], name: string, by: number | null): void => {
    if (by === null || Math.abs(by) < 1e-9) return;
    bars.push({ kind: 'part', name, what, from: at, to: at + by });
    at += by;
  };
  const below = (n: Node): readonly Node[] => t.goals.filter((g) => g.parent === n.goal.name && g.contribution !== null);
  const walk = (n: Node): void => {
    const inside = below(n);
    if (inside.length === 0) step('goal', n.goal.name ?? '', n.contribution);
    else inside.forEach(walk);
    if (inside.length > 0) step('rest', n.goal.name ?? '', n.rest);
  };
  if (root.segments.length > 0) {
    for (const s of root.segments) {
      step('rate', s.value ?? '', s.rate);
      step('mix', s.value ?? '', s.mix);
    }
  } else if (below(root).length > 0) walk(root);
  else return [];
  bars.push({ kind: 'end', name: '', what: 'end', from: 0, to: now });
  return bars;
}

export function csvOf(bars: readonly Bar[]): string {
  const q = (s: string): string => `"${(/^[=+\-@]/.test(s) ? `'${s}` : s).replaceAll('"', '""')}"`;
  const rows = bars.map((b) => [b.what, q(b.name), b.kind === 'end' ? b.to : b.to - b.from].join(','));
  return `${['part,name,value', ...rows].join('\r\n')}\r\n`;
}

// ---- the form ----

export interface Draft {
  readonly name: string;
  readonly en: string;
  readonly cn: string;
  readonly tw: string;
  readonly kind: 'kgi' | 'kpi' | 'driver';
  readonly parent: string; // id
  readonly metric: string;
  readonly population: string;
  readonly relation: string;
  readonly better: 'up' | 'down';
  readonly target: string;
  readonly until: string;
  readonly owner: string;
  readonly forecast: 'linear' | 'holt' | 'none';
}
export const blank: Draft = {
  name: '', en: '', cn: '', tw: '', kind: 'kgi', parent: '', metric: 'nps', population: '', relation: '', better: 'up', target: '', until: '',
  owner: '', forecast: 'linear',
};
export function draftOf(n: Node): Draft {
  const g = n.goal;
  return {
    name: g.name ?? '', en: n.title.en, cn: n.title['zh-CN'], tw: n.title['zh-TW'], kind: g.kind ?? 'kgi', parent: String(g.parent_id ?? ''),
    metric: g.metric ?? '', population: g.population ?? '', relation: g.relation ?? '', better: g.better ?? 'up',
    target: String(g.target ?? ''), until: g.target_at?.slice(0, 10) ?? '', owner: g.owner ?? '', forecast: g.forecast ?? 'linear',
  };
}
const textOr = (s: string): string | null => s.trim() || null;
const numberOr = (s: string): number | null => (s.trim() === '' || Number.isNaN(Number(s)) ? null : Number(s));
export function wishOf(d: Draft): Record<string, unknown> {
  const title: Record<string, string> = {};
  for (const [k, v] of [['en', d.en], ['zh-CN', d.cn], ['zh-TW', d.tw]] as const) if (v.trim()) title[k] = v.trim();
  return {
    name: d.name.trim(), kind: d.kind, parent_id: numberOr(d.parent), metric: d.metric.trim(), population: textOr(d.population),
    relation: textOr(d.relation), better: d.better, target: numberOr(d.target), target_at: textOr(d.until), owner: textOr(d.owner),
    forecast: d.forecast, title: Object.keys(title).length ? title : null,
  };
}

// ---- the page ----

export interface Goals {
  readonly load: Loaded<Tree>;
  readonly again: () => void;
  readonly days: string;
  readonly setDays: (d: string) => void;
  readonly editing: string; // a name, or NEW
  readonly edit: (name: string) => void;
  readonly one: Node | null;
  readonly all: readonly Node[];
  readonly metrics: readonly components['schemas']['metric_definition'][];
  readonly doing: Doing;
  readonly save: (old: Node | null, d: Draft) => Promise<boolean>;
  readonly remove: (n: Node) => Promise<boolean>;
}

export function useGoals(): Goals {
  const [days, setDays] = useParam('days', '28');
  const [editing, edit] = useParam('goal');
  const [load, again] = useLoad<Tree>(path('/goals', { days }));
  const [metrics] = useLoad<components['schemas']['metric_list']>(path('/metrics'));
  const doing = useDoing(again);
  const all = useMemo(() => (load.state === 'ready' ? load.value.goals : []), [load]);
  const save = (old: Node | null, d: Draft): Promise<boolean> =>
    doing.run(async () => {
      if (old) await send<Goal>('PATCH', path(`/goals/${old.goal.id}`), wishOf(d));
      else await send<Goal>('POST', path('/goals'), wishOf(d));
      again();
    });
  const remove = (n: Node): Promise<boolean> =>
    doing.run(async () => {
      await send('DELETE', path(`/goals/${n.goal.id}`));
      again();
    });
  return {
    load, again, days, setDays, editing, edit, all, doing, save, remove, one: all.find((n) => n.goal.name === editing) ?? null,
    metrics: metrics.state === 'ready' ? metrics.value.metrics : [],
  };
}

// What the page of measures knows: all of them, the one that is open, its effect, and what came back.
import { useCallback, useMemo } from 'react';
import { path, send, sendSeen, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import type { Department } from '../../lib/shapes';
import { useParam } from '../../lib/url';

export const NEW = 'new';
export const levers = ['service', 'design', 'portfolio', 'channel', 'price', 'advertising'] as const;
export const designs = ['trial', 'panel', 'series'] as const;
export const views = ['all', 'draft', 'running', 'ended'] as const;
export type Lever = (typeof levers)[number];
export type Design = (typeof designs)[number];
export type Verdict = 'effective' | 'harmful' | 'no_effect' | 'mixed' | 'inconclusive';

export interface Arm {
  readonly n: number;
  readonly value: number | null;
}
export interface Finding {
  readonly treated: Arm;
  readonly control: Arm;
  readonly effect: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason: 'too_few' | 'no_variance' | null;
}
export interface Check {
  readonly name: 'sample_ratio' | 'parallel_trends' | 'power' | 'units_lost' | 'gaps';
  readonly ok: boolean;
  readonly value: number | null;
}
export interface Evaluation {
  readonly at: string;
  readonly over: boolean;
  readonly watched: boolean;
  readonly verdict: Verdict;
  readonly outcome: Finding;
  readonly feedback?: Finding;
  readonly checks: readonly Check[];
}
export interface Signature {
  readonly as: string;
  readonly by: string;
  readonly at: string;
}
export interface Measure {
  readonly id: number;
  readonly name: string;
  readonly pain: string | null;
  readonly hypothesis: string | null;
  readonly lever: Lever;
  readonly department: string | null;
  readonly owner: string | null;
  readonly cost: number | null;
  readonly margin: number | null;
  readonly currency: string | null;
  readonly signs_needed: string | null;
  readonly signs: readonly Signature[] | null;
  readonly design: Design;
  readonly outcome: string;
  readonly better: 'up' | 'down';
  readonly feedback: string | null;
  readonly population: string | null;
  readonly treated: string | null;
  readonly control: string | null;
  readonly unit: string | null;
  readonly worth: number | null;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly state: 'draft' | 'running' | 'ended';
  readonly verdict: Verdict | null;
  readonly evaluation: Evaluation | null;
  readonly version: number;
}
export interface Ledger {
  readonly cost: number;
  readonly value: number;
  readonly rox: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly unevaluated: number;
  readonly unpriced: number;
}

// ---- the plan as a form: texts, as they are typed ----

export interface Plan {
  readonly name: string;
  readonly hypothesis: string;
  readonly pain: string;
  readonly lever: Lever;
  readonly department: string;
  readonly owner: string;
  readonly design: Design;
  readonly kind: 'nps' | 'mean' | 'share';
  readonly of: string; // a column of mean, a condition of share
  readonly better: 'up' | 'down';
  readonly byHash: boolean;
  readonly treated: string;
  readonly control: string;
  readonly unit: string;
  readonly from: string; // YYYY-MM-DD
  readonly to: string;
  readonly worth: string;
  readonly cost: string;
  readonly margin: string;
  readonly signs: string;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function blank(now: number, pain = ''): Plan {
  return {
    name: '', hypothesis: '', pain, lever: 'service', department: '', owner: '', design: 'trial', kind: 'nps', of: '', better: 'up',
    byHash: true, treated: '', control: '', unit: 'customer', from: day(now), to: day(now + 28 * 86_400_000), worth: '', cost: '',
    margin: '', signs: '',
  };
}

export function planOf(m: Measure): Plan {
  const [kind, ...rest] = m.outcome.split(':');
  return {
    name: m.name, hypothesis: m.hypothesis ?? '', pain: m.pain ?? '', lever: m.lever, department: m.department ?? '', owner: m.owner ?? '',
    design: m.design, kind: kind === 'mean' || kind === 'share' ? kind : 'nps', of: rest.join(':'), better: m.better,
    byHash: !m.treated, treated: m.treated ?? '', control: m.control ?? '', unit: m.unit ?? '', from: m.starts_at.slice(0, 10),
    to: m.ends_at.slice(0, 10), worth: String(m.worth ?? ''), cost: String(m.cost ?? ''), margin: String(m.margin ?? ''),
    signs: m.signs_needed ?? '',
  };
}

const textOr = (s: string): string | null => s.trim() || null;
const numberOr = (s: string): number | null => (s.trim() === '' || Number.isNaN(Number(s)) ? null : Number(s));

// What the server is told: empty means "not given", and what the design does not use is taken off.
export function wishOf(p: Plan): Record<string, string | number | null> {
  const hash = p.design === 'trial' && p.byHash;
  const arms = p.design !== 'series' && !hash;
  return {
    name: p.name.trim(), hypothesis: textOr(p.hypothesis), pain: textOr(p.pain), lever: p.lever, department: textOr(p.department),
    owner: textOr(p.owner), design: p.design, outcome: p.kind === 'nps' ? 'nps' : `${p.kind}:${p.of.trim()}`, better: p.better,
    treated: arms ? textOr(p.treated) : null, control: arms ? textOr(p.control) : null,
    unit: hash ? textOr(p.unit) ?? 'customer' : p.design === 'panel' ? textOr(p.unit) : null,
    starts_at: p.from, ends_at: p.to, worth: numberOr(p.worth), cost: numberOr(p.cost), margin: numberOr(p.margin),
    signs_needed: textOr(p.signs),
  };
}

export function isWhole(p: Plan): boolean {
  return p.name.trim() !== '' && p.from !== '' && p.to > p.from && (p.kind === 'nps' || p.of.trim() !== '');
}

// ---- the page ----

export interface Measures {
  readonly load: Loaded<{ readonly measures: readonly Measure[] }>;
  readonly again: () => void;
  readonly ledger: Ledger | null;
  readonly shown: readonly Measure[];
  readonly all: readonly Measure[];
  readonly view: (typeof views)[number];
  readonly id: string;
  readonly one: Measure | null;
  readonly setId: (id: string) => void;
  readonly pain: string; // a new one is about it
  readonly departments: readonly Department[];
  readonly doing: Doing;
  readonly save: (m: Measure | null, p: Plan) => Promise<boolean>;
  readonly step: (m: Measure, what: 'start' | 'evaluate') => Promise<boolean>;
  readonly sign: (m: Measure, as: string) => Promise<boolean>;
}

export function useMeasures(): Measures {
  const [load, reload] = useLoad<{ readonly measures: readonly Measure[] }>(path('/measures'));
  const [rox, reloadRox] = useLoad<Ledger>(path('/rox'));
  const [departments] = useLoad<{ readonly departments: readonly Department[] }>(path('/departments'));
  const [id, setId] = useParam('id');
  const [view] = useParam('view', 'all');
  const [pain] = useParam('pain');
  const again = useCallback(() => {
    reload();
    reloadRox();
  }, [reload, reloadRox]);
  const doing = useDoing(again);
  const { run } = doing;
  const all = useMemo(() => (load.state === 'ready' ? load.value.measures : []), [load]);
  const chosen = views.find((v) => v === view) ?? 'all';
  const save = (m: Measure | null, p: Plan): Promise<boolean> =>
    run(async () => {
      const wish = wishOf(p);
      const saved = m
        ? await sendSeen<Measure>('PATCH', path(`/measures/${m.id}`), { version: m.version }, wish)
        : await send<Measure>('POST', path('/measures'), wish);
      again();
      setId(String(saved.id));
    });
  const step = (m: Measure, what: 'start' | 'evaluate'): Promise<boolean> =>
    run(async () => {
      await send<Measure>('POST', path(`/measures/${m.id}/${what}`));
      again();
    });
  const sign = (m: Measure, as: string): Promise<boolean> =>
    run(async () => {
      await send<Measure>('POST', path(`/measures/${m.id}/sign`), { as });
      again();
    });
  return {
    load, again, ledger: rox.state === 'ready' ? rox.value : null, all, view: chosen, id, setId, pain, doing, save, step, sign,
    shown: chosen === 'all' ? all : all.filter((m) => m.state === chosen),
    one: all.find((m) => String(m.id) === id) ?? null,
    departments: departments.state === 'ready' ? departments.value.departments : [],
  };
}

// The effect of a running measure as counted now; of a judged one it stands in the measure.
export function useEffectNow(m: Measure): [Loaded<Evaluation>, () => void] {
  const [load, again] = useLoad<Evaluation>(m.state === 'running' ? path(`/measures/${m.id}/effect`) : null);
  const kept = useMemo<Loaded<Evaluation> | null>(() => (m.evaluation ? { state: 'ready', value: m.evaluation } : null), [m]);
  return [kept ?? load, again];
}

export function unsigned(m: Measure): readonly string[] {
  const done = new Set((m.signs ?? []).map((s) => s.as));
  return (m.signs_needed ?? '').split(/\s+/).filter((s) => s !== '' && !done.has(s));
}

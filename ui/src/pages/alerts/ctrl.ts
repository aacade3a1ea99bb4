// What the page of alerts knows: incidents, what is kept an eye on, and the one that is open.
import { useCallback, useMemo } from 'react';
import { path, send, sendSeen, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { useNews } from '../../lib/live';
import type { Department, Voices } from '../../lib/shapes';
import { useParam } from '../../lib/url';
import type { Locale } from '../../lib/words';

export const NEW = 'new';
export const views = ['open', 'all', 'watches'] as const;
export const charts = ['cusum', 'shewhart', 'ewma', 'burst', 'silence'] as const;
export const periods = ['day', 'hour', 'week'] as const;
export const sides = ['both', 'up', 'down'] as const;
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

export interface Alert {
  readonly id: number;
  readonly watch_id: number;
  readonly also: string | null;
  readonly state: 'open' | 'acknowledged' | 'resolved';
  readonly severity: Severity;
  readonly department: string | null;
  readonly side: 'up' | 'down';
  readonly began_at: string;
  readonly period_at: string;
  readonly found_at: string;
  readonly last_at: string;
  readonly resolved_at: string | null;
  readonly value: number | null;
  readonly expected: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number | null;
  readonly score: number | null;
  readonly periods: number | null;
  readonly returns: number | null;
  readonly told_at: string | null;
  readonly escalated_at: string | null;
  readonly snoozed_until: string | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: string | null;
  readonly verdict: 'true' | 'false' | null;
  readonly note: string | null;
}
export interface Watch {
  readonly id: number;
  readonly name: string;
  readonly what: string;
  readonly population: string | null;
  readonly chart: (typeof charts)[number];
  readonly side: (typeof sides)[number];
  readonly period: (typeof periods)[number];
  readonly arl: number | null;
  readonly topic: string | null;
  readonly severity: Severity;
  readonly department: string | null;
  readonly cooldown: string | null;
  readonly escalate: string | null;
  readonly quiet: string | null;
  readonly enabled: boolean;
  readonly version: number | null;
}
export interface WatchRecord {
  readonly watch: Watch;
  readonly periods: number | null;
  readonly learned_from: string | null;
  readonly learned_to: string | null;
  readonly next_at: string | null;
  readonly trouble: string | null;
  readonly ready: boolean;
  readonly exact: boolean;
  readonly places: number;
  readonly delay: number | null;
  readonly false_expected: number;
  readonly alerts: number;
  readonly alerts_open: number;
  readonly alerts_true: number;
  readonly alerts_false: number;
}
export interface Point {
  readonly at: string;
  readonly value: number | null;
  readonly n: number | null;
  readonly expected: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly score: number | null;
  readonly signal: -1 | 0 | 1;
  readonly in_incident: boolean;
}
export interface WatchChart {
  readonly incidents: number;
  readonly false_expected: number;
  readonly learned_from: string | null;
  readonly learned_to: string | null;
  readonly places: number;
  readonly exact: boolean;
  readonly points: readonly Point[];
}
export interface Story {
  readonly alert: Alert;
  readonly watch: Watch;
  readonly voices: string;
  readonly points: readonly Point[];
}

// "English · 简体 · 繁體" in the reader's language; any other name as it is.
export function ownTitle(locale: Locale, name: string): string {
  const parts = name.split(' · ');
  const at = { en: 0, 'zh-CN': 1, 'zh-TW': 2 }[locale];
  return parts.length === 3 ? (parts[at] ?? name) : name;
}

// Shares are told in percent, counts whole, everything else with a digit.
export function unitOf(what: string): { readonly times: number; readonly digits: number } {
  if (what.startsWith('share:')) return { times: 100, digits: 1 };
  return { times: 1, digits: what === 'volume' ? 0 : what.startsWith('mean:') ? 2 : 1 };
}

// ---- a watch being written ----

export interface Wish {
  readonly name: string;
  readonly kind: 'volume' | 'nps' | 'mean' | 'share';
  readonly of: string;
  readonly population: string;
  readonly chart: Watch['chart'];
  readonly side: Watch['side'];
  readonly period: Watch['period'];
  readonly arl: string;
  readonly topic: string;
  readonly severity: Severity;
  readonly department: string;
  readonly cooldown: string;
  readonly escalate: string;
  readonly quiet: string;
}

export function blank(where = ''): Wish {
  return {
    name: '', kind: 'volume', of: '', population: where, chart: 'cusum', side: 'both', period: 'day', arl: '370', topic: '', severity: 'warning',
    department: '', cooldown: '2d', escalate: '', quiet: '',
  };
}

export function wishOf(w: Watch): Wish {
  const [kind, ...rest] = w.what.split(':');
  return {
    name: w.name, kind: kind === 'mean' || kind === 'share' || kind === 'nps' ? kind : 'volume', of: rest.join(':'), population: w.population ?? '',
    chart: w.chart, side: w.side, period: w.period, arl: String(w.arl ?? ''), topic: w.topic ?? '', severity: w.severity,
    department: w.department ?? '', cooldown: w.cooldown ?? '', escalate: w.escalate ?? '', quiet: w.quiet ?? '',
  };
}

const counts = (chart: Watch['chart']): boolean => chart === 'burst' || chart === 'silence';
const textOr = (s: string): string | null => s.trim() || null;

// What the server is told: empty means "not given".
export function bodyOf(p: Wish): Record<string, string | number | null> {
  const kind = counts(p.chart) ? 'volume' : p.kind;
  const what = kind === 'volume' || (kind === 'nps' && !p.of.trim()) ? kind : `${kind}:${p.of.trim()}`;
  return {
    name: p.name.trim(), what, population: textOr(p.population), chart: p.chart, side: p.side, period: p.period,
    arl: p.arl.trim() === '' ? null : Number(p.arl), topic: textOr(p.topic), severity: p.severity, department: textOr(p.department),
    cooldown: textOr(p.cooldown), escalate: textOr(p.escalate), quiet: textOr(p.quiet),
  };
}

export function isWhole(p: Wish): boolean {
  const named = p.name.trim() !== '' && (p.arl.trim() === '' || Number(p.arl) >= 5);
  return named && (counts(p.chart) || p.kind === 'volume' || p.kind === 'nps' || p.of.trim() !== '');
}

// ---- the page ----

export interface Alerts {
  readonly alerts: Loaded<{ readonly alerts: readonly Alert[] }>;
  readonly watches: Loaded<{ readonly watches: readonly WatchRecord[] }>;
  readonly again: () => void;
  readonly shown: readonly Alert[];
  readonly records: readonly WatchRecord[];
  readonly view: (typeof views)[number];
  readonly id: string;
  readonly watchId: string;
  readonly where: string; // a new one is about it
  readonly record: WatchRecord | null;
  readonly setWatch: (id: string) => void;
  readonly departments: readonly Department[];
  readonly doing: Doing;
  readonly deed: (id: number, what: 'acknowledge' | 'snooze' | 'verdict', body?: Readonly<Record<string, string>>) => Promise<boolean>;
  readonly save: (w: Watch | null, p: Wish) => Promise<boolean>;
  readonly turn: (w: Watch, enabled: boolean) => Promise<boolean>;
  readonly relearn: (w: Watch) => Promise<boolean>;
}

export function useAlerts(): Alerts {
  const [alerts, reload] = useLoad<{ readonly alerts: readonly Alert[] }>(path('/alerts'));
  const [watches, reloadWatches] = useLoad<{ readonly watches: readonly WatchRecord[] }>(path('/watches'));
  const [departments] = useLoad<{ readonly departments: readonly Department[] }>(path('/departments'));
  const [view] = useParam('view', 'open');
  const [id] = useParam('id');
  const [watchId, setWatch] = useParam('watch');
  const [where] = useParam('where');
  const again = useCallback(() => {
    reload();
    reloadWatches();
  }, [reload, reloadWatches]);
  useNews({ alerts: again });
  const doing = useDoing(again);
  const { run } = doing;
  const all = useMemo(() => (alerts.state === 'ready' ? alerts.value.alerts : []), [alerts]);
  const records = useMemo(() => (watches.state === 'ready' ? watches.value.watches : []), [watches]);
  const chosen = views.find((v) => v === view) ?? 'open';
  return {
    alerts, watches, again, records, view: chosen, id, watchId, setWatch, where, doing,
    shown: chosen === 'open' ? all.filter((a) => a.state !== 'resolved') : all,
    record: records.find((r) => String(r.watch.id) === watchId) ?? null,
    departments: departments.state === 'ready' ? departments.value.departments : [],
    deed: (one, what, body) =>
      run(async () => {
        await send<Alert>('POST', path(`/alerts/${one}/${what}`), body);
        again();
      }),
    save: (w, p) =>
      run(async () => {
        const saved = w
          ? await sendSeen<Watch>('PATCH', path(`/watches/${w.id}`), { version: w.version }, bodyOf(p))
          : await send<Watch>('POST', path('/watches'), bodyOf(p));
        again();
        setWatch(String(saved.id));
      }),
    turn: (w, enabled) =>
      run(async () => {
        await sendSeen<Watch>('PATCH', path(`/watches/${w.id}`), { version: w.version }, { enabled });
        again();
      }),
    relearn: (w) =>
      run(async () => {
        await send<Watch>('POST', path(`/watches/${w.id}/relearn`));
        again();
      }),
  };
}

export const useStory = (id: string, stamp: string): [Loaded<Story>, () => void] => useLoad<Story>(id ? `${path(`/alerts/${id}`)}#${stamp}` : null);
export const useChart = (id: number): [Loaded<WatchChart>, () => void] => useLoad<WatchChart>(path(`/watches/${id}/chart`, { days: 120 }));
export const useVoices = (where: string): [Loaded<Voices>, () => void] => useLoad<Voices>(path('/voices', { where, limit: 3 }));

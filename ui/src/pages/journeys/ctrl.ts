// What the page of journeys knows: one question about journeys, all of it in the address.
import { useMemo } from 'react';
import { path, send, useLoad, usePosted, type Loaded } from '../../lib/api';
import type { Table } from '../../lib/csv';
import type { Journey } from '../../lib/journeys';
import type { Column, Columns, Tally } from '../../lib/shapes';
import { useParam } from '../../lib/url';
import { both, columnText, quoted } from '../../lib/where';

export const kinds = ['funnel', 'follows', 'paths', 'cohort', 'repurchase', 'stages', 'sessions'] as const;
export type Kind = (typeof kinds)[number];
export const windows = ['', '1d', '7d', '30d', '90d', '365d'] as const;
export const withins = [7, 14, 30, 60, 90, 180] as const;
const NAMES_MOST = 400; // a column with more values names things, not steps
const LOST_HEARD = 40; // customers whose voices are opened together: an address holds no more
const PAIRS = 60; // asked for the map; how many are drawn is chosen

export interface Setting {
  readonly value: string;
  readonly set: (v: string) => void;
}

export interface Journeys {
  readonly kind: Kind;
  readonly setKind: (k: Kind) => void;
  readonly where: Setting;
  readonly activity: Setting; // the column that names a step
  readonly caseBy: Setting;
  readonly activities: readonly string[]; // columns that may
  readonly cases: readonly string[];
  readonly values: readonly string[]; // steps there are, the most frequent first
  readonly steps: readonly string[];
  readonly suggested: boolean;
  readonly setSteps: (s: readonly string[]) => void;
  readonly set: Readonly<Record<'window' | 'entry' | 'by' | 'lines' | 'length' | 'collapse' | 'unit' | 'what' | 'gap', Setting>>;
  readonly groups: readonly string[]; // columns to break down by
  readonly load: Loaded<readonly Journey[]>;
  readonly again: () => void;
  readonly ready: boolean; // there is something to walk on
  readonly is: (step: string) => string; // the condition that an event is that step
  readonly lostVoices: (step: number) => Promise<string>;
}

const joined = (steps: readonly string[]): string => steps.map(encodeURIComponent).join('~');
const split = (text: string): string[] => (text === '' ? [] : text.split('~').map(decodeURIComponent));

function useSetting(name: string, fallback = ''): Setting {
  const [value, set] = useParam(name, fallback);
  return { value, set };
}

const texts = (columns: readonly Column[]): readonly Column[] =>
  columns.filter((c) => c.kind === 'text' && !c.of_mention && c.present > 0);

// The way walked most often that has three different steps, or two if those are few.
function suggestion(j: Journey | undefined): readonly string[] {
  const all = (j?.paths ?? []).map((p) => ({ n: p.n, steps: [...new Set(p.events)] })).filter((p) => p.steps.length > 1);
  const long = all.find((p) => p.steps.length > 2);
  return (long && long.n * 5 >= (all[0]?.n ?? 0) ? long : all[0])?.steps ?? [];
}

type Body = Readonly<Record<string, unknown>>;
function bodiesOf(x: Omit<Journeys, 'load' | 'again' | 'lostVoices'>): readonly Body[] | null {
  const common = {
    where: x.where.value || null,
    case: x.caseBy.value,
    activity: x.activity.value,
  };
  const named = x.steps.map((s) => ({ name: s, where: x.is(s) }));
  const counted = { ...common, where: both(x.where.value, x.set.what.value === '' ? '' : x.is(x.set.what.value)) || null };
  switch (x.kind) {
    case 'funnel':
      return named.length < 2 ? [] : [{ ...common, kind: 'funnel', steps: named, window: x.set.window.value || null, entry: x.set.entry.value, by: x.set.by.value || null }];
    case 'follows':
      return [{ ...common, kind: 'follows', limit: PAIRS }];
    case 'paths':
      return x.set.length.value === 'all'
        ? [{ ...common, kind: 'variants', collapse: x.set.collapse.value !== '', limit: 20 }]
        : [{ ...common, kind: 'paths', length: Number(x.set.length.value) || 5, collapse: x.set.collapse.value !== '', limit: 20 }];
    case 'cohort':
      return [{ ...counted, kind: 'cohort', unit: x.set.unit.value, periods: 12 }];
    case 'repurchase':
      return [
        { ...counted, kind: 'repurchase' },
        { ...counted, kind: 'repurchase', within: '90d', unit: 'month' },
        ...withins.map((n) => ({ ...counted, kind: 'repurchase', within: `${n}d` })),
      ];
    case 'stages':
      return named.length === 0 ? [] : [{ ...common, kind: 'stages', stages: named, gap: '90d' }];
    case 'sessions':
      return [{ ...common, kind: 'sessions', gap: x.set.gap.value }];
  }
}

export function useJourneys(): Journeys {
  const [columnsLoad, columnsAgain] = useLoad<Columns>(path('/columns'));
  const [kindText, setKindText] = useParam('view', 'funnel');
  const [stepsText, setStepsText] = useParam('steps');
  const where = useSetting('where');
  const chosen = useSetting('activity');
  const caseBy = useSetting('case', 'customer');
  const set = {
    window: useSetting('window'),
    entry: useSetting('entry', 'any'),
    by: useSetting('by'),
    lines: useSetting('lines', '20'),
    length: useSetting('length', '5'),
    collapse: useSetting('collapse'),
    unit: useSetting('unit', 'month'),
    what: useSetting('what'),
    gap: useSetting('gap', '30m'),
  };
  const columns = columnsLoad.state === 'ready' ? columnsLoad.value.columns : null;
  const all = useMemo(() => texts(columns ?? []), [columns]);
  const few = all.filter((c) => (c.distinct ?? 0) <= NAMES_MOST).map((c) => c.name);
  const activities = few.filter((n) => !['customer', 'source', 'lang', 'quality', 'currency'].includes(n));
  const usual = ['event', 'touchpoint', 'channel'].find((n) => activities.includes(n)) ?? activities[0] ?? '';
  const activity: Setting = { value: activities.includes(chosen.value) ? chosen.value : usual, set: chosen.set };
  const is = (step: string): string => `${columnText(activity.value)} = ${quoted(step)}`;
  const ready = usual !== '' && all.some((c) => c.name === caseBy.value);
  const [valuesLoad] = useLoad<Tally>(ready ? path('/tally', { metric: 'count', by: activity.value, where: where.value }) : null);
  const values = useMemo(() => {
    if (valuesLoad.state !== 'ready') return [];
    const cells = valuesLoad.value.cells.filter((c) => c.key[activity.value] !== null && c.key[activity.value] !== undefined);
    return [...cells].sort((a, b) => b.n - a.n).map((c) => String(c.key[activity.value]));
  }, [valuesLoad, activity.value]);
  const kind = kinds.find((k) => k === kindText) ?? 'funnel';
  const wants = ready && stepsText === '' && (kind === 'funnel' || kind === 'stages');
  const guess = { kind: 'paths', where: where.value || null, case: caseBy.value, activity: activity.value, length: 4, collapse: true, limit: 30 };
  const [guessLoad] = usePosted<Journey>('/api/v1/walk', wants ? [JSON.stringify(guess)] : null);
  const guessed = wants && guessLoad.state === 'ready' ? suggestion(guessLoad.value[0]) : [];
  const steps = stepsText === '' ? guessed : split(stepsText);
  const waits = wants && guessLoad.state === 'loading';
  const part = {
    kind, where, activity, caseBy, activities, values, steps, set, ready, is,
    setKind: (k: Kind) => setKindText(k),
    cases: all.filter((c) => (c.distinct ?? 2) > 1).map((c) => c.name),
    suggested: stepsText === '' && guessed.length > 0,
    setSteps: (s: readonly string[]) => setStepsText(joined(s)),
    groups: few.filter((n) => n !== activity.value),
  };
  const bodies = ready && !waits ? bodiesOf(part) : null;
  const [load, again] = usePosted<Journey>('/api/v1/walk', bodies?.map((b) => JSON.stringify(b)) ?? null);
  const failed = columnsLoad.state === 'failed';
  const lostVoices = async (step: number): Promise<string> => {
    const j = await send<Journey>('POST', '/api/v1/walk', { ...bodies?.[0], by: null, lost: step, limit: LOST_HEARD });
    return `${columnText(caseBy.value)} in (${(j.lost ?? []).map(quoted).join(', ')})`;
  };
  return {
    ...part,
    lostVoices,
    ready: columns === null || ready,
    load: failed ? columnsLoad : columns !== null && !ready ? { state: 'ready', value: [] } : load,
    again: failed ? columnsAgain : again,
  };
}

// What an answer holds, as rows with a head: what is drawn is what is taken along.
export function tableOf(kind: Kind, found: readonly Journey[]): Table {
  const j = found[0];
  switch (kind) {
    case 'funnel':
      return [
        ['group', 'step', 'n', 'share', 'share_low', 'share_high', 'conversion', 'conversion_low', 'conversion_high', 'lost', 'median_since_previous_ms', 'median_since_entry_ms'],
        ...(j?.groups ?? []).flatMap((g) =>
          g.steps.map((s, i) => [
            g.key, j?.steps?.[i]?.name ?? '', s.n, s.share, s.share_low, s.share_high, s.conversion, s.conversion_low,
            s.conversion_high, s.lost, s.since_previous.median_ms, s.since_entry.median_ms,
          ]),
        ),
      ];
    case 'follows':
      return [
        ['from', 'to', 'n', 'mean_ms', 'median_ms', 'p90_ms', 'dependency'],
        ...(j?.pairs ?? []).map((p) => [p.from, p.to, p.n, p.mean_ms, p.median_ms, p.p90_ms, p.dependency]),
      ];
    case 'paths':
      return [
        ['path', 'goes_on', 'n', 'share', 'share_low', 'share_high', 'median_ms'],
        ...(j?.paths ?? []).map((p) => [p.events.join(' > '), String(p.goes_on), p.n, p.share, p.share_low, p.share_high, p.duration.median_ms]),
      ];
    case 'cohort':
      return [
        ['cohort', 'size', ...Array.from({ length: periodsOf(j) }, (_, k) => `active_${k}`)],
        ...(j?.cohorts ?? []).map((c) => [c.period, c.size, ...c.active]),
      ];
    case 'repurchase':
      return [
        ['within_days', 'month', 'new', 'again', 'observed', 'observed_again', 'censored', 'median_days'],
        ...found.slice(1).flatMap((one, i) =>
          againOf(one).map((r) => [i === 0 ? 90 : (withins[i - 1] ?? ''), r.period, r.new, r.again, r.observed, r.observed_again, r.censored, r.median_days]),
        ),
      ];
    case 'stages':
      return [
        ['stage', 'now', 'share', 'dropped', 'entries', 'median_dwell_ms'],
        ...stagesOf(j).map((s) => [s.name, s.now, s.share, s.dropped, s.entries, s.dwell.median_ms]),
      ];
    case 'sessions':
      return [
        ['sessions', 'single', 'median_ms', 'mean_events', 'mean_per_case'],
        [j?.sessions ?? null, j?.single ?? null, j?.duration?.median_ms ?? null, j?.events_per_session?.mean ?? null, j?.sessions_per_case?.mean ?? null],
      ];
  }
}

export const againOf = (j: Journey | undefined): readonly import('../../lib/journeys').Again[] =>
  (j?.rows ?? []).flatMap((r) => ('observed' in r ? [r] : []));
export const stagesOf = (j: Journey | undefined): readonly import('../../lib/journeys').Stage[] =>
  (j?.rows ?? []).flatMap((r) => ('entries' in r ? [r] : []));
export const periodsOf = (j: Journey | undefined): number => Math.max(0, ...(j?.cohorts ?? []).map((c) => c.active.length));

// What the overview knows: the scores there are, the one that is looked at, what changed, and what is behind it.
import { useEffect, useMemo, useRef, useState } from 'react';
import { path, useLoad, useLoads, type Loaded } from '../../lib/api';
import { useNews } from '../../lib/live';
import { scoresOf } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Cell, Columns, Findings, Sources, Tally } from '../../lib/shapes';
import { difference, share, type Change } from '../../lib/stats';
import { useParam } from '../../lib/url';
import { both } from '../../lib/where';

const DAY = 86_400_000;
const NEWS_MS = 3000; // news that come together are asked for together

export interface Shift {
  readonly aspect: string;
  readonly good: boolean; // about praise, not complaint
  readonly change: Change;
  readonly from: number;
  readonly to: number;
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

// The last `days` days up to the newest signal, and as many before them.
export function windows(newest: string | null, days: number): readonly [now: string, before: string] | null {
  if (newest === null) return null;
  const end = Math.floor(Date.parse(newest) / DAY) * DAY + DAY;
  const between = (a: number, b: number): string => `occurred_at >= ${iso(a)} and occurred_at < ${iso(b)}`;
  return [between(end - days * DAY, end), between(end - 2 * days * DAY, end - days * DAY)];
}

function byAspect(t: Tally | undefined): ReadonlyMap<string, number> {
  return new Map((t?.cells ?? []).map((c) => [String(c.key['aspect']), c.signals]));
}

// Aspects whose share of the signals changed, by four tallies and two totals; the largest change first.
export function shifts(answers: readonly Tally[]): readonly Shift[] {
  const total = (i: number): number => answers[i]?.cells[0]?.signals ?? 0;
  const [now, before] = [total(0), total(1)];
  if (now === 0 || before === 0) return [];
  const compare = (nowAt: number, beforeAt: number, good: boolean): Shift[] => {
    const old = byAspect(answers[beforeAt]);
    const young = byAspect(answers[nowAt]);
    return [...new Set([...old.keys(), ...young.keys()])].flatMap((aspect) => {
      const to = share(young.get(aspect) ?? 0, now, 3.29);
      const from = share(old.get(aspect) ?? 0, before, 3.29);
      const change = difference(to, from);
      return change?.clear ? [{ aspect, good, change, from: from.value ?? 0, to: to.value ?? 0 }] : [];
    });
  };
  return [...compare(2, 3, false), ...compare(4, 5, true)]
    .sort((a, b) => Math.abs(b.change.value) - Math.abs(a.change.value))
    .slice(0, 6);
}

function useLiveTurn(): { readonly turn: number; readonly added: number } {
  const [live, setLive] = useState({ turn: 0, added: 0 });
  const waiting = useRef<number | null>(null);
  const added = useRef(0);
  useNews({
    signals: (n) => {
      added.current += n.added;
      waiting.current ??= window.setTimeout(() => {
        waiting.current = null;
        const more = added.current;
        added.current = 0;
        setLive((old) => ({ turn: old.turn + 1, added: more }));
      }, NEWS_MS);
    },
  });
  useEffect(() => () => window.clearTimeout(waiting.current ?? undefined), []);
  return live;
}

export type Asked<T> = readonly [Loaded<T>, () => void];

export interface Overview {
  readonly days: string;
  readonly setDays: (d: string) => void;
  readonly where: string; // the filter alone
  readonly setWhere: (w: string) => void;
  readonly asked: string; // the filter and the period
  readonly compared: number; // days
  readonly metrics: readonly string[];
  readonly metric: string;
  readonly setMetric: (m: string) => void;
  readonly scores: Asked<readonly Tally[]>;
  readonly trend: Asked<Tally>;
  readonly by: string;
  readonly change: Change | null;
  readonly shifts: Loaded<readonly Shift[]>;
  readonly pains: Asked<Findings>;
  readonly delights: Asked<Findings>;
  readonly channels: Asked<Tally>;
  readonly sources: Asked<Sources>;
  readonly tickets: Asked<readonly { readonly total: number }[]> | null; // open ones, and those overdue
  readonly covered: Asked<readonly Tally[]>; // all signals, those with words, those that speak of an aspect
  readonly added: number;
  readonly newest: string | null;
}

export function useOverview(): Overview {
  const { may, locale } = useHere();
  const [days, setDays] = useParam('days');
  const [where, setWhere] = useParam('where');
  const [chosen, setMetric] = useParam('score');
  const { turn, added } = useLiveTurn();
  const all = useLoad<Tally>(path('/tally', { metric: 'count' }));
  const columns = useLoad<Columns>(path('/columns'));
  const newest = all[0].state === 'ready' ? all[0].value.newest : null;
  const known = all[0].state === 'ready' && columns[0].state === 'ready';
  const metrics = useMemo(() => (columns[0].state === 'ready' ? scoresOf(columns[0].value) : []), [columns[0]]);
  const metric = metrics.includes(chosen) ? chosen : (metrics[0] ?? '');
  const compared = days === '' || days === '365' ? 30 : Number(days);
  const period = days === '' ? '' : (windows(newest, Number(days))?.[0] ?? '');
  const asked = both(where, period);
  const [now, before] = windows(newest, compared) ?? ['', ''];
  const by = days === '30' ? 'day' : days === '90' ? 'week' : 'month';
  const tally = (m: string, q: string, group = ''): string => path('/tally', { metric: m, where: q, by: group });
  const ready = known && now !== '';
  const scores = useLoads<Tally>(known ? metrics.map((m) => tally(m, asked)) : null);
  const trend = useLoad<Tally>(known && metric ? tally(metric, asked, by) : null);
  const ends = useLoads<Tally>(ready && metric ? [now, before].map((p) => tally(metric, both(where, p))) : null);
  const moved = useLoads<Tally>(
    ready
      ? [
          tally('count', both(where, now)),
          tally('count', both(where, before)),
          ...['negative', 'positive'].flatMap((p) =>
            [now, before].map((q) => tally('count', both(where, `polarity = '${p}'`, q), 'aspect')),
          ),
        ]
      : null,
  );
  const found = { where: asked, limit: 4, lang: locale };
  const pains = useLoad<Findings>(known ? path('/pains', found) : null);
  const delights = useLoad<Findings>(known ? path('/delights', found) : null);
  const channels = useLoad<Tally>(known ? tally('count', asked, 'channel') : null);
  const sources = useLoad<Sources>(path('/sources'));
  const mayTickets = may('tickets.read');
  const [now0] = useState(() => new Date().toISOString().slice(0, 16));
  const tickets = useLoads<{ readonly total: number }>(
    mayTickets ? ["state != 'closed'", `due_at < ${now0}Z and state != 'closed'`].map((q) => path('/tickets', { where: q, limit: 1 })) : null,
  );
  const covered = useLoads<Tally>(
    known ? ['', 'words is not missing', 'aspect is not missing'].map((q) => tally('count', both(asked, q))) : null,
  );
  useEffect(() => {
    if (turn === 0) return;
    for (const [, again] of [all, scores, trend, ends, moved, pains, delights, channels, sources, tickets, covered]) again();
  }, [turn]);
  const pair = ends[0].state === 'ready' ? ends[0].value.map((t) => t.cells[0]) : [];
  const change = pair[0] && pair[1] ? difference(pair[0], pair[1]) : null;
  const silent = all[0].state === 'ready' && newest === null; // nothing heard yet: nothing changed
  const shifted = useMemo<Loaded<readonly Shift[]>>(() => {
    if (silent) return { state: 'ready', value: [] };
    return moved[0].state === 'ready' ? { state: 'ready', value: shifts(moved[0].value) } : moved[0];
  }, [moved[0], silent]);
  const failed = [all[0], columns[0]].find((l) => l.state === 'failed');
  const retry = (): void => [all, columns].forEach(([, again]) => again());
  const held = <T>(asked: Asked<T>): Asked<T> => (failed ? [failed, retry] : asked); // what the first answers are needed for
  return {
    days, setDays, where, setWhere, asked, compared, metrics, metric, setMetric,
    scores: held(scores),
    covered: held(covered), trend, by: `${by}(occurred_at)`, change, shifts: failed ?? shifted,
    pains: held(pains), delights: held(delights), channels: held(channels), sources,
    tickets: mayTickets ? tickets : null,
    added, newest,
  };
}

export function bySize(cells: readonly Cell[]): readonly Cell[] {
  return [...cells].sort((a, b) => b.signals - a.signals);
}

// What the upload knows: choosing, the plan, the running import, its result; the import's id is in the URL.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { get, path, send, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { quoted } from '../../lib/expr';
import { useNews } from '../../lib/live';
import { useParam } from '../../lib/url';

export interface PlanColumn {
  readonly column: string;
  readonly field: string;
  readonly why: string;
  readonly dates?: string;
  readonly examples: readonly string[];
}

export interface Plan {
  readonly file: string;
  readonly source: string;
  readonly format: string;
  readonly records: number | null;
  readonly rejected: number;
  readonly columns: readonly PlanColumn[];
}

export interface Import {
  readonly id: string | number;
  readonly file: string;
  readonly source: string;
  readonly records: number;
  readonly added: number;
  readonly known: number;
  readonly rejected: number;
  readonly finished: boolean;
  readonly state?: string; // planned, running, done or failed
  readonly error?: string | null;
  readonly started_at?: string | null;
  readonly plan?: Plan | null;
}

type Wish = Readonly<Record<string, string>>; // field → column

// The wish after saying that a column is to become field: a column has one field, a field one column.
export function wishWith(wish: Wish, column: string, field: string): Wish {
  const kept = Object.entries(wish).filter(([f, c]) => c !== column && f !== field);
  return { ...Object.fromEntries(kept), [field]: column };
}

export function isRunning(i: Import): boolean {
  if (i.finished) return false;
  return i.state ? i.state === 'running' : i.records > 0;
}

export interface Upload {
  readonly id: string;
  readonly load: Loaded<Import>;
  readonly again: () => void;
  readonly now: Import | null; // as it is this moment
  readonly plan: Plan | null;
  readonly started: boolean;
  readonly doing: Doing;
  readonly reading: string; // name of the file on its way up
  readonly take: (file: File) => void;
  readonly say: (column: string, field: string) => void;
  readonly start: () => void;
  readonly leave: () => void;
}

const POLL_MS = 1500; // beside the stream, which a proxy may swallow

// How a running import goes on: told by the stream, asked now and then, until it is finished.
function useProgress(id: string, running: boolean, tell: (i: Partial<Import>) => void): void {
  useNews({ import: (n) => String(n.id) === id && tell(n) });
  useEffect(() => {
    if (!running) return undefined;
    const timer = window.setInterval(() => {
      get<Import>(path(`/imports/${id}`)).then(tell, () => undefined);
    }, POLL_MS);
    return () => window.clearInterval(timer);
  }, [id, running, tell]);
}

export function useUpload(): Upload {
  const [id, setId] = useParam('import');
  const [load, again] = useLoad<Import>(id ? path(`/imports/${encodeURIComponent(id)}`) : null);
  const [now, setNow] = useState<Import | null>(null);
  const [wish, setWish] = useState<Wish>({});
  const [started, setStarted] = useState(false);
  const [reading, setReading] = useState('');
  const doing = useDoing();
  const { run } = doing;
  useEffect(() => {
    if (load.state !== 'ready') return;
    setNow(load.value);
    setStarted(isRunning(load.value) || load.value.finished);
  }, [load]);
  const tell = useCallback((i: Partial<Import>) => {
    setNow((old) => (old ? { ...old, ...i } : old));
    if (i.finished) setStarted(true);
  }, []);
  useProgress(id, started && !(now?.finished ?? true), tell);
  const take = useCallback(
    (file: File) =>
      void run(async () => {
        setReading(file.name);
        try {
          const made = await send<{ readonly id: string | number }>('POST', path('/imports', { name: file.name }), file);
          setNow(null);
          setWish({});
          setStarted(false);
          setId(String(made.id));
        } finally {
          setReading('');
        }
      }),
    [run, setId],
  );
  const say = useCallback(
    (column: string, field: string) => {
      const map = wishWith(wish, column, field);
      void run(async () => {
        const answer = await send<{ readonly plan: Plan }>('POST', path(`/imports/${id}/plan`), { map });
        setWish(map);
        setNow((old) => (old ? { ...old, plan: answer.plan } : old));
      });
    },
    [run, id, wish],
  );
  const start = useCallback(
    () =>
      void run(async () => {
        await send('POST', path(`/imports/${id}/start`));
        setStarted(true);
      }),
    [run, id],
  );
  const leave = useCallback(() => {
    setNow(null);
    setStarted(false);
    setId('');
  }, [setId]);
  const mine = now && String(now.id) === id ? now : null;
  return { id, load, again, now: mine, plan: mine?.plan ?? null, started, doing, reading, take, say, start, leave };
}

export type Score = { readonly word: 'm_nps' | 'm_csat' | 'm_ces' | 'm_topbox' | 'm_nss'; readonly metric: string };

// The score that says most about a file: what it asked for itself, else the feeling in its words.
export function scoreOf(plan: Plan | null): Score {
  const fields = new Set(plan?.columns.map((c) => c.field) ?? []);
  if (fields.has('score:nps')) return { word: 'm_nps', metric: 'nps' };
  if (fields.has('score:csat')) return { word: 'm_csat', metric: 'csat' };
  if (fields.has('score:rating5')) return { word: 'm_topbox', metric: 'topbox:score:rating5:4' };
  if (fields.has('score:ces')) return { word: 'm_ces', metric: 'ces' };
  return { word: 'm_nss', metric: 'nss' };
}

export interface Cell {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly missing: number;
  readonly invalid: number;
  readonly reason: string | null;
}
export interface Tally {
  readonly unit: string;
  readonly definition: string;
  readonly newest: string | null;
  readonly cells: readonly Cell[];
}
export interface Finding {
  readonly aspect: string;
  readonly n: number;
  readonly reach: { readonly value: number | null };
  readonly quotes: readonly { readonly id: number; readonly words: string | null }[];
}

export interface Result {
  readonly where: string;
  readonly score: Score;
  readonly tally: readonly [Loaded<Tally>, () => void];
  readonly pains: readonly [Loaded<{ readonly pains: readonly Finding[] }>, () => void];
  readonly delights: readonly [Loaded<{ readonly delights: readonly Finding[] }>, () => void];
}

export function useResult(i: Import): Result {
  const where = `source = ${quoted(i.source)}`;
  const score = useMemo(() => scoreOf(i.plan ?? null), [i.plan]);
  const tally = useLoad<Tally>(path('/tally', { metric: score.metric, where }));
  const pains = useLoad<{ readonly pains: readonly Finding[] }>(path('/pains', { where, limit: 5 }));
  const delights = useLoad<{ readonly delights: readonly Finding[] }>(path('/delights', { where, limit: 5 }));
  return { where, score, tally, pains, delights };
}

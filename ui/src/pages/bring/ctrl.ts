// What the upload knows: choosing, the plan, the running import, its result; the import's id is in the URL.
import { useCallback, useEffect, useState } from 'react';
import { failureOf, get, path, send, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { useNews } from '../../lib/live';
import type { Findings, Tally } from '../../lib/shapes';
import { useParam } from '../../lib/url';
import { quoted } from '../../lib/where';

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
  readonly state: 'planned' | 'waiting' | 'running' | 'finished' | 'failed' | 'stopped';
  readonly total: number | null; // records of the file, when known
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
  return i.state === 'waiting' || i.state === 'running';
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
    setNow((old) => (old && !old.finished ? { ...old, ...i } : old)); // an answer that was overtaken changes nothing
    if (i.finished) setStarted(true);
  }, []);
  useProgress(id, started && !(now?.finished ?? true) && now?.state !== 'failed', tell);
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

// What is asked of a file's signals, most telling first: its own scores, else the feeling in its words.
export const scores = ['nps', 'csat', 'csat:score:rating5', 'csat:score:rating10:10', 'ces', 'nss'] as const;

export interface Scored {
  readonly metric: string;
  readonly tally: Tally;
}

function useScore(where: string): [Loaded<Scored>, () => void] {
  const [load, setLoad] = useState<Loaded<Scored>>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setLoad({ state: 'loading' });
    Promise.all(scores.map((metric) => get<Tally>(path('/tally', { metric, where }), stop.signal)))
      .then((tallies) => {
        const all = scores.flatMap((metric, i) => (tallies[i] ? [{ metric, tally: tallies[i] }] : []));
        const first = all.find((x) => (x.tally.cells[0]?.n ?? 0) > 0) ?? all.at(-1);
        if (first) setLoad({ state: 'ready', value: first });
      })
      .catch((e: unknown) => {
        if (!stop.signal.aborted) setLoad({ state: 'failed', failure: failureOf(e) });
      });
    return () => stop.abort();
  }, [where, turn]);
  return [load, useCallback(() => setTurn((n) => n + 1), [])];
}

export interface Result {
  readonly where: string;
  readonly scored: readonly [Loaded<Scored>, () => void];
  readonly pains: readonly [Loaded<Findings>, () => void];
  readonly delights: readonly [Loaded<Findings>, () => void];
}

export function useResult(i: Import): Result {
  const where = `source = ${quoted(i.source)}`;
  const scored = useScore(where);
  const pains = useLoad<Findings>(path('/pains', { where, limit: 5 }));
  const delights = useLoad<Findings>(path('/delights', { where, limit: 5 }));
  return { where, scored, pains, delights };
}

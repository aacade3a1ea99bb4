// The only file that speaks to the server.  A load is a union, so no view can forget to wait or to fail.
import { useCallback, useEffect, useRef, useState } from 'react';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly why: string; readonly status: number };

export class Trouble extends Error {
  constructor(
    readonly status: number,
    why: string,
  ) {
    super(why);
  }
}

let csrf = '';
export function keepCsrf(token: string): void {
  csrf = token;
}

// Told when the server no longer knows us.
let lost = (): void => undefined;
export function whenLost(tell: () => void): void {
  lost = tell;
}

type Query = Record<string, string | number | undefined>;
export function path(to: string, query: Query = {}): string {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(query)) if (v !== undefined && v !== '') q.set(k, String(v));
  const tail = q.toString();
  return `/api/v1${to}${tail ? `?${tail}` : ''}`;
}

async function problem(r: Response): Promise<Trouble> {
  if (r.status === 401) lost();
  try {
    const p = (await r.json()) as { detail?: string; title?: string };
    return new Trouble(r.status, p.detail ?? p.title ?? r.statusText);
  } catch {
    return new Trouble(r.status, r.statusText);
  }
}

export async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  const r = await fetch(url, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  if (!r.ok) throw await problem(r);
  return (await r.json()) as T;
}

export async function send<T>(method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<T> {
  const raw = body instanceof Blob;
  const r = await fetch(url, {
    method,
    headers: { ...(raw ? {} : { 'content-type': 'application/json' }), 'x-heed-csrf': csrf },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  if (!r.ok) throw await problem(r);
  return (r.status === 204 ? undefined : await r.json()) as T;
}

// Loads url; loads again when url changes or again() is called; a newer load wins over an older one.
// again() keeps the old value in sight until the new one is there.
export function useLoad<T>(url: string | null): [Loaded<T>, () => void] {
  const [load, setLoad] = useState<Loaded<T>>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (url === null) return undefined;
    const stop = new AbortController();
    const same = shown.current === url;
    shown.current = url;
    setLoad((old) => (old.state === 'ready' && same ? old : { state: 'loading' }));
    get<T>(url, stop.signal)
      .then((value) => setLoad({ state: 'ready', value }))
      .catch((e: unknown) => {
        if (stop.signal.aborted) return;
        const t = e instanceof Trouble ? e : new Trouble(0, String(e));
        setLoad({ state: 'failed', why: t.message, status: t.status });
      });
    return () => stop.abort();
  }, [url, turn]);
  return [load, useCallback(() => setTurn((n) => n + 1), [])];
}

// What seldom changes (the taxonomy): loaded once for all who ask; null until it is there.
const kept = new Map<string, Promise<unknown>>();
export function useKept<T>(url: string): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    let here = true;
    const load = kept.get(url) ?? get<T>(url);
    kept.set(url, load);
    load.then(
      (v) => here && setValue(v as T),
      () => kept.delete(url),
    );
    return () => {
      here = false;
    };
  }, [url]);
  return value;
}

// Many at once; the state of all is that of the least ready.
export function useLoads<T>(urls: readonly string[] | null): [Loaded<readonly T[]>, () => void] {
  const [load, setLoad] = useState<Loaded<readonly T[]>>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  const shown = useRef('');
  const all = urls?.join('\n') ?? null;
  useEffect(() => {
    if (all === null) return undefined;
    const stop = new AbortController();
    const same = shown.current === all;
    shown.current = all;
    setLoad((old) => (old.state === 'ready' && same ? old : { state: 'loading' }));
    Promise.all(all === '' ? [] : all.split('\n').map((u) => get<T>(u, stop.signal)))
      .then((value) => setLoad({ state: 'ready', value }))
      .catch((e: unknown) => {
        if (stop.signal.aborted) return;
        const t = e instanceof Trouble ? e : new Trouble(0, String(e));
        setLoad({ state: 'failed', why: t.message, status: t.status });
      });
    return () => stop.abort();
  }, [all, turn]);
  return [load, useCallback(() => setTurn((n) => n + 1), [])];
}

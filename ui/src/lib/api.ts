// The only file that speaks to the server.  A load is a union, so no view can forget to wait or to fail.
import { useCallback, useEffect, useRef, useState } from 'react';

// Why something was not done: the server's title in the reader's language, its sentence in English.
export interface Failure {
  readonly status: number; // 0: no answer came
  readonly title: string;
  readonly why: string;
  readonly later: number | null; // seconds to wait before it may be tried again
  readonly code: string; // the server's name for it: 'totp', 'conflict'
}

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly failure: Failure };

export class Trouble extends Error implements Failure {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly why: string,
    readonly later: number | null = null,
    readonly code = '',
  ) {
    super(why);
  }
}

export function failureOf(e: unknown): Failure {
  return e instanceof Trouble ? e : new Trouble(0, '', e instanceof Error ? e.message : String(e));
}

export const CHANGED = 412; // somebody else changed it since it was read

let csrf = '';
export function keepCsrf(token: string): void {
  csrf = token;
}

let tongue = 'en';
export function speak(locale: string): void {
  tongue = locale;
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

// Who proves a password or a code again may fail at it and is still somebody.
const proves = (r: Response): boolean => new URL(r.url).pathname.startsWith('/api/v1/session/');

async function troubleOf(r: Response): Promise<Trouble> {
  if (r.status === 401 && !proves(r)) lost();
  const wait = Number(r.headers.get('retry-after') ?? '');
  const later = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const p = (await r.json()) as { detail?: string; title?: string; code?: string };
    return new Trouble(r.status, p.title ?? '', p.detail ?? p.title ?? r.statusText, later, p.code);
  } catch {
    return new Trouble(r.status, '', r.statusText, later);
  }
}

// The version of each noun as it was last read; a packed answer's tag is weak, the noun's own is not.
const tags = new Map<string, string>();

async function ask<T>(url: string, how: RequestInit): Promise<T> {
  const headers = { accept: 'application/json', 'accept-language': tongue, ...how.headers };
  const r = await fetch(url, { ...how, headers });
  if (!r.ok) throw await troubleOf(r);
  const tag = r.headers.get('etag')?.replace(/^W\//, '');
  if (tag) tags.set(url, tag);
  return (r.status === 204 ? undefined : await r.json()) as T;
}

export function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(url, signal ? { signal } : {});
}

// What changes a noun that was read says which version it saw: 412 is the answer when there is a newer one.
export function send<T>(method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<T> {
  const raw = body instanceof Blob;
  const seen = method === 'POST' ? undefined : tags.get(url);
  return ask<T>(url, {
    method,
    headers: {
      ...(raw ? {} : { 'content-type': 'application/json' }),
      ...(seen ? { 'if-match': seen } : {}),
      'x-heed-csrf': csrf,
    },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
}

// The same for a noun that was read in a list, which tells no versions: what is shown must still be so.
export async function sendSeen<T extends object>(
  method: 'PATCH' | 'DELETE',
  url: string,
  shown: Partial<T>,
  body?: unknown,
): Promise<T> {
  const now = await get<T>(url);
  const same = (Object.keys(shown) as (keyof T)[]).every((k) => JSON.stringify(now[k]) === JSON.stringify(shown[k]));
  if (!same) throw new Trouble(CHANGED, '', 'it changed since it was shown');
  return send<T>(method, url, body);
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
        setLoad({ state: 'failed', failure: failureOf(e) });
      });
    return () => stop.abort();
  }, [url, turn]);
  return [load, useCallback(() => setTurn((n) => n + 1), [])];
}

// Questions that are asked by POST, each body as text; all are answered or none is.
export function usePosted<T>(url: string, bodies: readonly string[] | null): [Loaded<readonly T[]>, () => void] {
  const [load, setLoad] = useState<Loaded<readonly T[]>>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  const all = bodies === null ? null : JSON.stringify(bodies);
  useEffect(() => {
    if (all === null) return undefined;
    let here = true;
    setLoad({ state: 'loading' });
    Promise.all((JSON.parse(all) as string[]).map((b) => send<T>('POST', url, JSON.parse(b))))
      .then((value) => here && setLoad({ state: 'ready', value }))
      .catch((e: unknown) => here && setLoad({ state: 'failed', failure: failureOf(e) }));
    return () => {
      here = false;
    };
  }, [url, all, turn]);
  return [load, useCallback(() => setTurn((n) => n + 1), [])];
}

// What seldom changes (the taxonomy): loaded once for all who ask; undefined until it is there, null if it failed.
const kept = new Map<string, { readonly load: Promise<unknown>; value?: unknown }>();
export function useKept<T>(url: string): T | null | undefined {
  const [value, setValue] = useState<T | null | undefined>(() => kept.get(url)?.value as T | undefined);
  useEffect(() => {
    let here = true;
    const one = kept.get(url) ?? { load: get<T>(url) };
    kept.set(url, one);
    one.load.then(
      (v) => {
        one.value = v;
        if (here) setValue(v as T);
      },
      () => {
        kept.delete(url);
        if (here) setValue(null);
      },
    );
    return () => {
      here = false;
    };
  }, [url]);
  return value;
}

// Forgets what was kept: after an import there are other columns, after a change another taxonomy.
export function forgetKept(): void {
  kept.clear();
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
        setLoad({ state: 'failed', failure: failureOf(e) });
      });
    return () => stop.abort();
  }, [all, turn]);
  return [load, useCallback(() => setTurn((n) => n + 1), [])];
}

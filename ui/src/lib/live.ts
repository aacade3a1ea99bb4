// News from the server while the page is open: one stream for all who listen.
import { useEffect, useRef } from 'react';
import { path } from './api';

export interface News {
  readonly signals: { readonly added: number; readonly total: number };
  readonly tickets: { readonly open: number };
  readonly alerts: { readonly open: number | null };
  readonly import: {
    readonly id: string | number;
    readonly records: number;
    readonly added: number;
    readonly rejected: number;
    readonly finished: boolean;
  };
}
type Kind = keyof News;
type Listener = { readonly [K in Kind]?: (news: News[K]) => void };

const kinds: readonly Kind[] = ['signals', 'tickets', 'alerts', 'import'];
const listeners = new Set<Listener>();
let stream: EventSource | null = null;

function tell(kind: Kind, text: string): void {
  try {
    const news = JSON.parse(text) as never;
    for (const l of listeners) l[kind]?.(news);
  } catch {
    // a cut message: the next one says more
  }
}

function open(): void {
  if (stream || typeof EventSource === 'undefined') return;
  stream = new EventSource(path('/events'));
  for (const kind of kinds) stream.addEventListener(kind, (e) => tell(kind, (e as MessageEvent<string>).data));
}

function close(): void {
  stream?.close();
  stream = null;
}

// Calls back as long as the component is there; the stream closes with its last listener.
export function useNews(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const mine: Listener = {
      signals: (n) => latest.current.signals?.(n),
      tickets: (n) => latest.current.tickets?.(n),
      alerts: (n) => latest.current.alerts?.(n),
      import: (n) => latest.current.import?.(n),
    };
    listeners.add(mine);
    open();
    return () => {
      listeners.delete(mine);
      if (listeners.size === 0) close();
    };
  }, []);
}

// The URL is the saved question: what a page shows is read from it and written to it.
import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
function subscribe(f: () => void): () => void {
  listeners.add(f);
  window.addEventListener('popstate', f);
  return () => {
    listeners.delete(f);
    window.removeEventListener('popstate', f);
  };
}

export function go(to: string): void {
  window.history.pushState(null, '', to);
  for (const f of listeners) f();
}

export function useUrl(): URL {
  const href = useSyncExternalStore(subscribe, () => window.location.href);
  return new URL(href);
}

// One question of the page, e.g. where; an empty value leaves the URL.
export function useParam(name: string, fallback = ''): [string, (v: string) => void] {
  const url = useUrl();
  const value = url.searchParams.get(name) ?? fallback;
  const set = useCallback(
    (v: string) => {
      const next = new URL(window.location.href);
      if (v === '' || v === fallback) next.searchParams.delete(name);
      else next.searchParams.set(name, v);
      go(next.pathname + next.search);
    },
    [name, fallback],
  );
  return [value, set];
}

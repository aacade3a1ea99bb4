// Which step of the tour is shown, for the button that begins it and for the page that is shown.
import { useSyncExternalStore } from 'react';

let step: number | null = null;
const listeners = new Set<() => void>();

function set(to: number | null): void {
  step = to;
  for (const f of listeners) f();
}

function subscribe(f: () => void): () => void {
  listeners.add(f);
  return () => listeners.delete(f);
}

export interface TourState {
  readonly step: number | null; // null: not under way
  readonly go: (to: number) => void;
  readonly end: () => void;
}

const KEPT = 'heed.tour';
export const tourOffered = (): boolean => localStorage.getItem(KEPT) === null;
export const tourSeen = (): void => localStorage.setItem(KEPT, '1');

export function useTour(): TourState {
  const now = useSyncExternalStore(subscribe, () => step);
  return {
    step: now,
    go: (to) => {
      tourSeen();
      set(to);
    },
    end: () => set(null),
  };
}

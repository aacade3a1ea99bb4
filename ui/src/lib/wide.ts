// Whether there is room for a list and one of its things beside it (see parts/split.css).
import { useSyncExternalStore } from 'react';

const room = window.matchMedia('(min-width: 901px)');

function subscribe(f: () => void): () => void {
  room.addEventListener('change', f);
  return () => room.removeEventListener('change', f);
}

export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => room.matches);
}

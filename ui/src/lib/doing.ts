// A deed on its way: busy while it runs, and why it failed when it did.
import { useCallback, useRef, useState } from 'react';
import { CHANGED, failureOf, type Failure } from './api';

export interface Doing {
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly run: (deed: () => Promise<void>) => Promise<boolean>; // true when it succeeded
  readonly forget: () => void;
}

// reload is called when somebody else was quicker, so that the page shows what is there now.
export function useDoing(reload?: () => void): Doing {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const latest = useRef(reload);
  latest.current = reload;
  const run = useCallback(async (deed: () => Promise<void>) => {
    setBusy(true);
    setFailure(null);
    try {
      await deed();
      return true;
    } catch (e) {
      const f = failureOf(e);
      setFailure(f);
      if (f.status === CHANGED) latest.current?.();
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, failure, run, forget: useCallback(() => setFailure(null), []) };
}

// A deed on its way: busy while it runs, and why it failed when it did.
import { useCallback, useState } from 'react';

export interface Doing {
  readonly busy: boolean;
  readonly why: string | null;
  readonly run: (deed: () => Promise<void>) => Promise<boolean>; // true when it succeeded
  readonly forget: () => void;
}

export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  const run = useCallback(async (deed: () => Promise<void>) => {
    setBusy(true);
    setWhy(null);
    try {
      await deed();
      return true;
    } catch (e) {
      setWhy(e instanceof Error ? e.message : String(e));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, why, run, forget: useCallback(() => setWhy(null), []) };
}

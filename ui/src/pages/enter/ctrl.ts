// What the way in knows: is this the first start, is a code wanted, what did the server refuse?
import { useCallback, useState } from 'react';
import { path, send, Trouble, useLoad, type Failure, type Loaded } from '../../lib/api';
import { useDoing } from '../../lib/doing';
import { useHere, type Session } from '../../lib/session';

export const PASSWORD_LEAST = 10; // characters, as the server wants

export interface Newcomer {
  readonly name: string;
  readonly title: string;
  readonly password: string;
}

export interface Enter {
  readonly load: Loaded<{ readonly needed: boolean }>;
  readonly again: () => void;
  readonly token: string; // of the one-time link; empty without one
  readonly wantsCode: boolean;
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly setUp: (n: Newcomer) => void;
  readonly signIn: (name: string, password: string, totp: string) => void;
  readonly back: () => void;
}

// The link is /setup#TOKEN: what stands after # never leaves the browser by itself.
function tokenOf(): string {
  return window.location.pathname === '/setup' ? decodeURIComponent(window.location.hash.slice(1)) : '';
}

function isCodeWanted(e: unknown): boolean {
  return e instanceof Trouble && e.code === 'totp';
}

export function useEnter(): Enter {
  const { enter } = useHere();
  const [load, again] = useLoad<{ readonly needed: boolean }>(path('/setup'));
  const [token] = useState(tokenOf);
  const [wantsCode, setWantsCode] = useState(false);
  const { busy, failure, run, forget } = useDoing();
  const inside = useCallback(
    (s: Session) => {
      if (window.location.pathname === '/setup') window.history.replaceState(null, '', '/');
      enter(s);
    },
    [enter],
  );
  const setUp = useCallback(
    (n: Newcomer) => void run(async () => inside(await send<Session>('POST', path('/setup'), { token, ...n }))),
    [run, inside, token],
  );
  const signIn = useCallback(
    (name: string, password: string, totp: string) =>
      void run(async () => {
        const body = totp ? { name, password, totp } : { name, password };
        try {
          inside(await send<Session>('POST', path('/session'), body));
        } catch (e) {
          if (wantsCode || !isCodeWanted(e)) throw e;
          setWantsCode(true);
        }
      }),
    [run, inside, wantsCode],
  );
  const back = useCallback(() => {
    setWantsCode(false);
    forget();
  }, [forget]);
  return { load, again, token, wantsCode, busy, failure, setUp, signIn, back };
}

// What the settings know: which part is open, and who may see it.
import { useCallback, useEffect, useState } from 'react';
import { get, path, send, sendSeen, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import type { Department, User } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import { useParam } from '../../lib/url';
import { both, quoted } from '../../lib/where';

export const roles = ['executive', 'manager', 'frontline', 'analyst', 'steward', 'admin'] as const;
export type RoleName = (typeof roles)[number];

export const parts = ['account', 'people', 'departments', 'keys', 'taxonomy', 'audit'] as const;
export type PartName = (typeof parts)[number];

const rightOf: Readonly<Record<PartName, string | null>> = {
  account: null,
  people: 'users.write',
  departments: 'users.write',
  keys: 'keys.write',
  taxonomy: null,
  audit: 'audit.read',
};

export function useParts(): { readonly mine: readonly PartName[]; readonly part: PartName } {
  const { may } = useHere();
  const [wanted] = useParam('part');
  const mine = parts.filter((p) => {
    const right = rightOf[p];
    return right === null || may(right);
  });
  return { mine, part: mine.find((p) => p === wanted) ?? (mine.includes('people') ? 'people' : 'account') };
}

export interface People {
  readonly load: Loaded<{ readonly users: readonly User[] }>;
  readonly users: readonly User[];
  readonly again: () => void;
  readonly doing: Doing;
  readonly change: (u: User, what: Partial<Pick<User, 'role' | 'department_id' | 'enabled'>>) => void;
  readonly add: (u: Record<string, unknown>) => Promise<boolean>;
}

export function usePeople(): People {
  const [load, again] = useLoad<{ readonly users: readonly User[] }>(path('/users'));
  const [users, setUsers] = useState<readonly User[]>([]);
  const doing = useDoing(again);
  const { run } = doing;
  useEffect(() => {
    if (load.state === 'ready') setUsers(load.value.users);
  }, [load]);
  const change = useCallback(
    (u: User, what: Partial<Pick<User, 'role' | 'department_id' | 'enabled'>>) =>
      void run(async () => {
        const seen = { role: u.role, department_id: u.department_id, enabled: u.enabled };
        const next = await sendSeen<User>('PATCH', path(`/users/${u.id}`), seen, what);
        setUsers((all) => all.map((x) => (x.id === u.id ? { ...x, ...next } : x)));
      }),
    [run],
  );
  const add = useCallback(
    (u: Record<string, unknown>) =>
      run(async () => {
        await send<User>('POST', path('/users'), u);
        again();
      }),
    [run, again],
  );
  return { load, users, again, doing, change, add };
}

export function useDepartments(): readonly [Loaded<{ readonly departments: readonly Department[] }>, () => void] {
  return useLoad<{ readonly departments: readonly Department[] }>(path('/departments'));
}

export interface AuditLine {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly deed: string;
  readonly noun: string;
  readonly noun_id: number | null;
  readonly detail: unknown;
}
interface AuditPage {
  readonly total: number;
  readonly audit: readonly AuditLine[];
  readonly next_cursor: string | null;
}

export interface Audit {
  readonly load: Loaded<AuditPage>;
  readonly again: () => void;
  readonly lines: readonly AuditLine[];
  readonly total: number | null;
  readonly asked: AuditQuestion;
  readonly all: () => Promise<readonly AuditLine[]>; // of the question, the newest AUDIT_MOST
  readonly more: (() => void) | null;
  readonly doing: Doing;
}

// Who did what since when, as the address has it; empty is everything.
export interface AuditQuestion {
  readonly who: string;
  readonly setWho: (v: string) => void;
  readonly what: string;
  readonly setWhat: (v: string) => void;
  readonly since: string; // days
  readonly setSince: (v: string) => void;
}

export const AUDIT_SINCE = ['1', '7', '30', '90'] as const;
const AUDIT_MOST = 20_000;
const DAY_MS = 86_400_000;

function useAuditQuestion(): readonly [AuditQuestion, string] {
  const [who, setWho] = useParam('who');
  const [what, setWhat] = useParam('what');
  const [since, setSince] = useParam('since');
  const days = Number(since);
  const from = days > 0 ? new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10) : '';
  const where = both(
    who.trim() && `actor ~ ${quoted(who.trim())}`,
    what && `noun = ${quoted(what)}`,
    from && `at >= ${from}`,
  );
  return [{ who, setWho, what, setWhat, since, setSince }, where];
}

export function useAudit(): Audit {
  const [asked, where] = useAuditQuestion();
  const [load, again] = useLoad<AuditPage>(path('/audit', { limit: 50, where }));
  const [tail, setTail] = useState<AuditPage | null>(null);
  const doing = useDoing();
  const { run } = doing;
  const first = load.state === 'ready' ? load.value : null;
  useEffect(() => setTail(null), [where]);
  const cursor = tail ? tail.next_cursor : (first?.next_cursor ?? null);
  const more = useCallback(
    () =>
      void run(async () => {
        const next = await get<AuditPage>(path('/audit', { limit: 50, where, cursor: cursor ?? '' }));
        setTail((t) => ({ ...next, audit: [...(t?.audit ?? []), ...next.audit] }));
      }),
    [run, where, cursor],
  );
  const all = useCallback(async () => {
    const lines: AuditLine[] = [];
    for (let next: string | null = ''; next !== null && lines.length < AUDIT_MOST; ) {
      const one: AuditPage = await get<AuditPage>(path('/audit', { limit: 1000, where, cursor: next }));
      lines.push(...one.audit);
      next = one.next_cursor;
    }
    return lines;
  }, [where]);
  return { load, again, asked, all, total: first?.total ?? null, lines: [...(first?.audit ?? []), ...(tail?.audit ?? [])], more: cursor ? more : null, doing };
}

// What the inbox knows: the chosen view is an expression, the chosen ticket an address.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { get, path, send, useLoad, type Failure, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { useNews } from '../../lib/live';
import type { Department, Ticket } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import { useParam } from '../../lib/url';
import { quoted } from '../../lib/where';

export const views = ['open', 'mine', 'overdue', 'unowned', 'closed'] as const;
export type ViewName = (typeof views)[number];

// The words `heed tickets close --outcome` takes, most frequent first.
export const outcomes = [
  'explained',
  'repaired',
  'refunded',
  'replaced',
  'compensated',
  'passed_on',
  'unreachable',
  'no_action',
] as const;
export type Outcome = (typeof outcomes)[number];

export function isOutcome(text: string): text is Outcome {
  return (outcomes as readonly string[]).includes(text);
}

const PAGE = 30;

export interface Question {
  readonly view: ViewName;
  readonly department: string;
  readonly find: string;
}

export function whereOf(q: Question, me: string, nowIso: string): string {
  const views: Record<ViewName, string> = {
    open: "state != 'closed'",
    mine: `owner = ${quoted(me)} and state != 'closed'`,
    overdue: `due_at < ${nowIso.slice(0, 16)}Z and state != 'closed'`,
    unowned: "owner is missing and state != 'closed'",
    closed: "state = 'closed'",
  };
  const department = q.department && `department = ${quoted(q.department)}`;
  return [views[q.view], department, q.find && `title ~ ${quoted(q.find)}`].filter(Boolean).join(' and ');
}

export function isLate(t: Ticket, now: number): boolean {
  return t.state !== 'closed' && t.due_at !== null && Date.parse(t.due_at) < now;
}

interface Listed {
  readonly total: number;
  readonly tickets: readonly Ticket[];
  readonly next_cursor: string | null;
}

export interface Inbox {
  readonly load: Loaded<Listed>;
  readonly tickets: readonly Ticket[];
  readonly more: (() => void) | null;
  readonly again: () => void;
  readonly changed: boolean; // the server told of other numbers since we asked
  readonly put: (t: Ticket) => void; // shows a ticket as it is now
  readonly failure: Failure | null;
}

export function useInbox(where: string): Inbox {
  const [load, reload] = useLoad<Listed>(path('/tickets', { where, limit: PAGE }));
  const [tail, setTail] = useState<Listed | null>(null);
  const [put, setPut] = useState<ReadonlyMap<number, Ticket>>(new Map());
  const [changed, setChanged] = useState(false);
  const { failure, run } = useDoing();
  useEffect(() => {
    setTail(null);
    setPut(new Map());
    setChanged(false);
  }, [load]);
  useNews({ tickets: () => setChanged(true) });
  const first = load.state === 'ready' ? load.value : null;
  const cursor = tail ? tail.next_cursor : (first?.next_cursor ?? null);
  const more = useCallback(
    () =>
      void run(async () => {
        const next = await get<Listed>(path('/tickets', { where, limit: PAGE, cursor: cursor ?? '' }));
        setTail((t) => ({ ...next, tickets: [...(t?.tickets ?? []), ...next.tickets] }));
      }),
    [run, where, cursor],
  );
  const tickets = useMemo(
    () => [...(first?.tickets ?? []), ...(tail?.tickets ?? [])].map((t) => put.get(t.id) ?? t),
    [first, tail, put],
  );
  const show = useCallback((t: Ticket) => setPut((m) => new Map(m).set(t.id, t)), []);
  return { load, tickets, more: cursor ? more : null, again: reload, changed, put: show, failure };
}

type Change = Partial<Pick<Ticket, 'state' | 'owner' | 'department' | 'outcome' | 'note'>>;

export interface OneTicket {
  readonly load: Loaded<Ticket>;
  readonly again: () => void;
  readonly doing: Doing;
  readonly change: (what: Change) => Promise<boolean>;
}

export function useTicket(id: string, changed: (t: Ticket) => void): OneTicket {
  const [load, again] = useLoad<Ticket>(path(`/tickets/${encodeURIComponent(id)}`));
  const [now, setNow] = useState<Ticket | null>(null);
  const doing = useDoing(again);
  useEffect(() => setNow(null), [load]);
  const { run } = doing;
  const change = useCallback(
    (what: Change) =>
      run(async () => {
        const next = await send<Ticket>('PATCH', path(`/tickets/${encodeURIComponent(id)}`), what);
        setNow(next);
        changed(next);
      }),
    [run, id, changed],
  );
  const shown: Loaded<Ticket> =
    load.state === 'ready' && now ? { state: 'ready', value: { ...load.value, ...now, voice: load.value.voice ?? null } } : load;
  return { load: shown, again, doing, change };
}

export interface Tickets {
  readonly question: Question;
  readonly where: string;
  readonly inbox: Inbox;
  readonly id: string;
  readonly departments: readonly Department[];
  readonly setDepartment: (d: string) => void;
  readonly setFind: (f: string) => void;
  readonly me: string;
}

// Departments serve only to choose from: whoever may not list them chooses among those seen.
function useDepartments(seen: readonly Ticket[]): readonly Department[] {
  const [load] = useLoad<{ readonly departments: readonly Department[] }>(path('/departments'));
  return useMemo(() => {
    const known = load.state === 'ready' ? load.value.departments : [];
    const names = new Set(known.map((d) => d.name));
    const others = [...new Set(seen.flatMap((t) => (t.department && !names.has(t.department) ? [t.department] : [])))];
    return [...known, ...others.map((name, i) => ({ id: -i - 1, name, title: null }))];
  }, [load, seen]);
}

export function useTickets(): Tickets {
  const { session } = useHere();
  const [view] = useParam('view', 'open');
  const [department, setDepartment] = useParam('department');
  const [find, setFind] = useParam('find');
  const [id] = useParam('id');
  const me = session?.user.name ?? '';
  const question = useMemo<Question>(
    () => ({ view: views.find((v) => v === view) ?? 'open', department, find }),
    [view, department, find],
  );
  const where = useMemo(() => whereOf(question, me, new Date().toISOString()), [question, me]);
  const inbox = useInbox(where);
  const departments = useDepartments(inbox.tickets);
  return { question, where, inbox, id, departments, setDepartment, setFind, me };
}


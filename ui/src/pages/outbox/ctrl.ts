// What the outbox knows: endpoints and how it goes there, the messages, the policy.
import { path, send, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { useParam } from '../../lib/url';

export interface Endpoint {
  readonly id: number;
  readonly name: string;
  readonly way: string;
  readonly host: string | null;
  readonly enabled: boolean | null;
}
export interface Pace {
  readonly paused: string | null;
  readonly sent: number | null;
  readonly failures: number | null;
  readonly last_at: string | null;
  readonly error: string | null;
}
export interface Place {
  readonly endpoint: Endpoint;
  readonly pace: Pace;
}
export interface Way {
  readonly name: string;
  readonly title: string;
  readonly settings: string;
}
export interface Deed {
  readonly id: number;
  readonly endpoint: string | null;
  readonly state: 'pending' | 'done' | 'failed' | 'refused';
  readonly attempts: number | null;
  readonly due_at: string;
  readonly done_at: string | null;
  readonly error: string | null;
  readonly payload: { readonly title?: string } | null;
}
export interface Deeds {
  readonly deeds: readonly Deed[];
  readonly next_cursor: string | null;
}
export interface Policy {
  readonly most: number | null;
  readonly days: number | null;
  readonly quiet_from: number | null;
  readonly quiet_to: number | null;
  readonly zone: string | null;
  readonly hold_open: boolean | null;
}
export interface Wish {
  readonly name: string;
  readonly way: string;
  readonly address: string;
  readonly secret: string;
  readonly settings: Readonly<Record<string, string>>;
}

export const parts = ['endpoints', 'messages', 'policy'] as const;
export const states = ['', 'pending', 'done', 'failed', 'refused'] as const;
export type Part = (typeof parts)[number];

// "from text required The address it comes from" a line: the names of a way's settings.
export function settingsOf(way: Way | undefined): readonly { readonly name: string; readonly required: boolean }[] {
  return (way?.settings ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', , need] = line.split(' ');
      return { name, required: need === 'required' };
    });
}

export function bodyOf(x: Wish): object {
  const settings = Object.fromEntries(Object.entries(x.settings).filter(([, v]) => v.trim() !== ''));
  return { name: x.name.trim(), way: x.way, address: x.address.trim(), secret: x.secret || null, settings };
}

// "21:30" and minutes behind midnight; an empty field is none.
export function minutesOf(clock: string): number | null {
  const m = /^(\d{1,2}):(\d{2})$/.exec(clock);
  return m ? Number(m[1]) * 60 + Number(m[2]) : null;
}
export function clockOf(minutes: number | null): string {
  if (minutes === null) return '';
  const two = (v: number): string => String(v).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

export interface Outbox {
  readonly part: Part;
  readonly places: Loaded<{ readonly endpoints: readonly Place[] }>;
  readonly ways: readonly Way[];
  readonly again: () => void;
  readonly doing: Doing;
  readonly make: (x: Wish) => Promise<string | null>; // the secret that was made for it
  readonly turn: (p: Endpoint, on: boolean) => void;
  readonly test: (p: Endpoint) => Promise<{ readonly arrived: boolean; readonly why: string | null }>;
  readonly resume: (p: Endpoint) => void;
  readonly remove: (p: Endpoint) => void;
}

export function useOutbox(): Outbox {
  const [part] = useParam('part', 'endpoints');
  const [places, again] = useLoad<{ readonly endpoints: readonly Place[] }>(path('/endpoints'));
  const [ways] = useLoad<{ readonly ways: readonly Way[] }>(path('/ways'));
  const doing = useDoing(again);
  const then = (deed: () => Promise<unknown>): void =>
    void doing
      .run(async () => {
        await deed();
      })
      .then(again);
  return {
    part: parts.find((x) => x === part) ?? 'endpoints',
    places,
    ways: ways.state === 'ready' ? ways.value.ways : [],
    again,
    doing,
    make: async (x) => {
      const made = await send<{ readonly secret: string | null }>('POST', path('/endpoints'), bodyOf(x));
      again();
      return made.secret;
    },
    turn: (p, on) => then(() => send('PATCH', path(`/endpoints/${p.id}`), { enabled: on })),
    test: (p) => send('POST', path(`/endpoints/${p.id}/test`)),
    resume: (p) => then(() => send('POST', path(`/endpoints/${p.id}/resume`))),
    remove: (p) => then(() => send('DELETE', path(`/endpoints/${p.id}`))),
  };
}

// What happened to a case and what is next: steps, contact, comments, messages, times of departments, history.
import { Button, Checkbox, Input } from 'antd';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { get, path, send, useLoad } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { age, number } from '../../lib/format';
import { departmentTitle } from '../../lib/names';
import type { Department, Ticket } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import { Load } from '../../parts/Load';
import { Refused } from '../../parts/Refused';
import { isOutcome } from './ctrl';
import { w } from './words';

export interface History {
  readonly age_ms: number;
  readonly departments: readonly { readonly department: string | null; readonly ms: number }[];
  readonly events: readonly {
    readonly id: number;
    readonly at: string;
    readonly kind: string;
    readonly actor: string;
    readonly detail: string | null;
    readonly text: string | null;
  }[];
  readonly voices: readonly { readonly id: number; readonly channel: string | null; readonly words: string | null; readonly occurred_at: string }[];
}

const kinds = {
  opened: w.evOpened,
  message: w.evMessage,
  taken: w.evTaken,
  released: w.evReleased,
  handed: w.evHanded,
  changed: w.evChanged,
  comment: w.evComment,
  contact: w.evContact,
  step: w.evStep,
  escalated: w.evEscalated,
  closed: w.evClosed,
  reopened: w.evReopened,
  merged: w.evMerged,
  absorbed: w.evAbsorbed,
  asked_again: w.evAsked,
} as const;
type Kind = keyof typeof kinds;
const isKind = (k: string): k is Kind => k in kinds;

function Times({ h, departments }: { readonly h: History; readonly departments: readonly Department[] }): ReactNode {
  const { say, locale } = useHere();
  const days = (ms: number): string => say(w.days, { n: number(locale, ms / 86_400_000, 1) ?? '—' });
  return (
    <div className="case-times">
      <div className="case-bar" aria-hidden="true">
        {h.departments.map((d, i) => (
          <span key={d.department ?? ''} className={i % 2 ? 'odd' : ''} style={{ flexGrow: Math.max(d.ms, 1) }} />
        ))}
      </div>
      <ul>
        {h.departments.map((d) => {
          const known = departments.find((x) => x.name === d.department);
          return (
            <li key={d.department ?? ''}>
              <span translate="no">{known ? departmentTitle(locale, known) : (d.department ?? '—')}</span>{' '}
              <span className="num">{days(d.ms)}</span>
            </li>
          );
        })}
        <li>
          <b>{say(w.inAll)}</b> <b className="num">{days(h.age_ms)}</b>
        </li>
      </ul>
    </div>
  );
}

function Steps({ ticket, put, doing }: { readonly ticket: Ticket; readonly put: (body: object) => void; readonly doing: Doing }): ReactNode {
  const { may } = useHere();
  const steps = ticket.steps ?? [];
  return (
    <ul className="case-steps">
      {steps.map((s, i) => (
        <li key={s.title}>
          <Checkbox
            checked={!!s.done_at}
            disabled={!may('tickets.write') || doing.busy}
            onChange={(e) => put({ kind: 'step', step: i, done: e.target.checked })}
          >
            <span translate="no">{s.title}</span>
          </Checkbox>
        </li>
      ))}
    </ul>
  );
}

const ways = ['phone', 'message', 'visit'] as const;

function Say({ put, doing }: { readonly put: (body: object) => Promise<boolean>; readonly doing: Doing }): ReactNode {
  const { say } = useHere();
  const [text, setText] = useState('');
  const tell = (body: object): void => void put({ ...body, ...(text.trim() ? { text: text.trim() } : {}) }).then((ok) => ok && setText(''));
  return (
    <div className="case-say">
      <label>
        <span className="sr">{say(w.sayHint)}</span>
        <Input.TextArea rows={2} maxLength={1000} value={text} placeholder={say(w.sayHint)} onChange={(e) => setText(e.target.value)} />
      </label>
      <div className="case-ways">
        {ways.map((way) => (
          <Button key={way} disabled={doing.busy} onClick={() => tell({ kind: 'contact', way })}>
            {say(w[way])}
          </Button>
        ))}
        <Button disabled={doing.busy || !text.trim()} onClick={() => tell({ kind: 'comment' })}>
          {say(w.comment)}
        </Button>
      </div>
    </div>
  );
}

function Line({ ev }: { readonly ev: History['events'][number] }): ReactNode {
  const { say, locale } = useHere();
  const detail = ev.detail === null ? null : isOutcome(ev.detail) ? say(w[ev.detail]) : ev.kind === 'contact' && (ways as readonly string[]).includes(ev.detail) ? say(w[ev.detail as (typeof ways)[number]]) : <span translate="no">{ev.detail}</span>;
  return (
    <li>
      <span>
        <b>{isKind(ev.kind) ? say(kinds[ev.kind]) : ev.kind}</b> {detail}
      </span>
      <span className="quiet small">
        {age(locale, ev.at)} · <span translate="no">{ev.actor.replace(/^user:/, '')}</span>
      </span>
      {ev.text && (
        <span className="case-text" translate="no">
          {ev.text}
        </span>
      )}
    </li>
  );
}

function Messages({ h }: { readonly h: History }): ReactNode {
  const { say, locale } = useHere();
  if (h.voices.length < 2) return null;
  return (
    <section>
      <h3>{say(w.messages, { n: String(h.voices.length) })}</h3>
      <ul className="case-lines">
        {h.voices.map((v) => (
          <li key={v.id}>
            <span className="quiet small">
              {age(locale, v.occurred_at)} · <span translate="no">{v.channel ?? '—'}</span>
            </span>
            <span className="case-text" translate="no">
              {v.words ?? '—'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Recovery({ ticket }: { readonly ticket: Ticket }): ReactNode {
  const { say, locale } = useHere();
  if (ticket.score_before === null && ticket.score_after === null) return null;
  const n = (v: number | null): string => (v === null ? '—' : (number(locale, v, 0) ?? '—'));
  return (
    <p className={ticket.recovered === 1 ? 'case-won' : ticket.recovered === 0 ? 'case-not' : 'quiet'}>
      {say(w.scoreWent, { before: n(ticket.score_before), after: n(ticket.score_after) })}{' '}
      {ticket.recovered === 1 ? say(w.recovered) : ticket.recovered === 0 ? say(w.notRecovered) : say(w.notAsked)}
    </p>
  );
}

export function Case({ ticket, departments }: { readonly ticket: Ticket; readonly departments: readonly Department[] }): ReactNode {
  const { say, may } = useHere();
  const at = path(`/tickets/${ticket.id}/history`);
  const [load, again] = useLoad<History>(at);
  const [now, setNow] = useState<History | null>(null);
  const [seen, setSeen] = useState<Ticket>(ticket);
  const doing = useDoing(again);
  const { run } = doing;
  useEffect(() => setNow(null), [load]);
  useEffect(() => setSeen(ticket), [ticket]);
  useEffect(again, [ticket.state, ticket.department, ticket.owner, again]);
  const put = useCallback(
    (body: object) =>
      run(async () => {
        setNow(await send<History>('POST', path(`/tickets/${ticket.id}/events`), body));
        setSeen(await get<Ticket>(path(`/tickets/${ticket.id}`)));
      }),
    [run, ticket.id],
  );
  return (
    <Load load={now ? { state: 'ready', value: now } : load} again={again} rows={4}>
      {(h) => (
        <div className="case">
          <Recovery ticket={seen} />
          {(seen.steps?.length ?? 0) > 0 && (
            <section>
              <h3>{say(w.steps)}</h3>
              <Steps ticket={seen} put={(b) => void put(b)} doing={doing} />
            </section>
          )}
          {may('tickets.write') && ticket.merged_into === null && (
            <section>
              <h3>{say(w.contact)}</h3>
              <Say put={put} doing={doing} />
            </section>
          )}
          <Refused failure={doing.failure} />
          <Messages h={h} />
          <section>
            <h3>{say(w.history)}</h3>
            <Times h={h} departments={departments} />
            <ol className="case-lines">
              {[...h.events].reverse().map((ev) => (
                <Line key={ev.id} ev={ev} />
              ))}
            </ol>
          </section>
        </div>
      )}
    </Load>
  );
}

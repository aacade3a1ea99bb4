// One ticket: the customer's words first, then what is asked of whom, then the deeds.
import { Button, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { number, when } from '../../lib/format';
import { departmentTitle, type Names, useNames } from '../../lib/names';
import type { Ticket, Voice } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import { Facts, type Fact } from '../../parts/Facts';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { Aspects, Marked } from '../../parts/Quote';
import { Sheet } from '../../parts/Sheet';
import { Refused } from '../../parts/Refused';
import { Case } from './Case';
import { isOutcome, outcomes, useTicket, type OneTicket, type Tickets } from './ctrl';
import { Due, useTicketTitle } from './view';
import { w } from './words';

const own = (text: string): ReactNode => <span translate="no">{text}</span>;

type Here = ReturnType<typeof useHere>;

function voiceFacts(v: Voice, names: Names, { say, locale }: Here): Fact[] {
  const scores = Object.entries(v.attributes)
    .filter(([k, x]) => k.startsWith('score:') && typeof x === 'number')
    .map(([k, x]): Fact => [names.column(k), number(locale, Number(x), 0)]);
  const texts = (['channel', 'touchpoint', 'product', 'source', 'customer'] as const).map((column): Fact => {
    const text = v[column];
    return [names.column(column), text && own(names.value(column, text))];
  });
  return [...scores, ...texts, [say(w.happened), when(locale, v.occurred_at)]];
}

function Heard({ voice }: { readonly voice: Voice }): ReactNode {
  const here = useHere();
  const { say } = here;
  const names = useNames();
  return (
    <section className="ticket-heard">
      {voice.words ? (
        <>
          <blockquote className="ticket-words">
            <Marked voice={voice} />
          </blockquote>
          <Aspects mentions={voice.mentions} />
        </>
      ) : (
        <p className="quiet">{say(w.noWords)}</p>
      )}
      <Facts facts={voiceFacts(voice, names, here)} />
      <Link to={`/voices?id=${voice.id}`}>{say(w.toVoice)}</Link>
    </section>
  );
}

function CloseSheet({ o, onDone }: { readonly o: OneTicket; readonly onDone: () => void }): ReactNode {
  const { say } = useHere();
  const [note, setNote] = useState('');
  const shut = (outcome: string): void =>
    void o.change({ state: 'closed', outcome, ...(note.trim() ? { note: note.trim() } : {}) }).then((ok) => ok && onDone());
  return (
    <>
      <div className="outcomes">
        {outcomes.map((code) => (
          <Button key={code} size="large" disabled={o.doing.busy} onClick={() => shut(code)}>
            {say(w[code])}
          </Button>
        ))}
      </div>
      <label className="ticket-note">
        <span>{say(w.note)}</span>
        <Input.TextArea
          rows={2}
          maxLength={1000}
          value={note}
          placeholder={say(w.noteHint)}
          onChange={(e) => setNote(e.target.value)}
        />
      </label>
    </>
  );
}

interface HandProps {
  readonly o: OneTicket;
  readonly c: Tickets;
  readonly ticket: Ticket;
  readonly onDone: () => void;
}

function HandOver({ o, c, ticket, onDone }: HandProps): ReactNode {
  const { say, locale } = useHere();
  const [department, setDepartment] = useState(ticket.department ?? '');
  const [owner, setOwner] = useState('');
  const hand = (): void =>
    void o.change({ state: 'open', department, owner: owner.trim() || null }).then((ok) => ok && onDone());
  return (
    <div className="ticket-hand">
      <Pick
        label={say(w.toDepartment)}
        shown
        value={department}
        onPick={setDepartment}
        choices={c.departments.map((d) => ({ value: d.name, label: departmentTitle(locale, d) }))}
      />
      <label className="field">
        <b>{say(w.toPerson)}</b>
        <Input size="large" value={owner} onChange={(e) => setOwner(e.target.value)} autoCapitalize="none" />
      </label>
      <Button type="primary" size="large" disabled={!department} loading={o.doing.busy} onClick={hand}>
        {say(w.handOver)}
      </Button>
    </div>
  );
}

type Open = 'close' | 'hand' | null;

function Deeds({ o, c, ticket }: Omit<HandProps, 'onDone'>): ReactNode {
  const { say, may } = useHere();
  const [open, setOpen] = useState<Open>(null);
  const [said, setSaid] = useState('');
  if (!may('tickets.write')) return null;
  const done = (what: string): void => {
    setOpen(null);
    setSaid(what);
  };
  const mine = ticket.owner === c.me && ticket.state === 'working';
  const turn = (state: 'working' | 'open', owner: string | null, what: string): void =>
    void o.change({ state, owner }).then((ok) => ok && setSaid(what));
  return (
    <>
      <div className="deeds">
        {ticket.state === 'closed' ? (
          <Button size="large" loading={o.doing.busy} onClick={() => turn('open', ticket.owner, say(w.reopened))}>
            {say(w.reopen)}
          </Button>
        ) : (
          <>
            <Button type="primary" size="large" onClick={() => setOpen('close')}>
              {say(w.close)}…
            </Button>
            {!mine && (
              <Button size="large" loading={o.doing.busy} onClick={() => turn('working', c.me, say(w.taken))}>
                {say(w.take)}
              </Button>
            )}
            <Button size="large" onClick={() => setOpen('hand')}>
              {say(w.handOver)}…
            </Button>
          </>
        )}
      </div>
      <p className="sr" role="status">
        {said}
      </p>
      <Sheet title={say(open === 'hand' ? w.toWhom : w.how)} open={open !== null} onClose={() => setOpen(null)}>
        {open === 'close' && <CloseSheet o={o} onDone={() => done(say(w.done))} />}
        {open === 'hand' && <HandOver o={o} c={c} ticket={ticket} onDone={() => done(say(w.handed))} />}
        {open !== null && <Refused failure={o.doing.failure} />}
      </Sheet>
    </>
  );
}

function stateFacts(ticket: Ticket, c: Tickets, { say, locale }: Here): Fact[] {
  const d = c.departments.find((x) => x.name === ticket.department);
  const outcome = ticket.outcome;
  return [
    [say(w.department), own(d ? departmentTitle(locale, d) : (ticket.department ?? '—'))],
    [say(w.owner), ticket.owner ? own(ticket.owner) : say(w.nobody)],
    [say(w.priority), <span className={`priority ${ticket.priority}`}>{say(w[ticket.priority])}</span>],
    ...(outcome ? [[say(w.outcome), isOutcome(outcome) ? say(w[outcome]) : own(outcome)] as const] : []),
  ];
}

function Head({ ticket }: { readonly ticket: Ticket }): ReactNode {
  const { say } = useHere();
  const states = { open: w.stateOpen, working: w.stateWorking, closed: w.stateClosed };
  return (
    <header className="ticket-head">
      <h2 className="num">#{ticket.id}</h2>
      <span className={`badge ${ticket.state}`}>{say(states[ticket.state])}</span>
      <span className="quiet small ticket-due">
        <Due ticket={ticket} />
      </span>
    </header>
  );
}

export function One({ id, c, listAt }: { readonly id: string; readonly c: Tickets; readonly listAt: string }): ReactNode {
  const here = useHere();
  const { say } = here;
  const titled = useTicketTitle();
  const o = useTicket(id, c.inbox.put);
  return (
    <article className="card ticket">
      <Link to={listAt} className="split-back">
        {say(w.back)}
      </Link>
      <Load load={o.load} again={o.again} rows={8}>
        {(ticket) => (
          <>
            <Head ticket={ticket} />
            {!ticket.voice?.words && (
              <p className="ticket-words" translate="no">
                {titled(ticket.title)}
              </p>
            )}
            {ticket.voice && <Heard voice={ticket.voice} />}
            <Facts facts={stateFacts(ticket, c, here)} />
            {ticket.note && (
              <section>
                <h3>{say(w.note)}</h3>
                <p className="ticket-noted" translate="no">
                  {ticket.note}
                </p>
              </section>
            )}
            <Refused failure={o.doing.failure} />
            <Deeds o={o} c={c} ticket={ticket} />
            <Case ticket={ticket} departments={c.departments} />
          </>
        )}
      </Load>
    </article>
  );
}

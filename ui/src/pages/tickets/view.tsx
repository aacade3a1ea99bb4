// The inbox: which tickets, one of them, and the three taps that close it.
import { Button, Empty, Input } from 'antd';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { age, count } from '../../lib/format';
import { departmentTitle, useNames } from '../../lib/names';
import type { Ticket } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import { useWide } from '../../lib/wide';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { Pills } from '../../parts/Pills';
import { Split } from '../../parts/Split';
import { Refused } from '../../parts/Refused';
import { isLate, useTickets, views, type Tickets } from './ctrl';
import { One } from './One';
import { page } from './page';
import './tickets.css';
import { w } from './words';

// The address of this list with one thing changed.
function address(changes: Readonly<Record<string, string>>): string {
  const url = new URL(window.location.href);
  for (const [k, v] of Object.entries(changes)) {
    if (v) url.searchParams.set(k, v);
    else url.searchParams.delete(k);
  }
  return url.pathname + url.search;
}

export function Due({ ticket }: { readonly ticket: Ticket }): ReactNode {
  const { say, locale } = useHere();
  if (ticket.state === 'closed') return <span>{say(w.doneAt, { when: age(locale, ticket.closed_at) })}</span>;
  if (!ticket.due_at) return <span>{say(w.opened, { when: age(locale, ticket.opened_at) })}</span>;
  const late = isLate(ticket, Date.now());
  return <span className={late ? 'late' : ''}>{say(late ? w.late : w.due, { when: age(locale, ticket.due_at) })}</span>;
}

// A voice without words is called by its score: "score:rating5 = 2" is "Stars 1–5: 2".
export function useTicketTitle(): (title: string) => string {
  const names = useNames();
  return (title) => {
    const [, column, value] = /^(score:\S+) = (.+)$/.exec(title) ?? [];
    return column === undefined ? title : `${names.column(column)} · ${value}`;
  };
}

function Row({ ticket, current, where }: { readonly ticket: Ticket; readonly current: boolean; readonly where: string }): ReactNode {
  const { say } = useHere();
  const title = useTicketTitle()(ticket.title);
  const pressing = ticket.priority === 'urgent' || ticket.priority === 'high';
  return (
    <li>
      <Link to={address({ id: String(ticket.id) })} current={current} className="row ticket-row">
        <span className="ticket-title" translate="no">
          {title}
        </span>
        <span className="ticket-line quiet small">
          {pressing && <b className={`priority ${ticket.priority}`}>{say(w[ticket.priority])}</b>}
          <Due ticket={ticket} />
          <span translate="no">{ticket.owner ?? where}</span>
        </span>
      </Link>
    </li>
  );
}

function List({ c, shown }: { readonly c: Tickets; readonly shown: string }): ReactNode {
  const { say, t, locale } = useHere();
  const { inbox } = c;
  const titles = useMemo(() => new Map(c.departments.map((d) => [d.name, departmentTitle(locale, d)])), [c.departments, locale]);
  return (
    <Load
      load={inbox.load}
      again={inbox.again}
      rows={8}
      empty={(v) => v.tickets.length === 0}
      hint={
        <>
          <p>{say(w.none)}</p>
          <p>
            {say(w.noneHint)} <Link to="/rules">{say(w.toRules)}</Link>
          </p>
        </>
      }
    >
      {({ total }) => (
        <>
          <p className="quiet small tickets-total" role="status">
            {total === 1 ? say(w.one) : say(w.total, { n: count(locale, total) })}
            {inbox.changed && (
              <Button type="link" size="small" onClick={inbox.again}>
                {say(w.fresh)}
              </Button>
            )}
          </p>
          <ul className="rows">
            {inbox.tickets.map((ticket) => (
              <Row
                key={ticket.id}
                ticket={ticket}
                current={String(ticket.id) === shown}
                where={titles.get(ticket.department ?? '') ?? ticket.department ?? ''}
              />
            ))}
          </ul>
          {inbox.more && (
            <Button block className="tickets-more" onClick={inbox.more}>
              {t('more')}
            </Button>
          )}
          <Refused failure={inbox.failure} />
        </>
      )}
    </Load>
  );
}

function Filters({ c }: { readonly c: Tickets }): ReactNode {
  const { say, locale } = useHere();
  const [find, setFind] = useState(c.question.find);
  useEffect(() => setFind(c.question.find), [c.question.find]);
  return (
    <div className="tickets-filters">
      <Pick
        label={say(w.department)}
        value={c.question.department}
        onPick={c.setDepartment}
        choices={[
          { value: '', label: say(w.everyDepartment) },
          ...c.departments.map((d) => ({ value: d.name, label: departmentTitle(locale, d) })),
        ]}
      />
      <Input
        type="search"
        aria-label={say(w.searchHint)}
        placeholder={say(w.searchHint)}
        value={find}
        onChange={(e) => {
          setFind(e.target.value);
          if (e.target.value === '') c.setFind('');
        }}
        onPressEnter={() => c.setFind(find)}
        onBlur={() => c.setFind(find)}
      />
    </div>
  );
}

export default function View(): ReactNode {
  const { say } = useHere();
  const c = useTickets();
  const first = useWide() ? String(c.inbox.tickets[0]?.id ?? '') : ''; // beside the list something is always open
  const shown = c.id || first;
  return (
    <>
      <div className={c.id ? 'head tickets-head' : 'head'}>
        <h1>{say(page.title)}</h1>
      </div>
      <Split
        open={c.id !== ''}
        list={
          <div data-tour="tickets">
            <Pills
              label={say(w.views)}
              pills={views.map((v) => ({
                to: address({ view: v === 'open' ? '' : v, id: '' }),
                label: say(w[v]),
                current: v === c.question.view,
              }))}
            />
            <Filters c={c} />
            <List c={c} shown={shown} />
          </div>
        }
        one={
          shown ? (
            <One key={shown} id={shown} c={c} listAt={address({ id: '' })} />
          ) : (
            <div className="card">
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say(w.choose)} />
            </div>
          )
        }
      />
    </>
  );
}

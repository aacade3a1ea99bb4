// Messages: what left, what waits, and why; what failed can be sent again.
import { Button, Empty } from 'antd';
import type { ReactNode } from 'react';
import { path, send, useLoad } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { count, when } from '../../lib/format';
import { useHere } from '../../lib/session';
import { useParam } from '../../lib/url';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pills } from '../../parts/Pills';
import { Refused } from '../../parts/Refused';
import { states, type Deed, type Deeds } from './ctrl';
import { w } from './words';

const to = (state: string): string => `/outbox?part=messages${state ? `&state=${state}` : ''}`;

function Row({ d, doing, onAgain }: { readonly d: Deed; readonly doing: Doing; readonly onAgain: (d: Deed) => void }): ReactNode {
  const { say, locale } = useHere();
  const title = d.payload?.title ?? String(d.id);
  return (
    <tr>
      <th scope="row" translate="no">
        {title}
      </th>
      <td data-label={say(w.where)} translate="no">
        {d.endpoint}
      </td>
      <td data-label={say(w.state)} className={d.state === 'failed' ? 'bad' : ''}>
        {say(w[d.state])}
      </td>
      <td data-label={say(w.tries)} className="num">
        {count(locale, d.attempts ?? 0)}
      </td>
      <td data-label={say(w.moment)}>
        {d.state === 'pending' ? say(w.due, { when: when(locale, d.due_at) }) : when(locale, d.done_at ?? d.due_at)}
      </td>
      <td data-label={say(w.why)} className="small quiet" translate="no" lang="en">
        {d.error}
      </td>
      <td className="end">
        {d.state !== 'done' && (
          <Button size="small" disabled={doing.busy} aria-label={say(w.againOne, { title })} onClick={() => onAgain(d)}>
            {say(w.again)}
          </Button>
        )}
      </td>
    </tr>
  );
}

function Table({ deeds, doing, onAgain }: { readonly deeds: readonly Deed[]; readonly doing: Doing; readonly onAgain: (d: Deed) => void }): ReactNode {
  const { say } = useHere();
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{say(w.what)}</th>
          <th scope="col">{say(w.where)}</th>
          <th scope="col">{say(w.state)}</th>
          <th scope="col" className="num">
            {say(w.tries)}
          </th>
          <th scope="col">{say(w.moment)}</th>
          <th scope="col">{say(w.why)}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {deeds.map((d) => (
          <Row key={d.id} d={d} doing={doing} onAgain={onAgain} />
        ))}
      </tbody>
    </table>
  );
}

export function Messages(): ReactNode {
  const { say } = useHere();
  const [state] = useParam('state');
  const [cursor] = useParam('cursor');
  const [load, again] = useLoad<Deeds>(path('/outbox', { state, cursor, limit: 50 }));
  const doing = useDoing(again);
  const onAgain = (d: Deed): void =>
    void doing
      .run(async () => {
        await send('POST', path(`/outbox/${d.id}/again`));
      })
      .then(again);
  return (
    <section className="card">
      <Pills
        label={say(w.states)}
        pills={states.map((x) => ({ to: to(x), label: say(w[x || 'all']), current: x === state }))}
      />
      <Refused failure={doing.failure} />
      <Load load={load} again={again} rows={6}>
        {(v) =>
          v.deeds.length === 0 ? (
            <Empty description={say(w.noMessages)} />
          ) : (
            <>
              <Table deeds={v.deeds} doing={doing} onAgain={onAgain} />
              {v.next_cursor && (
                <p>
                  <Link to={`${to(state)}&cursor=${encodeURIComponent(v.next_cursor)}`}>{say(w.more)}</Link>
                </p>
              )}
            </>
          )
        }
      </Load>
    </section>
  );
}

// The outbox: places outside and how it goes there, what left and what waits, and when customers are written to.
import type { ReactNode } from 'react';
import { useHere } from '../../lib/session';
import '../../parts/table.css';
import { Pills } from '../../parts/Pills';
import { parts, useOutbox, type Outbox } from './ctrl';
import { Endpoints } from './Endpoints';
import { Messages } from './Messages';
import './outbox.css';
import { page } from './page';
import { PolicyForm } from './Policy';
import { w } from './words';

function Part({ c }: { readonly c: Outbox }): ReactNode {
  switch (c.part) {
    case 'endpoints':
      return <Endpoints c={c} />;
    case 'messages':
      return <Messages />;
    case 'policy':
      return <PolicyForm />;
  }
}

export default function View(): ReactNode {
  const { say } = useHere();
  const c = useOutbox();
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        <p className="quiet">{say(w.hint)}</p>
      </div>
      <Pills
        label={say(w.parts)}
        pills={parts.map((x) => ({ to: x === 'endpoints' ? '/outbox' : `/outbox?part=${x}`, label: say(w[x]), current: x === c.part }))}
      />
      <Part c={c} />
    </>
  );
}

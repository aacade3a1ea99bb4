// Settings: people, departments, keys, the taxonomy, the audit.
import type { ReactNode } from 'react';
import { useHere } from '../../lib/session';
import '../../parts/table.css';
import { Keys } from '../../parts/Keys';
import { Pills } from '../../parts/Pills';
import { Account } from './Account';
import { AuditView } from './Audit';
import { useParts, type PartName } from './ctrl';
import { Departments } from './Departments';
import { page } from './page';
import { People } from './People';
import './settings.css';
import { TaxonomyView } from './Taxonomy';
import { w } from './words';

function Part({ part }: { readonly part: PartName }): ReactNode {
  switch (part) {
    case 'account':
      return <Account />;
    case 'people':
      return <People />;
    case 'departments':
      return <Departments />;
    case 'keys':
      return (
        <section className="card">
          <Keys />
        </section>
      );
    case 'taxonomy':
      return <TaxonomyView />;
    case 'audit':
      return <AuditView />;
  }
}

export default function View(): ReactNode {
  const { say } = useHere();
  const { mine, part } = useParts();
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
      </div>
      <Pills
        label={say(w.parts)}
        pills={mine.map((p) => ({ to: `/settings?part=${p}`, label: say(w[p]), current: p === part }))}
      />
      <Part part={part} />
    </>
  );
}

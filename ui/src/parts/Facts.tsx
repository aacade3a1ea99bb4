// What is known about a thing: names and values, the unknown left out.
import type { ReactNode } from 'react';
import './facts.css';

export type Fact = readonly [name: string, value: ReactNode];

export function Facts({ facts, title }: { readonly facts: readonly Fact[]; readonly title?: string }): ReactNode {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (known.length === 0) return null;
  return (
    <>
      {title && <h3>{title}</h3>}
      <dl className="facts">
        {known.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

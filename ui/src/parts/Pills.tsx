// Ways between the parts of one page; each is an address.
import type { ReactNode } from 'react';
import { Link } from './Link';
import './pills.css';

export interface Pill {
  readonly to: string;
  readonly label: string;
  readonly current: boolean;
  readonly own?: boolean; // its label is somebody's own words
}

export function Pills({ label, pills }: { readonly label: string; readonly pills: readonly Pill[] }): ReactNode {
  return (
    <nav className="pills" aria-label={label}>
      {pills.map((p) => (
        <Link key={p.to} to={p.to} current={p.current} className="pill">
          {p.own ? <span translate="no">{p.label}</span> : p.label}
        </Link>
      ))}
    </nav>
  );
}

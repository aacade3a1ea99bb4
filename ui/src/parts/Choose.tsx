// One of a few, side by side; arrows move as in any group of radio buttons.
import { useId, type ReactNode } from 'react';
import './choose.css';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[];
  readonly onChange: (v: T) => void;
  readonly look?: 'switch' | 'tabs';
}

export function Choose<T extends string>({ label, value, options, onChange, look = 'switch' }: Props<T>): ReactNode {
  const name = useId();
  return (
    <div className={`choose ${look}`} role="radiogroup" aria-label={label}>
      {options.map((o) => (
        <label key={o.value} className={o.value === value ? 'on' : undefined}>
          <input type="radio" name={name} checked={o.value === value} onChange={() => onChange(o.value)} />
          {o.label}
        </label>
      ))}
    </div>
  );
}

// One of several: the browser's own select, so that phones show their own wheel and dialogs do not hide it.
import { useId, type ReactNode } from 'react';
import './pick.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

interface Props {
  readonly label: string; // read aloud; shown only when shown is set
  readonly shown?: boolean;
  readonly value: string;
  readonly onPick: (value: string) => void;
  readonly choices: readonly Choice[];
  readonly disabled?: boolean;
}

function options(choices: readonly Choice[]): ReactNode {
  return choices.map((c) => (
    <option key={c.value} value={c.value}>
      {c.label}
    </option>
  ));
}

export function Pick({ label, shown = false, value, onPick, choices, disabled = false }: Props): ReactNode {
  const id = useId();
  const groups = [...new Set(choices.map((c) => c.group ?? ''))];
  return (
    <div className="field">
      <label htmlFor={id} className={shown ? '' : 'sr'}>
        {label}
      </label>
      <select id={id} className="pick" value={value} disabled={disabled} onChange={(e) => onPick(e.target.value)}>
        {groups.map((g) => {
          const inside = options(choices.filter((c) => (c.group ?? '') === g));
          return g ? (
            <optgroup key={g} label={g}>
              {inside}
            </optgroup>
          ) : (
            inside
          );
        })}
      </select>
    </div>
  );
}

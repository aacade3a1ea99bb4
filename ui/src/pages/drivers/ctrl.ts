// What the page of drivers knows: an outcome, what "0" means, and which signals; all of it in the address.
import { path, useLoad, type Loaded } from '../../lib/api';
import type { Column, Columns } from '../../lib/shapes';
import { useParam } from '../../lib/url';

export type Quadrant = 'fix' | 'keep' | 'low' | 'overkill';
export interface Driver {
  readonly name: string;
  readonly missing: number;
  readonly not_applicable: number;
  readonly importance: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly significant: boolean;
  readonly rank: number;
  readonly rank_held: number | null;
  readonly slope: number | null;
  readonly slope_low: number | null;
  readonly slope_high: number | null;
  readonly vif: number | null;
  readonly performance: number | null;
  readonly performance_low: number | null;
  readonly performance_high: number | null;
  readonly quadrant: Quadrant;
  readonly borderline: boolean;
  readonly penalty: number | null;
  readonly penalty_low: number | null;
  readonly penalty_high: number | null;
  readonly reward: number | null;
  readonly reward_low: number | null;
  readonly reward_high: number | null;
  readonly kind: 'pain' | 'delight' | null;
  readonly odds: number | null;
}
export interface Drivers {
  readonly outcome: string;
  readonly answers: number;
  readonly n: number;
  readonly incomplete: number;
  readonly r2: number;
  readonly r2_low: number | null;
  readonly r2_high: number | null;
  readonly method: 'lmg' | 'johnson';
  readonly condition: number | null;
  readonly rounds: number;
  readonly importance_cut: number | null;
  readonly performance_cut: number | null;
  readonly drivers: readonly Driver[];
  readonly notices: readonly { readonly code: 'zeros' | 'separation' | 'no_logit' }[];
}

export interface Asked {
  readonly outcomes: readonly string[];
  readonly outcome: string;
  readonly setOutcome: (o: string) => void;
  readonly candidates: readonly string[];
  readonly chosen: readonly string[]; // none: the server chooses
  readonly setChosen: (names: readonly string[]) => void;
  readonly na: string;
  readonly setNa: (n: string) => void;
  readonly where: string;
  readonly setWhere: (w: string) => void;
  readonly load: Loaded<Drivers | null>; // null: there are no numbers yet
  readonly again: () => void;
}

const isNumber = (c: Column): boolean => c.kind === 'num' && !c.of_mention && c.present > 0 && c.name !== 'confidence';

export function useDrivers(): Asked {
  const [columns, columnsAgain] = useLoad<Columns>(path('/columns'));
  const numbers = (columns.state === 'ready' ? columns.value.columns : []).filter(isNumber).map((c) => c.name);
  const scores = numbers.filter((n) => n.startsWith('score:'));
  const outcomes = [...scores, ...numbers.filter((n) => !scores.includes(n))];
  const [asked, setOutcome] = useParam('outcome');
  const outcome = asked || (outcomes[0] ?? '');
  const [names, setNames] = useParam('with');
  const [na, setNa] = useParam('na');
  const [where, setWhere] = useParam('where');
  const [answer, answerAgain] = useLoad<Drivers>(outcome === '' ? null : path('/drivers', { outcome, with: names, na, where }));
  const nothing = columns.state === 'ready' && (outcome === '' || numbers.length < 2);
  const load: Loaded<Drivers | null> = columns.state === 'failed' ? columns : nothing ? { state: 'ready', value: null } : answer;
  return {
    outcomes,
    outcome,
    setOutcome,
    candidates: numbers.filter((n) => n !== outcome),
    chosen: names === '' ? [] : names.split(','),
    setChosen: (list) => setNames(list.join(',')),
    na,
    setNa,
    where,
    setWhere,
    load,
    again: columns.state === 'failed' ? columnsAgain : answerAgain,
  };
}

const cell = (v: string | number | boolean | null): string => {
  const text = v === null ? '' : String(v);
  const safe = typeof v === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const KEYS = ['name', 'rank', 'importance', 'low', 'high', 'significant', 'rank_held', 'slope', 'slope_low', 'slope_high', 'vif', 'odds', 'performance', 'performance_low', 'performance_high', 'quadrant', 'borderline', 'penalty', 'penalty_low', 'penalty_high', 'reward', 'reward_low', 'reward_high', 'kind', 'missing', 'not_applicable'] as const;

export function csvOf(d: Drivers): string {
  const lines = [[...KEYS], ...d.drivers.map((x) => KEYS.map((k) => x[k]))];
  return `${lines.map((l) => l.map(cell).join(',')).join('\r\n')}\r\n`;
}

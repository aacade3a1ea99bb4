// What the page of pains and delights knows: the ranking, and the matrix of its aspects.
import { path, useKept, useLoad, type Loaded } from '../../lib/api';
import type { Table } from '../../lib/csv';
import { useHere } from '../../lib/session';
import type { Cell, Columns, Finding, Findings, Tally } from '../../lib/shapes';
import { useParam } from '../../lib/url';
import { both } from '../../lib/where';

export type Kind = 'pains' | 'delights';
const RANKED = 10;
const ALL = 100;
const ACROSS = 12; // columns of the matrix
const DOWN = 16;
const WIDEST = 60; // a column with more values is no use across
const usual = ['touchpoint', 'product', 'channel'];

export interface Pains {
  readonly kind: Kind;
  readonly setKind: (k: Kind) => void;
  readonly where: string;
  readonly setWhere: (w: string) => void;
  readonly by: string;
  readonly setBy: (b: string) => void;
  readonly bys: readonly string[];
  readonly ranked: Loaded<Findings>;
  readonly rankAgain: () => void;
  readonly all: boolean; // the whole ranking, not just its top
  readonly showAll: () => void;
  readonly matrix: Loaded<Tally>;
  readonly matrixAgain: () => void;
}

export function usePains(): Pains {
  const { locale } = useHere();
  const [kind, setKind] = useParam('kind', 'pains');
  const [where, setWhere] = useParam('where');
  const columns = useKept<Columns>(path('/columns'));
  const fit = (columns?.columns ?? []).filter(
    (c) => !c.of_mention && c.kind === 'text' && c.present > 0 && (c.distinct ?? 0) > 1 && (c.distinct ?? 0) <= WIDEST,
  );
  const bys = [...usual.filter((u) => fit.some((c) => c.name === u)), ...fit.map((c) => c.name).filter((n) => !usual.includes(n))];
  const [chosen, setBy] = useParam('by');
  const by = chosen || (bys[0] ?? '');
  const [all, setAll] = useParam('all');
  const which: Kind = kind === 'delights' ? 'delights' : 'pains';
  const [ranked, rankAgain] = useLoad<Findings>(path(`/${which}`, { where, limit: all === '' ? RANKED : ALL, lang: locale }));
  const spoken = both(where, 'aspect is not missing');
  const [matrix, matrixAgain] = useLoad<Tally>(
    by === '' ? null : path('/tally', { metric: 'nss', by: `aspect,${by}`, where: spoken }),
  );
  return { kind: which, setKind, where, setWhere, by, setBy, bys, ranked, rankAgain, all: all !== '', showAll: () => setAll('1'), matrix, matrixAgain };
}

// The ranking as rows with a head, in the server's names.
export function tableOf(list: readonly Finding[]): Table {
  const head = ['aspect', 'title', 'polarity', 'n', 'reach', 'reach_low', 'reach_high', 'strength', 'effect', 'effect_low', 'effect_high', 'effect_n', 'impact', 'where', 'quote'];
  return [
    head,
    ...list.map((f) => [
      f.aspect, f.title, f.polarity, f.n, f.reach.value, f.reach.low, f.reach.high, f.strength, f.effect.value, f.effect.low,
      f.effect.high, f.effect.n, f.impact, f.spots.map((s) => `${s.column} ${s.value} ${s.from ?? ''} ${s.to ?? ''}`.trim()).join('; '),
      f.quotes[0]?.words,
    ]),
  ];
}

export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly at: (row: string, column: string) => Cell | undefined;
}

function largest(cells: readonly Cell[], by: string, most: number): string[] {
  const sums = new Map<string, number>();
  for (const c of cells) {
    const v = c.key[by];
    if (v !== null && v !== undefined) sums.set(String(v), (sums.get(String(v)) ?? 0) + c.signals);
  }
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, most).map(([v]) => v);
}

// Rows in the order of the ranking, the rest of the places by size; columns by size.
export function matrixOf(t: Tally, by: string, first: readonly string[]): Matrix {
  const found = new Map(t.cells.map((c) => [`${c.key['aspect']}\n${c.key[by]}`, c]));
  const present = new Set(t.cells.map((c) => String(c.key['aspect'])));
  const rows = [...first.filter((a) => present.has(a)), ...largest(t.cells, 'aspect', DOWN)];
  return {
    rows: [...new Set(rows)].slice(0, DOWN),
    columns: largest(t.cells, by, ACROSS),
    at: (row, column) => found.get(`${row}\n${column}`),
  };
}

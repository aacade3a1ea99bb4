// What exploring knows: one metric by at most two columns under a filter, all of it in the address.
import { useMemo } from 'react';
import { path, useLoad, type Loaded } from '../../lib/api';
import { scoresOf } from '../../lib/names';
import type { Column, Columns, Tally } from '../../lib/shapes';
import { groupedBy, printQuestion, type Look } from '../../lib/tally';
import { useParam } from '../../lib/url';

export const times = ['day', 'week', 'month', 'quarter', 'year'] as const;
const GROUPS_MOST = 400; // a column with more values is a list, not a grouping

export interface Explore {
  readonly columns: readonly Column[];
  readonly metrics: Readonly<Record<'scores' | 'amount' | 'shares' | 'means', readonly string[]>>;
  readonly groups: readonly string[];
  readonly metric: string;
  readonly setMetric: (m: string) => void;
  readonly by: string;
  readonly setBy: (b: string) => void;
  readonly and: string;
  readonly setAnd: (b: string) => void;
  readonly where: string;
  readonly setWhere: (w: string) => void;
  readonly look: Look;
  readonly setLook: (l: Look) => void;
  readonly load: Loaded<Tally>;
  readonly again: () => void;
  readonly question: string; // as it is saved
}

function metricsOf(columns: Columns): Explore['metrics'] {
  const has = (name: string): boolean => columns.columns.some((c) => c.name === name && c.present > 0);
  const numbers = columns.columns.filter((c) => c.kind === 'num' && c.present > 0 && !c.of_mention && c.name !== 'confidence');
  return {
    scores: scoresOf(columns),
    amount: ['count'],
    shares: [
      ...(has('sentiment') ? ['share:sentiment=negative', 'share:sentiment=positive'] : []),
      ...(has('intent') ? ['share:intent=complaint', 'share:intent=praise', 'share:intent=churn'] : []),
    ],
    means: numbers.map((c) => `mean:${c.name}`),
  };
}

export function useExplore(): Explore {
  const [columnsLoad, columnsAgain] = useLoad<Columns>(path('/columns'));
  const [chosen, setMetric] = useParam('metric');
  const [by, setBy] = useParam('by', 'month');
  const [and, setAnd] = useParam('and');
  const [where, setWhere] = useParam('where');
  const [look, setLook] = useParam('view', 'chart');
  const columns = columnsLoad.state === 'ready' ? columnsLoad.value : null;
  const metrics = useMemo(() => metricsOf(columns ?? { columns: [] }), [columns]);
  const metric = chosen || metrics.scores[0] || 'count';
  const groups = (columns?.columns ?? [])
    .filter((c) => c.kind !== 'num' && c.kind !== 'time' && c.present > 0 && (c.distinct ?? 0) <= GROUPS_MOST)
    .map((c) => c.name);
  const looked: Look = look === 'table' ? 'table' : 'chart';
  const [load, again] = useLoad<Tally>(columns ? path('/tally', { metric, by: groupedBy({ by, and }), where }) : null);
  return {
    columns: columns?.columns ?? [], metrics, groups, metric, setMetric, by, setBy, and, setAnd, where, setWhere,
    look: looked,
    setLook,
    question: printQuestion({ metric, by, and: and === by ? '' : and, where, look: looked }),
    load: columnsLoad.state === 'failed' ? columnsLoad : load,
    again: columnsLoad.state === 'failed' ? columnsAgain : again,
  };
}

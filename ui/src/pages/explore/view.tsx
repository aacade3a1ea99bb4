// Any metric by up to two columns, drawn or as a table; what was asked can be sent, saved and taken along.
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { saveText } from '../../lib/csv';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Cell } from '../../lib/shapes';
import { csvOf, type Look } from '../../lib/tally';
import { go } from '../../lib/url';
import { answered, both, cellWhere } from '../../lib/where';
import { Answer } from '../../parts/Answer';
import { Choose } from '../../parts/Choose';
import { Filter } from '../../parts/Filter';
import { voicesAt } from '../../parts/Found';
import { Load } from '../../parts/Load';
import { Pick, type Choice } from '../../parts/Pick';
import { times, useExplore, type Explore } from './ctrl';
import './explore.css';
import { page } from './page';
import { Save } from './Save';
import { w } from './words';

function Question({ x }: { readonly x: Explore }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const metrics: Choice[] = (['scores', 'amount', 'shares', 'means'] as const).flatMap((g) =>
    x.metrics[g].map((m) => ({ value: m, label: names.metric(m), group: say(w[g]) })),
  );
  if (!metrics.some((m) => m.value === x.metric)) metrics.push({ value: x.metric, label: names.metric(x.metric) });
  const groups: Choice[] = [
    ...times.map((d) => ({ value: d, label: names.column(d), group: say(w.time) })),
    ...x.groups.map((g) => ({ value: g, label: names.column(g), group: say(w.attributes) })),
  ];
  const none = (value: string): Choice => ({ value, label: say(w.nothing) });
  return (
    <div className="question" data-tour="explore">
      <Pick shown label={say(w.metric)} value={x.metric} choices={metrics} onPick={x.setMetric} />
      <Pick shown label={say(w.by)} value={x.by} choices={[none('none'), ...groups]} onPick={x.setBy} />
      <Pick
        shown
        label={say(w.and)}
        value={x.and}
        choices={[none(''), ...groups.filter((g) => g.value !== x.by)]}
        onPick={x.setAnd}
      />
    </div>
  );
}

function Tools({ x, title }: { readonly x: Explore; readonly title: string }): ReactNode {
  const { say, may } = useHere();
  const [copied, setCopied] = useState(false);
  const [saving, setSaving] = useState(false);
  const copy = (): void => {
    void navigator.clipboard?.writeText(window.location.href).then(() => setCopied(true));
  };
  return (
    <div className="tools">
      <Choose<Look>
        label={say(w.view)}
        value={x.look}
        onChange={x.setLook}
        options={[
          { value: 'chart', label: say(w.asChart) },
          { value: 'table', label: say(w.asTable) },
        ]}
      />
      <Button onClick={copy} aria-live="polite">
        {say(copied ? w.copied : w.copy)}
      </Button>
      {may('export') && x.load.state === 'ready' && (
        <Button onClick={() => x.load.state === 'ready' && saveText(x.load.value.metric, csvOf(x.load.value))}>{say(w.asCsv)}</Button>
      )}
      <Button type="primary" onClick={() => setSaving(true)}>
        {say(w.keep)}
      </Button>
      <Save open={saving} onClose={() => setSaving(false)} title={title} question={x.question} />
    </div>
  );
}

// What the question is called until somebody calls it otherwise: "Net promoter score by month and channel".
function useTitle(x: Explore): string {
  const { say } = useHere();
  const names = useNames();
  const metric = names.metric(x.metric);
  const within = (name: string): string => names.column(name).replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  const by = x.by === 'none' ? '' : within(x.by);
  const and = x.and === '' || x.and === x.by ? '' : within(x.and);
  if (by && and) return say(w.titleTwo, { metric, by, and });
  return by || and ? say(w.titleOne, { metric, by: by || and }) : metric;
}

export default function View(): ReactNode {
  const { say } = useHere();
  const x = useExplore();
  const title = useTitle(x);
  const metric = x.load.state === 'ready' ? x.load.value.metric : '';
  const open = (c: Cell): void => go(voicesAt(both(x.where, metric === '' ? '' : answered(metric), cellWhere(c.key))));
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        <p className="quiet">{say(w.hint)}</p>
      </div>
      <Question x={x} />
      <Filter where={x.where} onChange={x.setWhere} />
      <section className="card page-column">
        <div className="card-head">
          <h2>{title}</h2>
          <Tools x={x} title={title} />
        </div>
        <Load load={x.load} again={x.again} rows={12} empty={(t) => t.cells.length === 0}>
          {(t) => (
            <>
              <Answer tally={t} look={x.look} open={open} />
              <p className="quiet small foot num">
                {say(w.defined, { id: t.definition, v: t.version, n: t.minimum_n })} · {say(w.hollow)}
              </p>
            </>
          )}
        </Load>
      </section>
    </>
  );
}

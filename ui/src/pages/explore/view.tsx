// Any metric by up to two columns: over time as lines with bands, by a group as dots with whiskers, by two
// groups as a matrix; or all of it as a table.
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { count, number, period } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Cell, Tally } from '../../lib/shapes';
import { go } from '../../lib/url';
import { answered, both, cellWhere } from '../../lib/where';
import { Choose } from '../../parts/Choose';
import { DotPlot } from '../../parts/DotPlot';
import { Filter } from '../../parts/Filter';
import { voicesAt } from '../../parts/Found';
import { HeatTable } from '../../parts/HeatTable';
import { Load } from '../../parts/Load';
import { Pick, type Choice } from '../../parts/Pick';
import { rangeOf, Trend } from '../../parts/Trend';
import { csvOf, groupsOf, isTime, keysOf, sorted, times, useExplore, type Explore, type Look } from './ctrl';
import { page } from './page';
import { w } from './words';

const PANELS = 12;
const ROWS = 40;

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
    <div className="question">
      <Pick shown label={say(w.metric)} value={x.metric} choices={metrics} onPick={x.setMetric} />
      <Pick shown label={say(w.by)} value={x.by} choices={[none('none'), ...groups]} onPick={x.setBy} />
      <Pick shown
        label={say(w.and)}
        value={x.and}
        choices={[none(''), ...groups.filter((g) => g.value !== x.by)]}
        onPick={x.setAnd}
      />
    </div>
  );
}

interface ShownProps {
  readonly tally: Tally;
  readonly open: (c: Cell) => void;
}

function Panels({ tally, time, group, open }: ShownProps & { readonly time: string; readonly group: string }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const all = groupsOf(tally.cells, group);
  const some = all.slice(0, PANELS);
  const scale = rangeOf(some.flatMap((g) => g.cells));
  return (
    <>
      <div className="panels">
        {some.map((g) => (
          <figure key={String(g.key)}>
            <h3>{names.value(group, g.key)}</h3>
            <Trend
              cells={sorted(g.cells, time)}
              by={time}
              metric={tally.metric}
              unit={tally.unit}
              height={150}
              scale={scale}
              onPick={open}
            />
          </figure>
        ))}
      </div>
      {all.length > some.length && <p className="quiet small foot">{say(w.firstOnes, { n: some.length, all: all.length })}</p>}
    </>
  );
}

function Crossed({ tally, keys, open }: ShownProps & { readonly keys: readonly [string, string] }): ReactNode {
  const names = useNames();
  const [down, across] = keys;
  const { metric } = tally;
  const heads = (by: string, most: number): { key: string; label: string }[] =>
    groupsOf(tally.cells, by)
      .filter((g) => g.key !== null)
      .slice(0, most)
      .map((g) => ({ key: String(g.key), label: names.value(by, g.key) }));
  const found = new Map(tally.cells.map((c) => [`${c.key[down]}\n${c.key[across]}`, c]));
  const signedScore = metric.startsWith('nps') || metric.startsWith('nss');
  const most = Math.max(...tally.cells.map((c) => Math.abs(c.value ?? 0)), 1e-9);
  return (
    <HeatTable
      caption={`${names.metric(metric)}: ${names.column(down)} × ${names.column(across)}`}
      corner={names.column(down)}
      rows={heads(down, ROWS)}
      columns={heads(across, PANELS)}
      cell={(r, c) => found.get(`${r}\n${c}`)}
      middle={signedScore ? 0 : null}
      reach={signedScore ? 100 : most}
      digits={metric === 'count' ? 0 : 1}
      onPick={open}
    />
  );
}

function Drawn({ tally, open }: ShownProps): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const [one = '', two = ''] = keysOf(tally);
  const counts = tally.metric === 'count';
  if (two !== '') {
    if (isTime(one)) return <Panels tally={tally} time={one} group={two} open={open} />;
    if (isTime(two)) return <Panels tally={tally} time={two} group={one} open={open} />;
    return <Crossed tally={tally} keys={[one, two]} open={open} />;
  }
  if (isTime(one) && tally.cells.length > 1)
    return (
      <Trend cells={sorted(tally.cells, one)} by={one} metric={tally.metric} unit={tally.unit} height={360} onPick={open} />
    );
  const all = sorted(tally.cells, one);
  const rows = all.slice(0, ROWS).map((cell) => ({
    label: one === '' ? names.metric(tally.metric) : names.value(one, cell.key[one] ?? null),
    cell,
  }));
  return (
    <>
      <DotPlot
        rows={rows}
        caption={names.metric(tally.metric)}
        head={names.column(one)}
        counts={counts}
        percent={tally.unit === '%'}
        onPick={open}
      />
      {all.length > ROWS && <p className="quiet small foot">{say(w.firstOnes, { n: ROWS, all: all.length })}</p>}
    </>
  );
}

function AsTable({ tally, open }: ShownProps): ReactNode {
  const { say, t, locale } = useHere();
  const names = useNames();
  const keys = keysOf(tally);
  const digits = tally.metric === 'count' ? 0 : 1;
  const label = (k: string, c: Cell): string =>
    isTime(k) ? period(locale, k, String(c.key[k] ?? '')) : names.value(k, c.key[k] ?? null);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={names.metric(tally.metric)}>
      <table className="cells">
        <thead>
          <tr>
            {keys.map((k) => (
              <th scope="col" key={k}>
                {names.column(k)}
              </th>
            ))}
            {[t('value'), say(w.low), say(w.high), 'n', say(w.missing), say(w.off)].map((h) => (
              <th scope="col" className="num" key={h}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tally.cells.map((c) => (
            <tr key={keys.map((k) => c.key[k]).join('\n')}>
              {keys.map((k, i) =>
                i === 0 ? (
                  <th scope="row" key={k}>
                    <button type="button" className="plain" onClick={() => open(c)}>
                      {label(k, c)}
                    </button>
                  </th>
                ) : (
                  <td key={k}>{label(k, c)}</td>
                ),
              )}
              <td className="num">
                <b>{number(locale, c.value, digits)}</b>
                {c.value === null && <span className="quiet">{t(c.reason === 'too_few' ? 'tooFew' : 'noAnswer')}</span>}
              </td>
              <td className="num quiet">{number(locale, c.low)}</td>
              <td className="num quiet">{number(locale, c.high)}</td>
              <td className="num">{count(locale, c.n)}</td>
              <td className="num quiet">{count(locale, c.missing)}</td>
              <td className="num quiet">{count(locale, c.invalid)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function save(tally: Tally): void {
  const at = URL.createObjectURL(new Blob(['\ufeff', csvOf(tally)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = at;
  link.download = `heed-${tally.metric.replace(/[^\w-]+/g, '-')}.csv`;
  link.click();
  URL.revokeObjectURL(at);
}

function Tools({ x }: { readonly x: Explore }): ReactNode {
  const { say, may } = useHere();
  const [copied, setCopied] = useState(false);
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
        <Button onClick={() => x.load.state === 'ready' && save(x.load.value)}>{say(w.asCsv)}</Button>
      )}
    </div>
  );
}

export default function View(): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const x = useExplore();
  const metric = x.load.state === 'ready' ? x.load.value.metric : '';
  const open = (c: Cell): void => go(voicesAt(both(x.where, metric === '' ? '' : answered(metric), cellWhere(c.key))));
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
      </div>
      <Question x={x} />
      <Filter where={x.where} onChange={x.setWhere} />
      <section className="card page-column">
        <div className="card-head">
          <h2>{names.metric(x.metric)}</h2>
          <Tools x={x} />
        </div>
        <Load load={x.load} again={x.again} rows={12} empty={(t) => t.cells.length === 0}>
          {(t) => (
            <>
              {x.look === 'table' ? <AsTable tally={t} open={open} /> : <Drawn tally={t} open={open} />}
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

// Why a metric moved: the change, the slices that explain it in their own words, and what each value added.
import { Button } from 'antd';
import type { CSSProperties, ReactNode } from 'react';
import { count, number, period, range, signed } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import { both } from '../../lib/where';
import { Choose } from '../../parts/Choose';
import { Filter } from '../../parts/Filter';
import { voicesAt } from '../../parts/Found';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { Marked } from '../../parts/Quote';
import { Trend } from '../../parts/Trend';
import { csvOf, useWhy, type Asked, type Condition, type Mode, type Part, type Slice, type Split, type Why } from './ctrl';
import { page } from './page';
import './why.css';
import { w } from './words';

function download(answer: Why): void {
  const at = URL.createObjectURL(new Blob(['\ufeff', csvOf(answer)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = at;
  link.download = `heed-why-${answer.metric.replace(/[^\w-]+/g, '-')}.csv`;
  link.click();
  URL.revokeObjectURL(at);
}

function Change({ a }: { readonly a: Why }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const unclear = a.low !== null && a.high !== null && a.low <= 0 && a.high >= 0;
  const fact = (name: string, value: ReactNode, more: ReactNode, big = false): ReactNode => (
    <div className={big ? 'why-big' : undefined}>
      <dt>{name}</dt>
      <dd className="num">
        {value} <span className="quiet small">{more}</span>
      </dd>
    </div>
  );
  return (
    <section className="card" aria-label={say(a.mode === 'change' ? w.moved : w.whole)}>
      <dl className="why-change">
        {a.mode === 'change' && fact(say(w.moved), `${signed(locale, a.change) ?? '–'} ${names.unit(a.unit)}`, range(locale, a.low, a.high), true)}
        {a.before && fact(say(w.before), number(locale, a.before.value) ?? '–', `n = ${count(locale, a.before.n)}`)}
        {fact(say(a.mode === 'change' ? w.now : w.whole), number(locale, a.now.value) ?? '–', `n = ${count(locale, a.now.n)}`, a.mode === 'level')}
      </dl>
      {a.mode === 'change' && unclear && <p className="quiet">{say(w.unclear)}</p>}
    </section>
  );
}

function useConditionWords(): (c: Condition) => string {
  const { say } = useHere();
  const names = useNames();
  const op = { '=': '=', '<=': '≤', '>': '>', missing: '' } as const;
  return (c) =>
    c.op === 'missing'
      ? say(w.isMissing, { what: names.column(c.column) })
      : `${names.column(c.column)} ${op[c.op]} ${names.value(c.column, c.value)}`;
}

function SliceCard({ s, a }: { readonly s: Slice; readonly a: Why }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const words = useConditionWords();
  const worse = (s.effect ?? 0) < 0;
  const level = a.mode === 'level';
  const arrow = (x: number | null, y: number | null): string =>
    level ? (number(locale, y) ?? '–') : `${number(locale, x) ?? '–'} → ${number(locale, y) ?? '–'}`;
  return (
    <article className={`why-slice ${worse ? 'worse' : 'better'}`}>
      <h3 className="why-where" translate="no">
        {s.conditions.map((c) => (
          <span key={c.column}>{words(c)}</span>
        ))}
      </h3>
      <dl className="why-figures num">
        <div>
          <dt>{say(w.inside)}</dt>
          <dd>
            <b>{arrow(s.before?.value ?? null, s.now.value)}</b> <span className="quiet small">n = {count(locale, s.now.n)}</span>
          </dd>
        </div>
        <div>
          <dt>{say(w.elsewhere)}</dt>
          <dd>
            {arrow(s.rest_before.value, s.rest_now.value)} <span className="quiet small">n = {count(locale, s.rest_now.n)}</span>
          </dd>
        </div>
        <div>
          <dt>{say(level ? w.effectLevel : w.effect)}</dt>
          <dd>
            <b>{signed(locale, s.effect)}</b> <span className="quiet small">{range(locale, s.low, s.high)}</span>
          </dd>
        </div>
        <div>
          <dt>{say(w.part)}</dt>
          <dd>{signed(locale, s.contribution, 2)}</dd>
        </div>
      </dl>
      {s.says.length > 0 && (
        <p>
          <span className="quiet small">{say(worse ? w.blamed : w.praised)}</span>{' '}
          {s.says
            .map((x) =>
              say(level ? w.sayingElse : w.sayingBefore, {
                what: names.aspect(x.aspect),
                a: number(locale, x.share) ?? '',
                b: number(locale, x.other) ?? '',
              }),
            )
            .join(' · ')}
        </p>
      )}
      {s.voices.slice(0, 3).map((v) => (
        <blockquote key={v.id}>
          <Marked voice={v} />
        </blockquote>
      ))}
      <Link to={voicesAt(both(a.now_where ?? '', s.where))}>{say(w.listen)} →</Link>
    </article>
  );
}

function Slices({ a }: { readonly a: Why }): ReactNode {
  const { say, locale } = useHere();
  return (
    <section className="card" aria-label={say(w.slices)}>
      <h2>{say(w.slices)}</h2>
      {a.slices.length === 0 ? (
        <p>{say(w.none)}</p>
      ) : (
        <div className="why-slices">
          {a.slices.map((s) => (
            <SliceCard key={s.where} s={s} a={a} />
          ))}
        </div>
      )}
      <p className="quiet small">
        {say(w.slicesHint, { n: count(locale, Math.round(a.candidates)) })}{' '}
        {a.searched < a.rows && say(w.partly, { n: count(locale, a.searched), all: count(locale, a.rows) })}
      </p>
    </section>
  );
}

// A bar from where the parts before it ended: mix pale, rate full.
function Bar({ from, mix, rate, low, high }: { readonly from: number; readonly mix: number; readonly rate: number; readonly low: number; readonly high: number }): ReactNode {
  const at = (v: number): number => (100 * (v - low)) / (high - low || 1);
  const piece = (a: number, b: number): CSSProperties => ({ left: `${at(Math.min(a, b))}%`, width: `${Math.max(Math.abs(at(b) - at(a)), 0.3)}%` });
  return (
    <div className="why-bar" aria-hidden="true">
      {low < 0 && high > 0 && <span className="zero" style={{ left: `${at(0)}%` }} />}
      <span className={`of-mix ${mix < 0 ? 'down' : 'up'}`} style={piece(from, from + mix)} />
      <span className={rate < 0 ? 'down' : 'up'} style={piece(from + mix, from + mix + rate)} />
    </div>
  );
}

const MOST = 14;
function shortened(parts: readonly Part[], name: string): readonly Part[] {
  if (parts.length <= MOST) return parts;
  const rest = parts.slice(MOST - 1);
  const sum = (of: (p: Part) => number | null): number => rest.reduce((s, p) => s + (of(p) ?? 0), 0);
  const last: Part = { value: name, rest: false, n_before: sum((p) => p.n_before), n: sum((p) => p.n), before: null, now: null, mix: sum((p) => p.mix), rate: sum((p) => p.rate), total: sum((p) => p.total), p_adjusted: null };
  return [...parts.slice(0, MOST - 1), last];
}

function Waterfall({ split }: { readonly split: Split }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const parts = shortened(split.parts, '…');
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((s, p) => s + (p.total ?? 0), 0));
  const ends = parts.flatMap((p, i) => [starts[i]!, starts[i]! + (p.mix ?? 0), starts[i]! + (p.total ?? 0), 0]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const title = say(w.waterfall, { what: names.column(split.column) });
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={title}>
      <table className="why-fall num">
        <caption className="sr">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{names.column(split.column)}</th>
            <th scope="col" className="wide">
              {say(w.before)}
            </th>
            <th scope="col" className="wide">
              {say(w.now)}
            </th>
            <th scope="col" className="wide">
              n
            </th>
            <th scope="col">
              <span className="sr">{say(w.moved)}</span>
            </th>
            <th scope="col" className="wide">
              {say(w.mix)}
            </th>
            <th scope="col" className="wide">
              {say(w.rate)}
            </th>
            <th scope="col">{say(w.total)}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((p, i) => (
            <tr key={`${p.value} ${p.rest}`}>
              <th scope="row">{p.rest ? say(w.others) : <span translate="no">{names.value(split.column, p.value)}</span>}</th>
              <td className="wide">{number(locale, p.before) ?? '–'}</td>
              <td className="wide">{number(locale, p.now) ?? '–'}</td>
              <td className="wide quiet small">
                {count(locale, p.n_before)} → {count(locale, p.n)}
              </td>
              <td className="track">
                <Bar from={starts[i]!} mix={p.mix ?? 0} rate={p.rate ?? 0} low={low} high={high} />
              </td>
              <td className="wide">{signed(locale, p.mix, 2)}</td>
              <td className="wide">{signed(locale, p.rate, 2)}</td>
              <td>
                {signed(locale, p.total, 2)}
                {p.p_adjusted !== null && p.p_adjusted < 0.05 ? ' *' : ''}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{say(w.all)}</th>
            <td className="wide" />
            <td className="wide" />
            <td className="wide" />
            <td />
            <td className="wide">{signed(locale, split.mix, 2)}</td>
            <td className="wide">{signed(locale, split.rate, 2)}</td>
            <td>{signed(locale, (split.mix ?? 0) + (split.rate ?? 0), 2)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Splits({ a, x }: { readonly a: Why; readonly x: Asked }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const split = a.splits.find((s) => s.column === x.by) ?? a.splits[0];
  if (!split) return null;
  return (
    <section className="card" aria-label={say(w.waterfall, { what: names.column(split.column) })}>
      <div className="card-head">
        <h2>{say(w.waterfall, { what: names.column(split.column) })}</h2>
        <Pick shown label={say(w.by)} value={split.column} onPick={x.setBy} choices={a.splits.map((s) => ({ value: s.column, label: names.column(s.column) }))} />
      </div>
      <Waterfall split={split} />
      <p className="quiet small">{say(w.waterfallHint)}</p>
    </section>
  );
}

function Over({ x }: { readonly x: Asked }): ReactNode {
  const { say } = useHere();
  if (x.trend.state !== 'ready' || x.months.length < 2) return null;
  const at = x.months.indexOf(x.month);
  const shade = [x.months[at + 1], x.months[at]].filter((m) => m !== undefined);
  const happenings =
    x.mode === 'change' ? shade.map((m) => ({ from: m, to: m, what: say(m === x.month ? w.now : w.before), good: true })) : [];
  return (
    <section className="card" aria-label={say(w.trend)}>
      <h2>{say(w.trend)}</h2>
      <Trend cells={x.trend.value.cells} by="month(occurred_at)" metric={x.metric} unit={x.trend.value.unit} happenings={happenings} />
    </section>
  );
}

function Ask({ x }: { readonly x: Asked }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const metrics = x.metrics.includes(x.metric) || x.metric === '' ? x.metrics : [...x.metrics, x.metric];
  const months = x.months.includes(x.month) || x.month === '' ? x.months : [x.month, ...x.months];
  return (
    <>
      <Pick label={say(w.metric)} value={x.metric} onPick={x.setMetric} choices={metrics.map((m) => ({ value: m, label: names.metric(m) }))} />
      <Choose<Mode>
        label={say(w.mode)}
        value={x.mode}
        onChange={x.setMode}
        options={[
          { value: 'change', label: say(w.change) },
          { value: 'level', label: say(w.level) },
        ]}
      />
      {x.mode === 'change' && (
        <Pick label={say(w.month)} value={x.month} onPick={x.setMonth} choices={months.map((m) => ({ value: m, label: period(locale, 'month(occurred_at)', m) }))} />
      )}
    </>
  );
}

export default function View(): ReactNode {
  const { say, may } = useHere();
  const x = useWhy();
  const answer = x.load.state === 'ready' ? x.load.value : null;
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        {may('export') && answer && <Button onClick={() => download(answer)}>{say(w.asCsv)}</Button>}
      </div>
      <Filter where={x.where} onChange={x.setWhere}>
        <Ask x={x} />
      </Filter>
      <div className="column page-column">
        <Load load={x.load} again={x.again} rows={12} empty={(a) => !a || (a.now.n === 0 && (a.before?.n ?? 0) === 0)} hint={say(w.noMetric)}>
          {(a) => a && (
            <>
              <Change a={a} />
              <Slices a={a} />
              <Over x={x} />
              <Splits a={a} x={x} />
            </>
          )}
        </Load>
      </div>
    </>
  );
}

// What drives an outcome: the map of importance and performance, each driver with its doubt, pain or delight.
import { Button } from 'antd';
import type { CSSProperties, ReactNode } from 'react';
import { count, number, range } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import { Choose } from '../../parts/Choose';
import { Filter } from '../../parts/Filter';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { csvOf, useDrivers, type Asked, type Driver, type Drivers, type Quadrant } from './ctrl';
import './drivers.css';
import { page } from './page';
import { w } from './words';

function download(d: Drivers): void {
  const at = URL.createObjectURL(new Blob(['\ufeff', csvOf(d)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = at;
  link.download = `heed-drivers-${d.outcome.replace(/[^\w-]+/g, '-')}.csv`;
  link.click();
  URL.revokeObjectURL(at);
}

// "aspect:delivery.speed?" and "city=Rome" are the customer's own words; columns we know have names.
function useDriverName(): (name: string) => string {
  const names = useNames();
  return (name) => {
    const aspect = /^aspect:([^?]*)(\??)$/.exec(name);
    if (aspect) return `${names.aspect(aspect[1] ?? '')}${aspect[2]}`;
    const [column = '', value] = name.split('=');
    return value === undefined ? names.column(name) : `${names.column(column)} = ${names.value(column, value)}`;
  };
}

function Model({ d }: { readonly d: Drivers }): ReactNode {
  const { say, locale } = useHere();
  const name = useDriverName();
  return (
    <section className="card" aria-label={say(w.model)}>
      <dl className="drivers-facts num">
        <div>
          <dt>{say(w.explains, { what: name(d.outcome) })}</dt>
          <dd>
            {number(locale, 100 * d.r2)} % <span className="quiet small">{d.r2_low !== null && d.r2_high !== null && range(locale, 100 * d.r2_low, 100 * d.r2_high)}</span>
          </dd>
        </div>
        <div>
          <dt>{say(w.complete)}</dt>
          <dd>
            {count(locale, d.n)} {d.incomplete > 0 && <span className="quiet small">{say(w.incomplete, { n: count(locale, d.incomplete) })}</span>}
          </dd>
        </div>
        <div title={say(w.entangledHint)}>
          <dt>{say(w.entangled)}</dt>
          <dd>{number(locale, d.condition) ?? '–'}</dd>
        </div>
      </dl>
      {d.notices.map((n) => (
        <p key={n.code}>{say(w[n.code])}</p>
      ))}
      <p className="quiet small">{say(w.association)}</p>
    </section>
  );
}

// ---- the map ----

const WIDE = 760;
const HIGH = 460;
const EDGE = { left: 56, right: 24, top: 24, bottom: 44 };

function MapCard({ d }: { readonly d: Drivers }): ReactNode {
  const { say, locale } = useHere();
  const name = useDriverName();
  const top = Math.max(...d.drivers.map((x) => x.high ?? x.importance), 1) * 1.06;
  const ends = d.drivers.flatMap((x) => [x.performance_low, x.performance_high]).filter((v) => v !== null);
  const [from, to] = [Math.max(0, Math.min(...ends, 100) - 5), Math.min(100, Math.max(...ends, 0) + 5)];
  const x = (v: number): number => EDGE.left + ((v - from) / (to - from || 1)) * (WIDE - EDGE.left - EDGE.right);
  const y = (v: number): number => HIGH - EDGE.bottom - (v / top) * (HIGH - EDGE.top - EDGE.bottom);
  const corners: readonly (readonly [Quadrant, number, number, 'start' | 'end'])[] = [
    ['fix', EDGE.left + 8, EDGE.top + 12, 'start'],
    ['keep', WIDE - EDGE.right - 4, EDGE.top + 12, 'end'],
    ['low', EDGE.left + 8, HIGH - EDGE.bottom - 8, 'start'],
    ['overkill', WIDE - EDGE.right - 4, HIGH - EDGE.bottom - 8, 'end'],
  ];
  return (
    <section className="card" aria-label={say(w.map)}>
      <h2>{say(w.map)}</h2>
      <svg className="drivers-map num" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={say(w.mapIs, { n: d.drivers.length })}>
        <line className="axis" x1={EDGE.left} x2={WIDE - EDGE.right} y1={y(0)} y2={y(0)} />
        <line className="axis" x1={EDGE.left} x2={EDGE.left} y1={EDGE.top} y2={y(0)} />
        <line className="cut" x1={EDGE.left} x2={WIDE - EDGE.right} y1={y(d.importance_cut ?? 0)} y2={y(d.importance_cut ?? 0)} />
        <line className="cut" x1={x(d.performance_cut ?? 0)} x2={x(d.performance_cut ?? 0)} y1={EDGE.top} y2={y(0)} />
        {corners.map(([q, cx, cy, anchor]) => (
          <text key={q} className="corner" x={cx} y={cy} textAnchor={anchor}>
            {say(w[q])}
          </text>
        ))}
        <text className="corner" x={WIDE - EDGE.right} y={HIGH - 12} textAnchor="end">
          {say(w.performance)} →
        </text>
        <text className="corner" x={EDGE.left} y={HIGH - 12}>
          {number(locale, from, 0)}
        </text>
        <text className="corner" x={16} y={EDGE.top - 8}>
          ↑ {say(w.importance)} %
        </text>
        <text className="corner" x={EDGE.left - 8} y={y(d.importance_cut ?? 0) + 4} textAnchor="end">
          {number(locale, d.importance_cut)}
        </text>
        {[...d.drivers].reverse().map((v) => (
          <g key={v.name} className={`${v.quadrant} ${v.borderline ? 'borderline' : ''}`}>
            <title>{`${v.rank}. ${name(v.name)}`}</title>
            {v.low !== null && v.high !== null && <line className="whisker" x1={x(v.performance ?? 0)} x2={x(v.performance ?? 0)} y1={y(v.low)} y2={y(v.high)} />}
            {v.performance_low !== null && v.performance_high !== null && (
              <line className="whisker" x1={x(v.performance_low)} x2={x(v.performance_high)} y1={y(v.importance)} y2={y(v.importance)} />
            )}
            <circle cx={x(v.performance ?? 0)} cy={y(v.importance)} r={11} />
            <text className="number" x={x(v.performance ?? 0)} y={y(v.importance) + 4}>
              {v.rank}
            </text>
          </g>
        ))}
      </svg>
      <p className="quiet small">{say(w.mapHint)}</p>
    </section>
  );
}

// ---- each driver ----

const share = (v: number, from: number, to: number): number => (100 * (v - from)) / (to - from || 1);
const piece = (a: number, b: number, from: number, to: number): CSSProperties => ({
  left: `${share(Math.min(a, b), from, to)}%`,
  width: `${Math.max(share(Math.max(a, b), from, to) - share(Math.min(a, b), from, to), 0.4)}%`,
});

function ImportanceRow({ v, top }: { readonly v: Driver; readonly top: number }): ReactNode {
  const { say, locale } = useHere();
  const name = useDriverName();
  return (
    <tr>
      <td>{v.rank}</td>
      <th scope="row" translate="no" title={name(v.name)}>
        {name(v.name)}
      </th>
      <td className="track">
        <div className="drivers-bar" aria-hidden="true">
          {v.significant && <span className="amount" style={piece(0, v.importance, 0, top)} />}
          {v.low !== null && v.high !== null && <span className="doubt" style={piece(v.low, v.high, 0, top)} />}
        </div>
      </td>
      <td>
        {v.significant ? <b>{number(locale, v.importance)} %</b> : <span className="quiet">{say(w.nought)}</span>}{' '}
        <span className="quiet small wide">{range(locale, v.low, v.high)}</span>
      </td>
      <td className="wide">{v.rank_held === null ? '–' : `${number(locale, v.rank_held, 0)} %`}</td>
      <td className="wide">
        {number(locale, v.slope, 3) ?? '–'} <span className="quiet small">{range(locale, v.slope_low, v.slope_high, 3)}</span>
      </td>
      <td className="wide">{number(locale, v.vif) ?? '–'}</td>
      <td className="wide">{number(locale, v.performance, 0) ?? '–'}</td>
      <td className="left">
        {say(w[v.quadrant])}
        {v.borderline && <span className="quiet small"> ({say(w.borderline)})</span>}
      </td>
      <td className="wide">{count(locale, v.missing + v.not_applicable)}</td>
    </tr>
  );
}

function Table({ d }: { readonly d: Drivers }): ReactNode {
  const { say } = useHere();
  const top = Math.max(...d.drivers.map((v) => v.high ?? v.importance), 1);
  const head = (word: keyof typeof w, more: { readonly hint?: string; readonly className?: string } = {}): ReactNode => (
    <th scope="col" className={more.className} title={more.hint}>
      {say(w[word])}
    </th>
  );
  return (
    <section className="card" aria-label={say(w.table)}>
      <h2>{say(w.table)}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={say(w.table)}>
        <table className="drivers-table num">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr">{say(w.rank)}</span>
              </th>
              {head('driver', { className: 'left' })}
              {head('importance', { hint: say(w.importanceHint), className: 'left' })}
              <th scope="col">%</th>
              {head('held', { hint: say(w.heldHint, { n: d.rounds }), className: 'wide' })}
              {head('slope', { hint: say(w.slopeHint), className: 'wide' })}
              {head('vif', { className: 'wide' })}
              {head('performance', { className: 'wide' })}
              <th scope="col">
                <span className="sr">{say(w.map)}</span>
              </th>
              {head('missing', { className: 'wide' })}
            </tr>
          </thead>
          <tbody>
            {d.drivers.map((v) => (
              <ImportanceRow key={v.name} v={v} top={top} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Asymmetry({ d }: { readonly d: Drivers }): ReactNode {
  const { say, locale } = useHere();
  const name = useDriverName();
  const rated = d.drivers.filter((v) => v.penalty !== null && v.reward !== null);
  const ends = rated.flatMap((v) => [v.penalty_low ?? 0, v.reward_high ?? 0, v.penalty ?? 0, v.reward ?? 0, 0]);
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  if (rated.length === 0) return null;
  return (
    <section className="card" aria-label={say(w.asymmetry)}>
      <h2>{say(w.asymmetry)}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={say(w.asymmetry)}>
        <table className="drivers-table num">
          <thead>
            <tr>
              <th scope="col" className="left">
                {say(w.driver)}
              </th>
              <th scope="col">{say(w.penalty)}</th>
              <th scope="col">
                <span className="sr">{say(w.asymmetry)}</span>
              </th>
              <th scope="col">{say(w.reward)}</th>
              <th scope="col">
                <span className="sr">{say(w.asymmetry)}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rated.map((v) => (
              <tr key={v.name}>
                <th scope="row" translate="no">
                  {name(v.name)}
                </th>
                <td>{number(locale, v.penalty, 3)}</td>
                <td className="track">
                  <div className="drivers-bar" aria-hidden="true">
                    <span className="penalty" style={piece(0, v.penalty ?? 0, from, to)} />
                    <span className="reward" style={piece(0, v.reward ?? 0, from, to)} />
                    {v.penalty_low !== null && v.penalty_high !== null && <span className="doubt" style={piece(v.penalty_low, v.penalty_high, from, to)} />}
                    {v.reward_low !== null && v.reward_high !== null && <span className="doubt" style={piece(v.reward_low, v.reward_high, from, to)} />}
                    <span className="zero" style={{ left: `${share(0, from, to)}%` }} />
                  </div>
                </td>
                <td>{number(locale, v.reward, 3)}</td>
                <td className="left">{v.kind && say(w[v.kind])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet small">{say(w.asymmetryHint)}</p>
    </section>
  );
}

// ---- asking ----

function Chosen({ x }: { readonly x: Asked }): ReactNode {
  const { say } = useHere();
  const name = useDriverName();
  const toggle = (c: string): void => x.setChosen(x.chosen.includes(c) ? x.chosen.filter((n) => n !== c) : [...x.chosen, c]);
  return (
    <details className="card drivers-choose" open={x.chosen.length > 0}>
      <summary>{say(w.choose)}</summary>
      <p className="quiet small">{say(w.chooseHint)}</p>
      <ul>
        {x.candidates.map((c) => (
          <li key={c}>
            <label>
              <input type="checkbox" checked={x.chosen.includes(c)} onChange={() => toggle(c)} />
              <span translate="no">{name(c)}</span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

export default function View(): ReactNode {
  const { say, may } = useHere();
  const name = useDriverName();
  const x = useDrivers();
  const answer = x.load.state === 'ready' ? x.load.value : null;
  const outcomes = x.outcome === '' || x.outcomes.includes(x.outcome) ? x.outcomes : [...x.outcomes, x.outcome];
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        {may('export') && answer && <Button onClick={() => download(answer)}>{say(w.asCsv)}</Button>}
      </div>
      <Filter where={x.where} onChange={x.setWhere}>
        <Pick label={say(w.outcome)} value={x.outcome} onPick={x.setOutcome} choices={outcomes.map((o) => ({ value: o, label: name(o) }))} />
        <Choose<string>
          label={say(w.na)}
          value={x.na === '0' ? '0' : ''}
          onChange={x.setNa}
          options={[
            { value: '', label: say(w.naNot) },
            { value: '0', label: say(w.naIs) },
          ]}
        />
      </Filter>
      <div className="column page-column">
        <Chosen x={x} />
        <Load load={x.load} again={x.again} rows={12} empty={(d) => !d || d.drivers.length === 0} hint={say(w.none)}>
          {(d) => d && (
            <>
              <Model d={d} />
              <MapCard d={d} />
              <Table d={d} />
              <Asymmetry d={d} />
            </>
          )}
        </Load>
      </div>
    </>
  );
}

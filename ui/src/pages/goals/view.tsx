// The goals: each root as a tree with status, forecast and contribution, and the waterfall of its change.
import { Button, Empty } from 'antd';
import type { ReactNode } from 'react';
import { day, number, range, signed } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import { difference } from '../../lib/stats';
import { Delta } from '../../parts/Delta';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { csvOf, NEW, spans, useGoals, waterfall, type Goals, type Node, type Tree } from './ctrl';
import { Form } from './Form';
import './goals.css';
import { page } from './page';
import { Waterfall } from './Waterfall';
import { w } from './words';

const digitsOf = (n: Node): number => (n.unit === '' && Math.abs(n.now.value ?? 0) >= 100 ? 0 : 1);

function Status({ n }: { readonly n: Node }): ReactNode {
  const { say } = useHere();
  const text =
    n.status === 'none' ? w.noTarget : n.status === 'reached' ? (n.sure ? w.reached : w.reachedMaybe) : w[n.status];
  return <span className={`goal-status ${n.status}`}>{say(text)}</span>;
}

// Where it is between what it was and the target: the interval as a band, the target as a line.
function Track({ n }: { readonly n: Node }): ReactNode {
  const target = n.goal.target ?? null;
  const value = n.now.value;
  if (target === null || value === null) return null;
  const points = [target, value, n.now.low ?? value, n.now.high ?? value, n.before.value ?? value];
  const room = (Math.max(...points) - Math.min(...points)) * 0.08 || 1;
  const [low, high] = [Math.min(...points) - room, Math.max(...points) + room];
  const at = (v: number): number => (100 * (v - low)) / (high - low);
  return (
    <div className="goal-track" aria-hidden="true">
      <span className="band" style={{ left: `${at(n.now.low ?? value)}%`, width: `${at(n.now.high ?? value) - at(n.now.low ?? value)}%` }} />
      {n.before.value !== null && <span className="was" style={{ left: `${at(n.before.value)}%` }} />}
      <span className="is" style={{ left: `${at(value)}%` }} />
      <span className="target" style={{ left: `${at(target)}%` }} />
    </div>
  );
}

function Forecast({ n }: { readonly n: Node }): ReactNode {
  const { say, locale } = useHere();
  const f = n.forecast;
  if (!f || f.value === null) return null;
  const d = digitsOf(n);
  return (
    <span title={say(w.forecastHint, { day: day(locale, f.at), n: f.weeks, how: say(w[f.kind]) })}>
      {say(w.forecast, { v: number(locale, f.value, d) ?? '', range: range(locale, f.low, f.high, d) })}
    </span>
  );
}

function Figures({ n }: { readonly n: Node }): ReactNode {
  const { say, locale, t } = useHere();
  const names = useNames();
  const d = digitsOf(n);
  const change = difference(n.now, n.before);
  const target = n.goal.target ?? null;
  const beyond = n.gap !== null && (n.goal.better === 'down' ? n.gap >= 0 : n.gap <= 0);
  return (
    <>
      <p className="goal-value num">
        <b>{number(locale, n.now.value, d) ?? <span className="quiet">{t(n.now.reason === 'too_few' ? 'tooFew' : 'noAnswer')}</span>}</b>
        {n.now.value !== null && n.unit && <span className="quiet small"> {names.unit(n.unit)}</span>}
        {n.now.low !== null && <span className="quiet small"> {range(locale, n.now.low, n.now.high, d)}</span>}
        {change ? (
          <Delta change={change} upIsGood={n.goal.better !== 'down'} />
        ) : (
          n.change !== null && <span className="quiet small"> {signed(locale, n.change, d)}</span>
        )}
      </p>
      <p className="goal-facts quiet small num">
        {target !== null && (
          <span>
            {say(w.target, { v: number(locale, target, d) ?? '' })}
            {n.goal.target_at && ` ${say(w.by, { day: day(locale, n.goal.target_at) })}`}
            {n.gap !== null && ` · ${say(beyond ? w.beyond : w.gap, { v: number(locale, Math.abs(n.gap), d) ?? '' })}`}
          </span>
        )}
        <Forecast n={n} />
        {n.goal.owner && (
          <span>
            {say(w.owner, { who: '' })}
            <span translate="no">{n.goal.owner}</span>
          </span>
        )}
        <span>n = {number(locale, n.now.n, 0)}</span>
      </p>
    </>
  );
}

function Branch({ tree, n, c }: { readonly tree: Tree; readonly n: Node; readonly c: Goals }): ReactNode {
  const { say, locale, may } = useHere();
  const below = tree.goals.filter((g) => g.parent === n.goal.name);
  const broken = n.quality.find((q) => q.broken);
  return (
    <li className="goal">
      <div className={`goal-node ${n.status}`}>
        <p className="goal-title">
          <span className="goal-kind small quiet">{say(w[n.goal.kind ?? 'kpi'])}</span>
          <Link to={`/metric?m=${encodeURIComponent(n.goal.metric ?? '')}`}>
            <b translate="no">{n.title[locale]}</b>
          </Link>
          <Status n={n} />
          {broken && <span className="goal-degraded small">⚠ {say(w.degraded, { rule: broken.rule })}</span>}
          {may('metrics.write') && (
            <Button size="small" type="text" onClick={() => c.edit(n.goal.name ?? '')} aria-label={`${say(w.edit)}: ${n.title[locale]}`}>
              {say(w.edit)}
            </Button>
          )}
        </p>
        <Figures n={n} />
        <Track n={n} />
      </div>
      {below.length > 0 && (
        <ul className="goal-below">
          {below.map((g) => (
            <Branch key={g.goal.name} tree={tree} n={g} c={c} />
          ))}
        </ul>
      )}
    </li>
  );
}

function save(text: string, name: string): void {
  const at = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = at;
  link.download = `heed-${name.replace(/[^\w-]+/g, '-')}.csv`;
  link.click();
  URL.revokeObjectURL(at);
}

function Moved({ tree, root }: { readonly tree: Tree; readonly root: Node }): ReactNode {
  const { say, locale, may } = useHere();
  const bars = waterfall(tree, root);
  const split = root.segments.length > 0;
  return (
    <section className="card">
      <div className="card-head">
        <h2>{say(w.waterfall, { goal: root.title[locale] })}</h2>
        {may('export') && bars.length > 0 && <Button onClick={() => save(csvOf(bars), root.goal.name ?? 'goal')}>{say(w.csv)}</Button>}
      </div>
      {bars.length === 0 ? (
        <p className="quiet">{say(root.goal.relation ? w.noData : w.noParts)}</p>
      ) : (
        <>
          <Waterfall tree={tree} root={root} bars={bars} />
          <p className="quiet small foot">{say(w.exact, { how: say(split ? w.mixRate : w.shapley) })}</p>
        </>
      )}
    </section>
  );
}

function Trees({ tree, c }: { readonly tree: Tree; readonly c: Goals }): ReactNode {
  const roots = tree.goals.filter((g) => g.parent === null);
  return roots.map((root) => (
    <div key={root.goal.name} className="goal-pair">
      <section className="card">
        <ul className="goal-tree">
          <Branch tree={tree} n={root} c={c} />
        </ul>
      </section>
      <Moved tree={tree} root={root} />
    </div>
  ));
}

export default function View(): ReactNode {
  const { say, may } = useHere();
  const c = useGoals();
  const close = (): void => c.edit('');
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        <p className="quiet">{say(w.hint)}</p>
        {may('metrics.write') && (
          <Button type="primary" onClick={() => c.edit(NEW)}>
            {say(w.fresh)}
          </Button>
        )}
      </div>
      <div className="goal-span">
        <Pick label={say(w.days)} shown value={c.days} onPick={c.setDays} choices={spans.map((n) => ({ value: n, label: say(w.lastDays, { n }) }))} />
      </div>
      {c.editing === NEW && <Form key={NEW} c={c} old={null} onDone={close} />}
      {c.one && <Form key={c.one.goal.name} c={c} old={c.one} onDone={close} />}
      <Load
        load={c.load}
        again={c.again}
        rows={10}
      >
        {(tree) =>
          tree.goals.length === 0 ? (
            <Empty
              description={
                <>
                  <p>{say(w.none)}</p>
                  <p className="quiet">{say(w.noneHint)}</p>
                </>
              }
            />
          ) : (
            <Trees tree={tree} c={c} />
          )
        }
      </Load>
    </>
  );
}

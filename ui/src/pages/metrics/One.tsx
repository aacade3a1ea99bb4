// One metric: its figure, what it means, how it went, where it differs, how its definition changed.
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { useConditionText } from '../../lib/conditions';
import { age, count, day, number, range } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import { go } from '../../lib/url';
import { answered, both, cellWhere } from '../../lib/where';
import { DotPlot } from '../../parts/DotPlot';
import { Facts } from '../../parts/Facts';
import { voicesAt } from '../../parts/Found';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { csvOf, splitRows, trendRows, units, useShown, type Definition, type Metrics, type Shown, type Value } from './ctrl';
import { Form } from './Form';
import { MetricTrend, TrendNotes } from './Trend';
import { abouts, w } from './words';

const own = (formula: string): boolean => /^(csi|gap|ratio|rate|repurchase|count)\b/.test(formula);
const rowsOf = (m: Definition): string => both(m.population ?? '', own(m.formula) ? '' : answered(m.formula));

function save(name: string, text: string): void {
  const at = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = at;
  link.download = `heed-${name.replace(/[^\w-]+/g, '-')}.csv`;
  link.click();
  URL.revokeObjectURL(at);
}

export function useTitle(): (m: Definition) => string {
  const { locale } = useHere();
  return (m) => m.title[locale];
}

function Broken({ v }: { readonly v: Value }): ReactNode {
  const { say, locale } = useHere();
  return v.quality
    .filter((q) => q.broken)
    .map((q) => (
      <p key={q.rule} className="metric-degraded">
        ⚠ {say(w.degraded, { rule: q.rule, found: q.found === null ? say(w.never) : (number(locale, q.found) ?? '') })}
      </p>
    ));
}

function Now({ m, v }: { readonly m: Definition; readonly v: Value }): ReactNode {
  const { say, locale, t } = useHere();
  const names = useNames();
  const c = v.cells[0];
  if (!c) return null;
  const whole = m.formula === 'count';
  const why = c.reason === 'too_few' ? t('tooFew') : t('noAnswer');
  return (
    <div className="metric-now">
      <p className="metric-figure num">
        {number(locale, c.value, whole ? 0 : 1) ?? <span className="quiet">{why}</span>}
        {c.value !== null && v.unit !== '' && <small className="quiet"> {names.unit(v.unit)}</small>}
      </p>
      <p className="quiet small num">
        {c.low !== null && `${t('interval')} ${range(locale, c.low, c.high)} · `}
        n = {count(locale, c.n)} · {m.window_days === null ? say(w.allTime) : say(w.lastDays, { n: m.window_days })}
        {v.newest && ` · ${t('newest')} ${age(locale, v.newest)}`}
      </p>
      <Broken v={v} />
      <p>
        <Link to={voicesAt(rowsOf(m))}>{say(w.voices)}</Link>
      </p>
    </div>
  );
}

function Meaning({ m, c }: { readonly m: Definition; readonly c: Metrics }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const words = useConditionText();
  const title = useTitle();
  const plug = m.formula.split(':')[0] ?? '';
  const about = (abouts as Record<string, (typeof abouts)[keyof typeof abouts]>)[plug];
  const same = c.all.filter((o) => o.definition === m.definition && o.name !== m.name).map(title);
  return (
    <>
      <p>{about ? say(about) : names.about(m.formula)}</p>
      <Facts
        facts={[
          [say(w.formula), <code key="f" translate="no">{m.formula}</code>],
          [say(w.population), m.population === null ? say(w.everything) : (words.all(m.population) ?? <code translate="no">{m.population}</code>)],
          [say(w.window), m.window_days === null ? '' : say(w.days, { n: m.window_days })],
          [say(w.weight), m.weight && <code key="w" translate="no">{m.weight}</code>],
          [say(w.minimum), String(m.minimum_n)],
          [say(w.quality), m.quality.length ? <code translate="no">{m.quality.join(' · ')}</code> : ''],
          [say(w.better), say(m.better === 'up' ? w.goodUp : w.goodDown)],
          [say(w.owner), m.owner && <span translate="no">{m.owner}</span>],
          [say(w.version), m.built_in ? say(w.builtIn) : m.since ? say(w.since, { v: m.version, day: day(locale, m.since) }) : String(m.version)],
          [say(w.id), <code key="i" translate="no" title={say(w.idHint)}>{m.definition}</code>],
        ]}
      />
      {same.length > 0 && <p className="quiet small">{say(w.sameAs, { names: same.join(', ') })}</p>}
    </>
  );
}

function Over({ m, s }: { readonly m: Definition; readonly s: Shown }): ReactNode {
  const { say, may } = useHere();
  const names = useNames();
  const title = useTitle();
  const open = (key: string): void => go(voicesAt(both(rowsOf(m), cellWhere({ [`${s.unit}(occurred_at)`]: key }))));
  return (
    <section className="card">
      <div className="card-head">
        <h2>{say(w.trend)}</h2>
        <div className="metric-tools">
          <Pick label={say(w.unit)} value={s.unit} onPick={s.setUnit} choices={units.map((u) => ({ value: u, label: names.column(u) }))} />
          {may('export') && s.trend.state === 'ready' && (
            <Button onClick={() => s.trend.state === 'ready' && save(`${m.name}-${s.unit}`, csvOf(trendRows(s.trend.value)))}>{say(w.csv)}</Button>
          )}
        </div>
      </div>
      <Load load={s.trend} again={s.trendAgain} rows={8} empty={(t) => t.points.length === 0} hint={say(w.none)}>
        {(t) => (
          <>
            <MetricTrend t={t} unit={s.unit} title={title(m)} onPick={open} />
            <TrendNotes t={t} />
          </>
        )}
      </Load>
    </section>
  );
}

function Groups({ m, s }: { readonly m: Definition; readonly s: Shown }): ReactNode {
  const { say, may } = useHere();
  const names = useNames();
  const marked = (label: string, mark: number): string => (mark ? `${label} ${mark > 0 ? '▲' : '▼'}` : label);
  if (m.formula.startsWith('repurchase')) return null;
  return (
    <section className="card">
      <div className="card-head">
        <h2>{say(w.breakdown)}</h2>
        <div className="metric-tools">
          <Pick label={say(w.by)} value={s.by} onPick={s.setBy} choices={s.groups.map((g) => ({ value: g, label: names.column(g) }))} />
          {may('export') && s.split.state === 'ready' && (
            <Button onClick={() => s.split.state === 'ready' && save(`${m.name}-${s.by}`, csvOf(splitRows(s.split.value, s.by)))}>{say(w.csv)}</Button>
          )}
        </div>
      </div>
      <Load load={s.split} again={s.splitAgain} rows={8} empty={(v) => !v.cells.some((c) => c.value !== null)} hint={say(w.none)}>
        {(v) => {
          const rows = v.cells.filter((c) => c.value !== null).sort((a, b) => (b.value ?? 0) - (a.value ?? 0)).slice(0, 40);
          return (
            <>
              <DotPlot
                rows={rows.map((c) => ({ label: marked(names.value(s.by, c.key[s.by] ?? null), c.mark), cell: c }))}
                caption={`${say(w.breakdown)}: ${names.column(s.by)}`}
                head={names.column(s.by)}
                counts={m.formula === 'count'}
                percent={v.unit === '%'}
                onPick={(c) => go(voicesAt(both(rowsOf(m), cellWhere(c.key))))}
              />
              <p className="quiet small foot">{say(w.marks, { n: rows.length })}</p>
            </>
          );
        }}
      </Load>
    </section>
  );
}

function Versions({ s }: { readonly s: Shown }): ReactNode {
  const { say, locale } = useHere();
  if (s.history.length < 2) return null;
  return (
    <section className="card">
      <h2>{say(w.versions)}</h2>
      <ol className="metric-versions">
        {[...s.history].reverse().map((v) => (
          <li key={v.version}>
            <b className="num">{v.version}</b> <span className="quiet small">{v.since ? day(locale, v.since) : say(w.always)}</span>
            <code translate="no">{v.formula}</code>
            {v.population && <code translate="no">{v.population}</code>}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function One({ m, c }: { readonly m: Definition; readonly c: Metrics }): ReactNode {
  const { say, may } = useHere();
  const s = useShown(m);
  const title = useTitle();
  const [editing, setEditing] = useState(false);
  if (editing) return <Form c={c} old={m} onDone={() => setEditing(false)} />;
  return (
    <div className="metric">
      <section className="card metric-head">
        <p className="metric-back">
          <Link to="/metric">← {say(w.back)}</Link>
        </p>
        <h2 translate={m.built_in ? undefined : 'no'}>{title(m)}</h2>
        <Load load={s.value} again={s.valueAgain} rows={3}>
          {(v) => <Now m={m} v={v} />}
        </Load>
        <Meaning m={m} c={c} />
        {!m.built_in && may('metrics.write') && (
          <div className="deeds">
            <Button onClick={() => setEditing(true)}>{say(w.edit)}</Button>
          </div>
        )}
      </section>
      <Over m={m} s={s} />
      <Groups m={m} s={s} />
      <Versions s={s} />
    </div>
  );
}

// One watch: its chart, what it promises beside what it did, and what can be done with it; and the form of one.
import { Button, Input } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { day, number } from '../../lib/format';
import { departmentTitle } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Phrase } from '../../lib/words';
import { Facts, type Fact } from '../../parts/Facts';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { Refused } from '../../parts/Refused';
import { ControlChart } from './ControlChart';
import { blank, charts, isWhole, ownTitle, periods, severities, sides, useChart, wishOf, type Alerts, type Watch, type WatchRecord, type Wish } from './ctrl';
import { w } from './words';

type Texts = { readonly [K in keyof Wish]: string extends Wish[K] ? K : never }[keyof Wish];

interface Part {
  readonly p: Wish;
  readonly set: (change: Partial<Wish>) => void;
}

function Text({ p, set, of, label, hint = '', code = false }: Part & { readonly of: Texts; readonly label: Phrase; readonly hint?: string; readonly code?: boolean }): ReactNode {
  const { say } = useHere();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{say(label)}</label>
      <Input id={id} translate={code ? 'no' : 'yes'} value={p[of]} placeholder={hint} spellCheck={!code} className={code ? 'code' : ''} onChange={(e) => set({ [of]: e.target.value })} />
    </div>
  );
}

function Choose<K extends string>({ label, value, all, words, onPick }: { readonly label: Phrase; readonly value: K; readonly all: readonly K[]; readonly words: Readonly<Record<K, Phrase>>; readonly onPick: (v: K) => void }): ReactNode {
  const { say } = useHere();
  return <Pick label={say(label)} shown value={value} choices={all.map((v) => ({ value: v, label: say(words[v]) }))} onPick={(v) => onPick(all.find((k) => k === v) ?? value)} />;
}

export function Form({ c, watch, onDone }: { readonly c: Alerts; readonly watch: Watch | null; readonly onDone: () => void }): ReactNode {
  const { say, t, locale } = useHere();
  const [p, setWish] = useState<Wish>(() => (watch ? wishOf(watch) : blank(c.where)));
  const set = (change: Partial<Wish>): void => setWish((old) => ({ ...old, ...change }));
  const counting = p.chart === 'burst' || p.chart === 'silence';
  return (
    <article className="card incident">
      <Link to="/alerts?view=watches" className="split-back">
        {say(w.back)}
      </Link>
      <Text p={p} set={set} of="name" label={w.name} />
      <div className="watch-grid">
        <Choose label={w.chart} value={p.chart} all={charts} words={w} onPick={(chart) => set({ chart })} />
        <Choose label={w.period} value={p.period} all={periods} words={w} onPick={(period) => set({ period })} />
        {!counting && <Choose label={w.figure} value={p.kind} all={['volume', 'nps', 'mean', 'share'] as const} words={w} onPick={(kind) => set({ kind })} />}
        {!counting && (p.kind === 'mean' || p.kind === 'share') && <Text p={p} set={set} of="of" label={p.kind === 'mean' ? w.column : w.condition} hint={p.kind === 'mean' ? 'score:csat' : "sentiment = 'negative'"} code />}
        {!counting && <Choose label={w.side} value={p.side} all={sides} words={w} onPick={(side) => set({ side })} />}
      </div>
      <Text p={p} set={set} of="population" label={w.population} hint="aspect = 'delivery.speed' and polarity = 'negative'" code />
      <div className="watch-grid">
        <Text p={p} set={set} of="arl" label={w.arl} />
        <Choose label={w.severity} value={p.severity} all={severities} words={w} onPick={(severity) => set({ severity })} />
        <Pick label={say(w.department)} shown value={p.department} onPick={(department) => set({ department })}
          choices={[{ value: '', label: '—' }, ...c.departments.map((d) => ({ value: d.name, label: departmentTitle(locale, d) }))]} />
        <Text p={p} set={set} of="topic" label={w.topic} />
        <Text p={p} set={set} of="cooldown" label={w.cooldown} hint="2d" />
        <Text p={p} set={set} of="escalate" label={w.escalate} hint="4h" />
        <Text p={p} set={set} of="quiet" label={w.quiet} hint="22:00-08:00" />
      </div>
      <Refused failure={c.doing.failure} />
      <div className="deeds">
        <Button type="primary" size="large" disabled={!isWhole(p)} loading={c.doing.busy} onClick={() => void c.save(watch, p).then((ok) => ok && watch && onDone())}>
          {say(w.saveIt)}
        </Button>
        <Button size="large" onClick={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </article>
  );
}

function Promise({ r }: { readonly r: WatchRecord }): ReactNode {
  const { say, locale } = useHere();
  return (
    <div className="promise">
      <div>
        <b className="num">{number(locale, r.false_expected, 2)}</b>
        <span className="small quiet">{say(w.stated)}</span>
      </div>
      <div>
        <b className="num">{r.alerts_false}</b>
        <span className="small quiet">{say(w.measured)}</span>
      </div>
      <p className="small quiet">
        {say(w.looked, { n: r.periods ?? 0 })} · {say(w.ofAlerts, { n: r.alerts, right: r.alerts_true })}
      </p>
    </div>
  );
}

function facts(r: WatchRecord, { say, locale }: ReturnType<typeof useHere>): Fact[] {
  const profile = { 7: w.places7, 24: w.places24, 168: w.places168 }[r.places];
  return [
    [say(w.chart), say(w[r.watch.chart])],
    [say(w.period), say(w[r.watch.period])],
    [say(w.figure), <code key="what" translate="no">{r.watch.what}</code>],
    [say(w.population), r.watch.population ? <code translate="no">{r.watch.population}</code> : null],
    [say(w.arl), r.watch.arl === null ? null : say(w.arlSays, { n: r.watch.arl })],
    [say(w.delay), r.delay === null ? null : say(w.delaySays, { n: number(locale, r.delay, 1) ?? '' })],
    [say(w.learned), r.learned_from && r.learned_to ? `${day(locale, r.learned_from)} – ${day(locale, r.learned_to)}` : null],
    [say(w.model), r.ready ? say(r.exact ? w.exact : w.spread) : null],
    [say(w.profile), profile ? say(profile) : null],
    [say(w.cooldown), r.watch.cooldown],
    [say(w.escalate), r.watch.escalate],
    [say(w.quiet), r.watch.quiet],
  ];
}

function Drawn({ r, name }: { readonly r: WatchRecord; readonly name: string }): ReactNode {
  const { say } = useHere();
  const [load, again] = useChart(r.watch.id);
  return (
    <Load load={load} again={again} rows={7} empty={(x) => x.points.every((p) => p.value === null)} hint={say(w.learning)}>
      {(x) => <ControlChart watch={r.watch} points={x.points} name={name} />}
    </Load>
  );
}

export function WatchOne({ r, c }: { readonly r: WatchRecord; readonly c: Alerts }): ReactNode {
  const here = useHere();
  const { say, may, locale } = here;
  const [editing, setEditing] = useState(false);
  const name = ownTitle(locale, r.watch.name);
  if (editing) return <Form c={c} watch={r.watch} onDone={() => setEditing(false)} />;
  return (
    <article className="card incident">
      <Link to="/alerts?view=watches" className="split-back">
        {say(w.back)}
      </Link>
      <header className="incident-head">
        <h2 translate="no">{name}</h2>
        {!r.watch.enabled && <p className="quiet">{say(w.isOff)}</p>}
      </header>
      {r.trouble && (
        <p role="alert" className="trouble">
          {say(w.trouble, { why: '' })} <span translate="no">{r.trouble}</span>
        </p>
      )}
      <Drawn r={r} name={name} />
      <Promise r={r} />
      <Facts facts={facts(r, here)} />
      <Refused failure={c.doing.failure} />
      {may('rules.write') && (
        <div className="deeds">
          <Button size="large" onClick={() => setEditing(true)}>
            {say(w.edit)}
          </Button>
          <Button size="large" loading={c.doing.busy} onClick={() => void c.turn(r.watch, !r.watch.enabled)}>
            {say(r.watch.enabled ? w.turnOff : w.turnOn)}
          </Button>
          <Button size="large" loading={c.doing.busy} onClick={() => void c.relearn(r.watch)}>
            {say(w.relearn)}
          </Button>
        </div>
      )}
    </article>
  );
}

// One measure: what it is, how it stands, what it did.
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { day, number } from '../../lib/format';
import { departmentTitle } from '../../lib/names';
import { useHere } from '../../lib/session';
import { Facts, type Fact } from '../../parts/Facts';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Refused } from '../../parts/Refused';
import { Sheet } from '../../parts/Sheet';
import { unsigned, useEffectNow, type Measure, type Measures, type Verdict } from './ctrl';
import { Effect } from './Effect';
import { Form } from './Form';
import { w } from './words';

export function Badge({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { say } = useHere();
  return <b className={`verdict ${verdict}`}>{say(w[verdict])}</b>;
}

function facts(m: Measure, c: Measures, here: ReturnType<typeof useHere>): Fact[] {
  const { say, locale } = here;
  const own = (text: string | null): ReactNode => (text ? <span translate="no">{text}</span> : null);
  const department = c.departments.find((d) => d.name === m.department);
  const money = (v: number | null): string | null => (v === null ? null : `${number(locale, v, 2)}${m.currency ? ` ${m.currency}` : ''}`);
  return [
    [say(w.lever), say(w[m.lever])],
    [say(w.department), department ? departmentTitle(locale, department) : own(m.department)],
    [say(w.owner), own(m.owner)],
    [say(w.how), say(w[m.design])],
    [say(w.window), `${day(locale, m.starts_at)} – ${day(locale, m.ends_at)}`],
    [say(w.perUnit), own(m.unit)],
    [say(w.treatedIs), m.treated ? <code translate="no">{m.treated}</code> : null],
    [say(w.controlIs), m.control ? <code translate="no">{m.control}</code> : null],
    [say(w.cost), money(m.cost)],
    [say(w.margin), money(m.margin)],
  ];
}

function Signs({ m, c }: { readonly m: Measure; readonly c: Measures }): ReactNode {
  const { say, may } = useHere();
  if (!m.signs_needed) return null;
  return (
    <section>
      <h3>{say(w.signs)}</h3>
      <ul className="checks">
        {(m.signs ?? []).map((s) => (
          <li key={s.as} className="check">
            <span aria-hidden="true">✓</span> {say(w.signed, { as: s.as, by: s.by.replace(/^\w+:/, '') })}
          </li>
        ))}
        {unsigned(m).map((as) => (
          <li key={as} className="check waits">
            <span aria-hidden="true">…</span> {say(w.waits, { as })}{' '}
            {may('measures.write') && m.state === 'draft' && (
              <Button size="small" loading={c.doing.busy} onClick={() => void c.sign(m, as)}>
                {say(w.sign, { as })}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Deeds({ m, c, onEdit }: { readonly m: Measure; readonly c: Measures; readonly onEdit: () => void }): ReactNode {
  const { say, may, locale, t } = useHere();
  const [sure, setSure] = useState(false);
  if (!may('measures.write') || m.state === 'ended') return null;
  const over = Date.parse(m.ends_at) <= Date.now();
  if (m.state === 'running')
    return (
      <div className="deeds">
        <Button type="primary" size="large" disabled={!over} loading={c.doing.busy} onClick={() => void c.step(m, 'evaluate')}>
          {over ? say(w.judge) : say(w.judgeLater, { day: day(locale, m.ends_at) })}
        </Button>
      </div>
    );
  return (
    <div className="deeds">
      <Button type="primary" size="large" disabled={unsigned(m).length > 0} onClick={() => setSure(true)}>
        {say(w.start)}…
      </Button>
      <Button size="large" onClick={onEdit}>
        {say(w.edit)}
      </Button>
      <Sheet title={say(w.startSure)} open={sure} onClose={() => setSure(false)}>
        <Refused failure={c.doing.failure} />
        <div className="deeds">
          <Button type="primary" size="large" loading={c.doing.busy} onClick={() => void c.step(m, 'start').then((ok) => ok && setSure(false))}>
            {say(w.start)}
          </Button>
          <Button size="large" onClick={() => setSure(false)}>
            {t('cancel')}
          </Button>
        </div>
      </Sheet>
    </div>
  );
}

function Standing({ m }: { readonly m: Measure }): ReactNode {
  const { say, locale } = useHere();
  if (m.verdict) return <Badge verdict={m.verdict} />;
  return (
    <span className="quiet">
      {say(w[m.state])} · {say(w.until, { day: day(locale, m.ends_at) })}
    </span>
  );
}

function Counted({ m }: { readonly m: Measure }): ReactNode {
  const { say } = useHere();
  const [load, again] = useEffectNow(m);
  return (
    <Load load={load} again={again} rows={4}>
      {(x) => (
        <>
          {!x.over && <p>{say(w.soFar, { verdict: say(w[x.verdict]) })}</p>}
          <Effect m={m} x={x} />
        </>
      )}
    </Load>
  );
}

export function One({ m, c }: { readonly m: Measure; readonly c: Measures }): ReactNode {
  const here = useHere();
  const { say } = here;
  const [editing, setEditing] = useState(false);
  if (editing) return <Form c={c} m={m} onDone={() => setEditing(false)} />;
  return (
    <article className="card measure">
      <Link to="/measures" className="split-back">
        {say(w.back)}
      </Link>
      <header className="measure-head">
        <h2 translate="no">{m.name}</h2>
        <Standing m={m} />
      </header>
      {m.hypothesis && (
        <p className="hypothesis" translate="no">
          {m.hypothesis}
        </p>
      )}
      {m.state !== 'draft' && <Counted m={m} />}
      <Facts facts={facts(m, c, here)} />
      {m.pain && <Link to={`/voices?where=${encodeURIComponent(m.pain)}`}>{say(w.cause)}</Link>}
      <Signs m={m} c={c} />
      <Refused failure={c.doing.failure} />
      <Deeds m={m} c={c} onEdit={() => setEditing(true)} />
    </article>
  );
}

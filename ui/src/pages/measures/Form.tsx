// The plan of a measure: what is done, how it is proved, what it costs.
import { Button, Input } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { departmentTitle } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Phrase } from '../../lib/words';
import { Link } from '../../parts/Link';
import { Pick } from '../../parts/Pick';
import { Refused } from '../../parts/Refused';
import { blank, designs, isWhole, levers, planOf, type Measure, type Measures, type Plan } from './ctrl';
import { w } from './words';

interface Part {
  readonly p: Plan;
  readonly set: (change: Partial<Plan>) => void;
}

type Texts = { readonly [K in keyof Plan]: Plan[K] extends string ? K : never }[keyof Plan];

interface TextProps extends Part {
  readonly of: Texts;
  readonly label: Phrase;
  readonly hint?: Phrase;
  readonly type?: 'text' | 'date' | 'number' | 'code';
  readonly lines?: number;
}

function Text({ p, set, of, label, hint, type = 'text', lines = 1 }: TextProps): ReactNode {
  const { say } = useHere();
  const id = useId();
  const code = type === 'code';
  const props = {
    id, value: p[of], placeholder: hint ? say(hint) : '', spellCheck: !code,
    onChange: (e: { target: { value: string } }) => set({ [of]: e.target.value }),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{say(label)}</label>
      {lines > 1 || code ? (
        <Input.TextArea {...props} className={code ? 'code' : ''} autoSize={{ minRows: code ? 1 : lines, maxRows: 6 }} />
      ) : (
        <Input {...props} type={type} {...(type === 'number' ? { step: 'any', inputMode: 'decimal' as const } : {})} />
      )}
    </div>
  );
}

function What({ p, set, c }: Part & { readonly c: Measures }): ReactNode {
  const { say, locale } = useHere();
  return (
    <>
      <Text p={p} set={set} of="name" label={w.name} hint={w.nameHint} />
      <Text p={p} set={set} of="hypothesis" label={w.hypothesis} hint={w.hypothesisHint} lines={2} />
      <Text p={p} set={set} of="pain" label={w.pain} type="code" />
      <div className="measure-grid">
        <Pick label={say(w.lever)} shown value={p.lever} choices={levers.map((v) => ({ value: v, label: say(w[v]) }))}
          onPick={(v) => set({ lever: levers.find((l) => l === v) ?? 'service' })} />
        <Pick label={say(w.department)} shown value={p.department} onPick={(department) => set({ department })}
          choices={[{ value: '', label: '—' }, ...c.departments.map((d) => ({ value: d.name, label: departmentTitle(locale, d) }))]} />
        <Text p={p} set={set} of="owner" label={w.owner} />
      </div>
    </>
  );
}

function Arms({ p, set }: Part): ReactNode {
  const { say } = useHere();
  if (p.design === 'series') return null;
  const hash = p.design === 'trial' && p.byHash;
  return (
    <>
      {p.design === 'trial' && (
        <Pick label={say(w.arms)} shown value={p.byHash ? 'hash' : 'where'} onPick={(v) => set({ byHash: v === 'hash' })}
          choices={[{ value: 'hash', label: say(w.armsHash) }, { value: 'where', label: say(w.armsWhere) }]} />
      )}
      {!hash && (
        <div className="measure-grid two">
          <Text p={p} set={set} of="treated" label={w.treatedIs} type="code" />
          <Text p={p} set={set} of="control" label={w.controlIs} type="code" />
        </div>
      )}
      {(hash || p.design === 'panel') && <Text p={p} set={set} of="unit" label={w.unit} />}
    </>
  );
}

function Proof({ p, set }: Part): ReactNode {
  const { say } = useHere();
  const hints = { trial: w.trialHint, panel: w.panelHint, series: w.seriesHint };
  return (
    <>
      <h3>{say(w.how)}</h3>
      <div className="designs" role="radiogroup" aria-label={say(w.how)}>
        {designs.map((d) => (
          <label key={d} className={d === p.design ? 'design chosen' : 'design'}>
            <input type="radio" name="design" checked={d === p.design} onChange={() => set({ design: d })} />
            <b>{say(w[d])}</b>
            <span className="small quiet">{say(hints[d])}</span>
          </label>
        ))}
      </div>
      <div className="measure-grid">
        <Pick label={say(w.outcomeOf)} shown value={p.kind} onPick={(v) => set({ kind: v === 'mean' || v === 'share' ? v : 'nps' })}
          choices={(['nps', 'mean', 'share'] as const).map((v) => ({ value: v, label: say(w[v]) }))} />
        {p.kind !== 'nps' && <Text p={p} set={set} of="of" label={p.kind === 'mean' ? w.outcomeColumn : w.outcomeExpr} type="code" />}
        <Pick label={say(w.better)} shown value={p.better} onPick={(v) => set({ better: v === 'down' ? 'down' : 'up' })}
          choices={[{ value: 'up', label: say(w.up) }, { value: 'down', label: say(w.down) }]} />
      </div>
      <Arms p={p} set={set} />
      <div className="measure-grid">
        <Text p={p} set={set} of="from" label={w.from} type="date" />
        <Text p={p} set={set} of="to" label={w.to} type="date" />
        <Text p={p} set={set} of="worth" label={w.worth} type="number" />
      </div>
    </>
  );
}

export function Form({ c, m, onDone }: { readonly c: Measures; readonly m: Measure | null; readonly onDone: () => void }): ReactNode {
  const { say, t } = useHere();
  const [p, setPlan] = useState<Plan>(() => (m ? planOf(m) : blank(Date.now(), c.pain)));
  const set = (change: Partial<Plan>): void => setPlan((old) => ({ ...old, ...change }));
  return (
    <article className="card measure">
      <Link to="/measures" className="split-back">
        {say(w.back)}
      </Link>
      <What p={p} set={set} c={c} />
      <Proof p={p} set={set} />
      <div className="measure-grid">
        <Text p={p} set={set} of="cost" label={w.cost} type="number" />
        <Text p={p} set={set} of="margin" label={w.margin} type="number" />
        <Text p={p} set={set} of="signs" label={w.signsNeeded} />
      </div>
      <Refused failure={c.doing.failure} />
      <div className="deeds">
        <Button type="primary" size="large" disabled={!isWhole(p)} loading={c.doing.busy} onClick={() => void c.save(m, p).then((ok) => ok && onDone())}>
          {say(w.savePlan)}
        </Button>
        <Button size="large" onClick={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </article>
  );
}

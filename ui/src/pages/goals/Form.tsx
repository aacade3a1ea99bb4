// A goal as a form.
import { Button, Input } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { useHere } from '../../lib/session';
import type { Phrase } from '../../lib/words';
import { Pick } from '../../parts/Pick';
import { Refused } from '../../parts/Refused';
import { blank, draftOf, type Draft, type Goals, type Node } from './ctrl';
import { w } from './words';

interface TextProps {
  readonly d: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly of: keyof Draft;
  readonly label: Phrase;
  readonly hint?: Phrase;
  readonly type?: string;
}

function Text({ d, set, of, label, hint, type = 'text' }: TextProps): ReactNode {
  const { say } = useHere();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{say(label)}</label>
      <Input id={id} value={d[of]} type={type} placeholder={hint ? say(hint) : ''} spellCheck={false}
        {...(type === 'number' ? { step: 'any', inputMode: 'decimal' as const } : {})} onChange={(e) => set({ [of]: e.target.value })} />
    </div>
  );
}

export function Form({ c, old, onDone }: { readonly c: Goals; readonly old: Node | null; readonly onDone: () => void }): ReactNode {
  const { say, t, locale } = useHere();
  const [d, setDraft] = useState<Draft>(old ? draftOf(old) : blank);
  const set = (change: Partial<Draft>): void => setDraft((was) => ({ ...was, ...change }));
  const part = { d, set };
  const metrics = c.metrics.map((m) => ({ value: m.name ?? '', label: m.title[locale] }));
  if (!metrics.some((m) => m.value === d.metric)) metrics.push({ value: d.metric, label: d.metric });
  const parents = c.all.filter((g) => g.goal.id !== old?.goal.id).map((g) => ({ value: String(g.goal.id), label: g.title[locale] }));
  return (
    <form
      className="card goal-form"
      onSubmit={(e) => {
        e.preventDefault();
        void c.save(old, d).then((ok) => ok && onDone());
      }}
    >
      <h2>{say(old ? w.edit : w.fresh)}</h2>
      <div className="goal-grid">
        <Text {...part} of="name" label={w.name} />
        <Text {...part} of="cn" label={w.titleCn} />
        <Text {...part} of="tw" label={w.titleTw} />
        <Text {...part} of="en" label={w.titleEn} />
        <Pick shown label={say(w.kind)} value={d.kind} onPick={(v) => set({ kind: v === 'driver' ? 'driver' : v === 'kpi' ? 'kpi' : 'kgi' })}
          choices={(['kgi', 'kpi', 'driver'] as const).map((k) => ({ value: k, label: say(w[k]) }))} />
        <Pick shown label={say(w.parent)} value={d.parent} onPick={(parent) => set({ parent })} choices={[{ value: '', label: '—' }, ...parents]} />
        <Pick shown label={say(w.metric)} value={d.metric} onPick={(metric) => set({ metric })} choices={metrics} />
        <Text {...part} of="population" label={w.population} />
        <Text {...part} of="relation" label={w.relation} hint={w.relationHint} />
        <Pick shown label={say(w.better)} value={d.better} onPick={(v) => set({ better: v === 'down' ? 'down' : 'up' })}
          choices={[{ value: 'up', label: say(w.up) }, { value: 'down', label: say(w.down) }]} />
        <Text {...part} of="target" label={w.targetIs} type="number" />
        <Text {...part} of="until" label={w.targetAt} type="date" />
        <Pick shown label={say(w.how)} value={d.forecast} onPick={(v) => set({ forecast: v === 'holt' ? 'holt' : v === 'none' ? 'none' : 'linear' })}
          choices={[{ value: 'linear', label: say(w.linear) }, { value: 'holt', label: say(w.holt) }, { value: 'none', label: say(w.noForecast) }]} />
        <Text {...part} of="owner" label={w.ownerIs} />
      </div>
      <Refused failure={c.doing.failure} />
      <div className="deeds">
        <Button type="primary" htmlType="submit" disabled={!d.name.trim()} loading={c.doing.busy}>
          {say(w.saveIt)}
        </Button>
        {old && (
          <Button danger onClick={() => void c.remove(old).then((ok) => ok && onDone())}>
            {say(w.remove)}
          </Button>
        )}
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  );
}

// A metric's definition as a form; saved, it is a new version.
import { Button, Input } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { useHere } from '../../lib/session';
import type { Phrase } from '../../lib/words';
import { Pick } from '../../parts/Pick';
import { Refused } from '../../parts/Refused';
import { blank, draftOf, type Definition, type Draft, type Metrics } from './ctrl';
import { w } from './words';

interface TextProps {
  readonly d: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly of: keyof Draft;
  readonly label: Phrase;
  readonly hint?: Phrase;
  readonly type?: 'text' | 'date' | 'number' | 'code';
  readonly fixed?: boolean;
}

function Text({ d, set, of, label, hint, type = 'text', fixed = false }: TextProps): ReactNode {
  const { say } = useHere();
  const id = useId();
  const code = type === 'code';
  const props = {
    id, value: d[of], placeholder: hint ? say(hint) : '', spellCheck: !code, disabled: fixed,
    onChange: (e: { target: { value: string } }) => set({ [of]: e.target.value }),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{say(label)}</label>
      {code ? <Input.TextArea {...props} className="code" autoSize={{ minRows: 1, maxRows: 6 }} /> : <Input {...props} type={type} />}
    </div>
  );
}

export function Form({ c, old, onDone }: { readonly c: Metrics; readonly old: Definition | null; readonly onDone: () => void }): ReactNode {
  const { say, t } = useHere();
  const [d, setDraft] = useState<Draft>(old ? draftOf(old) : blank);
  const set = (change: Partial<Draft>): void => setDraft((was) => ({ ...was, ...change }));
  const whole = d.name.trim() !== '' && d.formula.trim() !== '';
  const part = { d, set };
  return (
    <form
      className="card metric-form"
      onSubmit={(e) => {
        e.preventDefault();
        void c.save(old, d).then((ok) => ok && onDone());
      }}
    >
      <h2>{old ? say(w.edit) : say(w.fresh)}</h2>
      {old && <p className="quiet">{say(w.editHint)}</p>}
      <div className="metric-grid">
        <Text {...part} of="name" label={w.name} fixed={old !== null} />
        <Text {...part} of="owner" label={w.owner} />
        <Text {...part} of="cn" label={w.titleCn} />
        <Text {...part} of="tw" label={w.titleTw} />
        <Text {...part} of="en" label={w.titleEn} />
        <Pick label={say(w.better)} shown value={d.better} onPick={(v) => set({ better: v === 'down' ? 'down' : 'up' })}
          choices={[{ value: 'up', label: say(w.goodUp) }, { value: 'down', label: say(w.goodDown) }]} />
      </div>
      <Text {...part} of="formula" label={w.formula} hint={w.formulaHint} type="code" />
      <Text {...part} of="population" label={w.population} hint={w.populationHint} type="code" />
      <div className="metric-grid">
        <Text {...part} of="window" label={w.windowDays} type="number" />
        <Text {...part} of="minimum" label={w.minimum} type="number" />
        <Text {...part} of="weight" label={w.weight} />
        <Text {...part} of="since" label={w.sinceDay} type="date" />
      </div>
      <Text {...part} of="quality" label={w.quality} hint={w.qualityHint} type="code" />
      {c.doing.failure && <Refused failure={c.doing.failure} />}
      <div className="deeds">
        <Button type="primary" htmlType="submit" disabled={!whole} loading={c.doing.busy}>
          {say(w.saveIt)}
        </Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  );
}

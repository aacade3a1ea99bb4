// Endpoints: each with its state; made, tried, switched off, resumed.
import { Button, Empty, Input, Switch } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useDoing } from '../../lib/doing';
import { age, count } from '../../lib/format';
import { useHere } from '../../lib/session';
import { Load } from '../../parts/Load';
import { Note } from '../../parts/Note';
import { Pick } from '../../parts/Pick';
import { Refused } from '../../parts/Refused';
import { SecretInput } from '../../parts/Secret';
import { settingsOf, type Outbox, type Place, type Wish } from './ctrl';
import { w } from './words';

const blank: Wish = { name: '', way: 'webhook', address: '', secret: '', settings: {} };
const hints: Readonly<Record<string, string>> = { email: 'smtps://mail.example.org:465' };

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly onChange: (v: string) => void;
}

function Field({ label, value, hint, required, onChange }: FieldProps): ReactNode {
  return (
    <label className="field">
      <b>{label}</b>
      <Input value={value} placeholder={hint ?? ''} required={required ?? false} onChange={(e) => onChange(e.target.value)} />
    </label>
  );
}

function Make({ c, onDone }: { readonly c: Outbox; readonly onDone: (secret: string | null) => void }): ReactNode {
  const { say } = useHere();
  const [x, setX] = useState(blank);
  const doing = useDoing();
  const known = settingsOf(c.ways.find((y) => y.name === x.way));
  const make = (e: FormEvent): void => {
    e.preventDefault();
    void doing.run(async () => onDone(await c.make(x)));
  };
  return (
    <form className="card endpoint-form" onSubmit={make}>
      <Pick
        label={say(w.way)}
        shown
        value={x.way}
        onPick={(way) => setX({ ...x, way, settings: {} })}
        choices={c.ways.map((y) => ({ value: y.name, label: y.title }))}
      />
      <Field label={say(w.name)} hint={say(w.nameHint)} value={x.name} required onChange={(name) => setX({ ...x, name })} />
      <Field
        label={say(w.address)}
        hint={hints[x.way] ?? 'https://…'}
        value={x.address}
        required
        onChange={(address) => setX({ ...x, address })}
      />
      {known.map(({ name, required }) => (
        <Field
          key={name}
          label={name in w ? say(w[name as 'from' | 'to' | 'user' | 'public_url']) : name}
          value={x.settings[name] ?? ''}
          required={required}
          onChange={(v) => setX({ ...x, settings: { ...x.settings, [name]: v } })}
        />
      ))}
      <label className="field">
        <b>{say(w.secret)}</b>
        <SecretInput
          autoComplete="new-password"
          value={x.secret}
          placeholder={x.way === 'webhook' ? say(w.secretHint) : ''}
          onChange={(e) => setX({ ...x, secret: e.target.value })}
        />
      </label>
      <div className="endpoint-deeds">
        <Button type="primary" htmlType="submit" loading={doing.busy} disabled={!x.name.trim() || !x.address.trim()}>
          {say(w.make)}
        </Button>
        <Button onClick={() => onDone(null)}>{say(w.cancel)}</Button>
      </div>
      <Refused failure={doing.failure} />
    </form>
  );
}

function State({ p }: { readonly p: Place }): ReactNode {
  const { say, locale } = useHere();
  const { paused, error, failures, sent, last_at } = p.pace;
  return (
    <p className="small">
      {paused && <b className="bad">{say(w.paused)} · </b>}
      {!paused && error && <b className="bad">{say(w.failing, { n: failures ?? 1 })} · </b>}
      <span className="quiet">
        {say(w.arrived, { n: count(locale, sent ?? 0) })}
        {last_at && <> · {say(w.last, { age: age(locale, last_at) })}</>}
      </span>
      {(paused ?? error) && (
        <span className="endpoint-why quiet" translate="no" lang="en">
          {paused ?? error}
        </span>
      )}
    </p>
  );
}

function Test({ c, p }: { readonly c: Outbox; readonly p: Place }): ReactNode {
  const { say } = useHere();
  const doing = useDoing();
  const [got, setGot] = useState<{ readonly arrived: boolean; readonly why: string | null } | null>(null);
  return (
    <>
      <Button size="small" loading={doing.busy} onClick={() => void doing.run(async () => setGot(await c.test(p.endpoint)))}>
        {say(w.test)}
      </Button>
      <Refused failure={doing.failure} />
      {got && (
        <Note
          type={got.arrived ? 'success' : 'warning'}
          title={say(got.arrived ? w.tested : w.notTested)}
          more={got.why && <span translate="no">{got.why}</span>}
        />
      )}
    </>
  );
}

function Card({ c, p }: { readonly c: Outbox; readonly p: Place }): ReactNode {
  const { say } = useHere();
  const { endpoint: e, pace } = p;
  return (
    <li className="card endpoint">
      <div className="endpoint-top">
        <b translate="no">{e.name}</b>
        <Switch
          aria-label={say(w.turn, { name: e.name })}
          checked={e.enabled === true}
          disabled={c.doing.busy}
          onChange={(on) => c.turn(e, on)}
        />
      </div>
      <p className="small quiet">
        <span translate="no">
          {c.ways.find((y) => y.name === e.way)?.title ?? e.way} · {e.host}
        </span>
      </p>
      <State p={p} />
      <div className="endpoint-deeds">
        {pace.paused && (
          <Button size="small" type="primary" onClick={() => c.resume(e)}>
            {say(w.resume)}
          </Button>
        )}
        <Test c={c} p={p} />
        <Button size="small" aria-label={say(w.removeOne, { name: e.name })} onClick={() => c.remove(e)}>
          {say(w.remove)}
        </Button>
      </div>
    </li>
  );
}

function NoneYet(): ReactNode {
  const { say } = useHere();
  return (
    <Empty
      description={
        <>
          <p>{say(w.none)}</p>
          <p>{say(w.noneHint)}</p>
        </>
      }
    />
  );
}

export function Endpoints({ c }: { readonly c: Outbox }): ReactNode {
  const { say } = useHere();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const done = (made: string | null): void => {
    setMaking(false);
    setSecret(made);
  };
  return (
    <>
      {!making && (
        <p>
          <Button type="primary" onClick={() => setMaking(true)}>
            {say(w.fresh)}
          </Button>
        </p>
      )}
      {making && <Make c={c} onDone={done} />}
      {secret && <Note type="success" title={say(w.made)} more={<code translate="no">{secret}</code>} />}
      <Refused failure={c.doing.failure} />
      <Load load={c.places} again={c.again} rows={4}>
        {(v) =>
          v.endpoints.length === 0 ? (
            <NoneYet />
          ) : (
            <ul className="endpoints">
              {v.endpoints.map((p) => (
                <Card key={p.endpoint.id} c={c} p={p} />
              ))}
            </ul>
          )
        }
      </Load>
    </>
  );
}

// One's own way in: the password and the second factor.
import { Button, Input, QRCode } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { path, send } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import { useHere } from '../../lib/session';
import { w } from './words';
import { Note } from '../../parts/Note';
import { Refused } from '../../parts/Refused';
import { SecretInput } from '../../parts/Secret';

const PASSWORD_LEAST = 10;

function Failed({ doing }: { readonly doing: Doing }): ReactNode {
  return <Refused failure={doing.failure} instead={{ 401: doing.failure?.code === 'totp' ? w.wrongCode : w.wrong }} />;
}

interface SecretProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (v: string) => void;
  readonly fresh?: boolean;
}

function Secret({ label, value, onValue, fresh = false }: SecretProps): ReactNode {
  return (
    <label className="field">
      <b>{label}</b>
      <SecretInput
        required
        value={value}
        {...(fresh ? { minLength: PASSWORD_LEAST } : {})}
        autoComplete={fresh ? 'new-password' : 'current-password'}
        onChange={(e) => onValue(e.target.value)}
      />
    </label>
  );
}

function Code({ value, onValue }: { readonly value: string; readonly onValue: (v: string) => void }): ReactNode {
  const { say } = useHere();
  return (
    <label className="field">
      <b>{say(w.code6)}</b>
      <Input required inputMode="numeric" autoComplete="one-time-code" value={value} onChange={(e) => onValue(e.target.value)} />
    </label>
  );
}

function Password(): ReactNode {
  const { say, session } = useHere();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [code, setCode] = useState('');
  const [done, setDone] = useState(false);
  const doing = useDoing();
  const change = (e: FormEvent): void => {
    e.preventDefault();
    setDone(false);
    const body = { old, new: fresh, ...(session?.totp ? { totp: code } : {}) };
    void doing
      .run(async () => {
        await send('POST', path('/session/password'), body);
      })
      .then((ok) => {
        setDone(ok);
        if (!ok) return;
        setOld('');
        setFresh('');
      });
  };
  return (
    <form className="card settings-form" onSubmit={change}>
      <h2>{say(w.changePassword)}</h2>
      <input hidden readOnly autoComplete="username" value={session?.user.name ?? ''} />
      <Secret label={say(w.old)} value={old} onValue={setOld} />
      <Secret label={say(w.fresh)} value={fresh} onValue={setFresh} fresh />
      <p className="quiet small">{say(w.passwordHint)}</p>
      {session?.totp && <Code value={code} onValue={setCode} />}
      <Failed doing={doing} />
      {done && <Note type="success" title={say(w.passwordDone)} />}
      <Button htmlType="submit" type="primary" loading={doing.busy}>
        {say(w.changePassword)}
      </Button>
    </form>
  );
}

interface Begun {
  readonly secret: string;
  readonly uri: string;
}

function Scan({ begun, onDone }: { readonly begun: Begun; readonly onDone: (recovery: readonly string[]) => void }): ReactNode {
  const { say } = useHere();
  const [code, setCode] = useState('');
  const doing = useDoing();
  const confirm = (e: FormEvent): void => {
    e.preventDefault();
    void doing.run(async () => {
      const r = await send<{ readonly recovery: readonly string[] }>('POST', path('/session/totp/confirm'), { code: code.trim() });
      onDone(r.recovery);
    });
  };
  return (
    <form className="settings-form" onSubmit={confirm}>
      <p>{say(w.scan)}</p>
      <div className="settings-scan">
        <div aria-hidden="true">
          <QRCode type="svg" value={begun.uri} color="#000000" bgColor="#ffffff" />
        </div>
        <code translate="no">{begun.secret}</code>
      </div>
      <Code value={code} onValue={setCode} />
      <Failed doing={doing} />
      <Button htmlType="submit" type="primary" loading={doing.busy}>
        {say(w.confirm)}
      </Button>
    </form>
  );
}

function Recovery({ codes }: { readonly codes: readonly string[] }): ReactNode {
  const { say } = useHere();
  return (
    <div role="status">
      <p>{say(w.recovery)}</p>
      <ul className="settings-codes" translate="no">
        {codes.map((c) => (
          <li key={c}>
            <code>{c}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Second(): ReactNode {
  const { say, session, enter } = useHere();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [begun, setBegun] = useState<Begun | null>(null);
  const [recovery, setRecovery] = useState<readonly string[]>([]);
  const doing = useDoing();
  if (!session) return null;
  const on = session.totp ?? false;
  const turn = (e: FormEvent): void => {
    e.preventDefault();
    void doing.run(async () => {
      if (on) {
        await send('POST', path('/session/totp/off'), { password, totp: code.trim() });
        enter({ ...session, totp: false });
        setRecovery([]);
      } else setBegun(await send<Begun>('POST', path('/session/totp'), { password }));
      setPassword('');
      setCode('');
    });
  };
  const done = (codes: readonly string[]): void => {
    setBegun(null);
    setRecovery(codes);
    enter({ ...session, totp: true });
  };
  return (
    <section className="card settings-stack">
      <h2>{say(w.second)}</h2>
      <p className="quiet">{say(on ? w.secondOn : w.secondHint)}</p>
      {recovery.length > 0 && <Recovery codes={recovery} />}
      {begun ? (
        <Scan begun={begun} onDone={done} />
      ) : (
        <form className="settings-form" onSubmit={turn}>
          <Secret label={say(w.old)} value={password} onValue={setPassword} />
          {on && <Code value={code} onValue={setCode} />}
          <Failed doing={doing} />
          <Button htmlType="submit" loading={doing.busy}>
            {say(on ? w.turnOff : w.turnOn)}
          </Button>
        </form>
      )}
    </section>
  );
}

export function Account(): ReactNode {
  return (
    <div className="settings-two">
      <Password />
      <Second />
    </div>
  );
}

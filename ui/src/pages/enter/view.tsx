// The way in: first start with the one-time link, then name and password, and a code if one is set.
import { Button, Input } from 'antd';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useHere } from '../../lib/session';
import { Choices, Mark } from '../../parts/Frame';
import { Load } from '../../parts/Load';
import { SecretInput } from '../../parts/Secret';
import { Refused } from '../../parts/Refused';
import { PASSWORD_LEAST, useEnter, type Enter } from './ctrl';
import './enter.css';
import { w } from './words';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (v: string) => void;
  readonly type?: 'text' | 'password';
  readonly complete: string;
  readonly focus?: boolean;
  readonly least?: number;
}

function Field({ label, hint, value, onValue, type = 'text', complete, focus, least }: FieldProps): ReactNode {
  const id = useId();
  const Box = type === 'password' ? SecretInput : Input;
  return (
    <div className="enter-field">
      <label htmlFor={id}>{label}</label>
      <Box
        id={id}
        name={complete}
        size="large"
        required
        value={value}
        onChange={(e) => onValue(e.target.value)}
        autoComplete={complete}
        autoFocus={focus ?? false}
        autoCapitalize="none"
        {...(least ? { minLength: least } : {})}
        {...(hint ? { 'aria-describedby': `${id}h` } : {})}
      />
      {hint && (
        <small id={`${id}h`} className="quiet">
          {hint}
        </small>
      )}
    </div>
  );
}

function SetUp({ c }: { readonly c: Enter }): ReactNode {
  const { say } = useHere();
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const [password, setPassword] = useState('');
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    c.setUp({ name: name.trim(), title: title.trim(), password });
  };
  return (
    <form onSubmit={submit} className="enter-form">
      <h1>{say(w.first)}</h1>
      <p className="quiet">{say(w.firstHint)}</p>
      <Field label={say(w.title)} value={title} onValue={setTitle} complete="name" focus />
      <Field label={say(w.name)} hint={say(w.nameHint)} value={name} onValue={setName} complete="username" />
      <Field
        label={say(w.password)}
        hint={say(w.passwordHint)}
        value={password}
        onValue={setPassword}
        type="password"
        complete="new-password"
        least={PASSWORD_LEAST}
      />
      <Refused failure={c.failure} />
      <Button type="primary" size="large" htmlType="submit" loading={c.busy} block>
        {say(w.create)}
      </Button>
    </form>
  );
}

function SignIn({ c }: { readonly c: Enter }): ReactNode {
  const { say } = useHere();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    c.signIn(name.trim(), password, c.wantsCode ? totp.replace(/\s/g, '') : '');
  };
  return (
    <form onSubmit={submit} className="enter-form">
      <h1>{say(w.welcome)}</h1>
      {c.token && <p className="quiet">{say(w.spent)}</p>}
      {c.wantsCode ? (
        <Field label={say(w.code)} value={totp} onValue={setTotp} complete="one-time-code" focus />
      ) : (
        <>
          <Field label={say(w.name)} value={name} onValue={setName} complete="username" focus />
          <Field
            label={say(w.password)}
            value={password}
            onValue={setPassword}
            type="password"
            complete="current-password"
          />
        </>
      )}
      <Refused failure={c.failure} instead={{ 401: c.wantsCode ? w.wrongCode : w.wrong, 429: w.locked }} />
      <Button type="primary" size="large" htmlType="submit" loading={c.busy} block>
        {say(w.signIn)}
      </Button>
      {c.wantsCode && (
        <Button type="link" onClick={c.back} block>
          {say(w.back)}
        </Button>
      )}
    </form>
  );
}

function NoToken(): ReactNode {
  const { say } = useHere();
  return (
    <div className="enter-form">
      <h1>{say(w.first)}</h1>
      <p>{say(w.noToken)}</p>
    </div>
  );
}

export default function View(): ReactNode {
  const { say } = useHere();
  const c = useEnter();
  return (
    <div className="enter">
      <header className="enter-head">
        <Mark />
        <Choices />
      </header>
      <main className="enter-main">
        <div className="enter-card card">
          <Load load={c.load} again={c.again}>
            {({ needed }) => (needed ? c.token ? <SetUp c={c} /> : <NoToken /> : <SignIn c={c} />)}
          </Load>
        </div>
        <p className="enter-promise quiet">{say(w.promise)}</p>
      </main>
    </div>
  );
}

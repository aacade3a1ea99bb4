// API keys: made with a name and what they may do, shown once, taken back at any time.
import { Button, Input } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { path, send, useLoad } from '../lib/api';
import { useDoing } from '../lib/doing';
import { age } from '../lib/format';
import { useHere } from '../lib/session';
import type { Phrases } from '../lib/words';
import './table.css';
import './keys.css';
import { Csv } from './Csv';
import { Load } from './Load';
import { Pick } from './Pick';
import { Sheet } from './Sheet';
import { Refused } from './Refused';

const w = {
  name: ['用途', '用途', 'What it is for'],
  nameHint: ['例如：门店问卷', '例如：門市問卷', 'Such as: shop survey'],
  scope: ['可以做什么', '可以做什麼', 'What it may do'],
  make: ['建立密钥', '建立金鑰', 'Make a key'],
  token: ['新密钥', '新金鑰', 'The new key'],
  once: [
    '请现在复制，之后不会再显示。',
    '請現在複製，之後不會再顯示。',
    'Copy it now: it will not be shown again.',
  ],
  copy: ['复制', '複製', 'Copy'],
  copied: ['已复制', '已複製', 'Copied'],
  used: ['上次使用', '上次使用', 'Last used'],
  never: ['从未', '從未', 'never'],
  remove: ['撤销', '撤銷', 'Revoke'],
  removeOne: ['撤销密钥“{name}”', '撤銷金鑰「{name}」', 'Revoke key “{name}”'],
  sure: [
    '撤销“{name}”？使用它的系统将立即无法发送。',
    '撤銷「{name}」？使用它的系統將立即無法傳送。',
    'Revoke “{name}”? Whatever uses it stops working at once.',
  ],
  none: ['还没有密钥。', '還沒有金鑰。', 'No keys yet.'],
  noRight: ['只有管理员可以建立密钥。', '只有管理員可以建立金鑰。', 'Only an administrator can make keys.'],
  'signals.write': ['写入信号', '寫入信號', 'Write signals'],
  'signals.read': ['读取信号', '讀取信號', 'Read signals'],
  'metrics.read': ['读取指标', '讀取指標', 'Read metrics'],
  'signals.read metrics.read tickets.read': ['读取全部', '讀取全部', 'Read everything'],
} satisfies Phrases;

export interface Key {
  readonly id: number;
  readonly name: string;
  readonly scopes: string;
  readonly used_at: string | null;
}

const scopesOffered = ['signals.write', 'signals.read', 'metrics.read', 'signals.read metrics.read tickets.read'] as const;

function Token({ token }: { readonly token: string }): ReactNode {
  const { say } = useHere();
  const [copied, setCopied] = useState(false);
  return (
    <div className="token" role="status">
      <b>{say(w.token)}</b>
      <code translate="no">{token}</code>
      <Button onClick={() => void navigator.clipboard.writeText(token).then(() => setCopied(true))}>
        {say(copied ? w.copied : w.copy)}
      </Button>
      <span className="quiet small">{say(w.once)}</span>
    </div>
  );
}

function Make({ scopes, onMade }: { readonly scopes: string; readonly onMade: (token: string) => void }): ReactNode {
  const { say } = useHere();
  const [name, setName] = useState('');
  const [scope, setScope] = useState(scopes);
  const doing = useDoing();
  const make = (e: FormEvent): void => {
    e.preventDefault();
    void doing.run(async () => {
      const made = await send<{ readonly token: string }>('POST', path('/keys'), { name: name.trim(), scopes: scope });
      onMade(made.token);
      setName('');
    });
  };
  return (
    <form className="key-form" onSubmit={make}>
      <label className="field">
        <b>{say(w.name)}</b>
        <Input required value={name} placeholder={say(w.nameHint)} onChange={(e) => setName(e.target.value)} />
      </label>
      <Pick
        label={say(w.scope)}
        shown
        value={scope}
        onPick={setScope}
        choices={scopesOffered.map((s) => ({ value: s, label: say(w[s]) }))}
      />
      <Button type="primary" htmlType="submit" loading={doing.busy} disabled={!name.trim()}>
        {say(w.make)}
      </Button>
      <Refused failure={doing.failure} />
    </form>
  );
}

function Revoke({ k, onGone }: { readonly k: Key; readonly onGone: () => void }): ReactNode {
  const { say, t } = useHere();
  const [sure, setSure] = useState(false);
  const doing = useDoing();
  const revoke = (): void =>
    void doing
      .run(async () => {
        await send('DELETE', path(`/keys/${k.id}`));
      })
      .then((ok) => ok && onGone());
  return (
    <>
      <Button size="small" aria-label={say(w.removeOne, { name: k.name })} onClick={() => setSure(true)}>
        {say(w.remove)}
      </Button>
      <Sheet title={say(w.removeOne, { name: k.name })} open={sure} onClose={() => setSure(false)}>
        <p>{say(w.sure, { name: k.name })}</p>
        <Refused failure={doing.failure} />
        <div className="key-sure">
          <Button danger type="primary" loading={doing.busy} onClick={revoke}>
            {say(w.remove)}
          </Button>
          <Button onClick={() => setSure(false)}>{t('cancel')}</Button>
        </div>
      </Sheet>
    </>
  );
}

interface Props {
  readonly scopes?: string; // offered first
  readonly after?: (token: string) => ReactNode; // shown below, with the token while it is known
}

export function Keys({ scopes = 'signals.write', after }: Props): ReactNode {
  const { say, locale, may } = useHere();
  const allowed = may('keys.write');
  const [load, again] = useLoad<{ readonly keys: readonly Key[] }>(allowed ? path('/keys') : null);
  const [token, setToken] = useState('');
  const made = (t: string): void => {
    setToken(t);
    again();
  };
  const can = (s: string): string => (s in w ? say(w[s as keyof typeof w]) : s);
  return (
    <div className="keys">
      {allowed ? <Make scopes={scopes} onMade={made} /> : <p className="quiet">{say(w.noRight)}</p>}
      {token && <Token token={token} />}
      {after?.(token || 'heed_key_…')}
      {allowed && (
        <Load load={load} again={again} rows={2} empty={(v) => v.keys.length === 0} hint={say(w.none)}>
          {({ keys }) => (
            <>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{say(w.name)}</th>
                    <th scope="col">{say(w.scope)}</th>
                    <th scope="col">{say(w.used)}</th>
                    <th scope="col">
                      <span className="sr">{say(w.remove)}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {keys.map((k) => (
                    <tr key={k.id}>
                      <th scope="row" translate="no">
                        {k.name}
                      </th>
                      <td data-label={say(w.scope)} translate={k.scopes in w ? 'yes' : 'no'}>
                        {can(k.scopes)}
                      </td>
                      <td data-label={say(w.used)}>{k.used_at ? age(locale, k.used_at) : say(w.never)}</td>
                      <td className="end">
                        <Revoke k={k} onGone={again} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <div className="table-end">
                <Csv
                  name="keys"
                  table={() => [
                    ['id', 'name', 'scopes', 'used_at'],
                    ...keys.map((k) => [k.id, k.name, k.scopes, k.used_at]),
                  ]}
                />
              </div>
            </>
          )}
        </Load>
      )}
    </div>
  );
}

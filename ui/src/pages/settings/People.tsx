// Who may come in, as what, and for which department.
import { Button, Input, Switch } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { departmentTitle } from '../../lib/names';
import type { Department, User } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import { Csv } from '../../parts/Csv';
import { Load } from '../../parts/Load';
import { Pick, type Choice } from '../../parts/Pick';
import { Sheet } from '../../parts/Sheet';
import { Refused } from '../../parts/Refused';
import { SecretInput } from '../../parts/Secret';
import { roles, useDepartments, usePeople, type People as Known } from './ctrl';
import { w } from './words';

const PASSWORD_LEAST = 10;

function useRoleChoices(): readonly Choice[] {
  const { say } = useHere();
  return roles.map((r) => ({ value: r, label: say(w[`r_${r}`]) }));
}

function useDepartmentChoices(departments: readonly Department[]): readonly Choice[] {
  const { say, locale } = useHere();
  return [
    { value: '', label: say(w.everything) },
    ...departments.map((d) => ({ value: String(d.id), label: departmentTitle(locale, d) })),
  ];
}

interface RowProps {
  readonly u: User;
  readonly c: Known;
  readonly departments: readonly Department[];
}

function Row({ u, c, departments }: RowProps): ReactNode {
  const { say, session } = useHere();
  const me = session?.user.id === u.id;
  return (
    <tr>
      <th scope="row">
        <span translate="no">{u.title || u.name}</span>
        <span className="quiet small">
          {' '}
          <span translate="no">@{u.name}</span> {me && `(${say(w.you)})`}
        </span>
      </th>
      <td>
        <Pick
          label={say(w.roleOf, { name: u.name })}
          value={u.role}
          disabled={me || c.doing.busy}
          onPick={(role) => c.change(u, { role })}
          choices={useRoleChoices()}
        />
      </td>
      <td>
        <Pick
          label={say(w.departmentOf, { name: u.name })}
          value={String(u.department_id ?? '')}
          disabled={c.doing.busy}
          onPick={(d) => c.change(u, { department_id: d ? Number(d) : null })}
          choices={useDepartmentChoices(departments)}
        />
      </td>
      <td data-label={say(w.enabled)}>
        <Switch
          aria-label={say(w.enabledOf, { name: u.name })}
          checked={u.enabled}
          disabled={me || c.doing.busy}
          onChange={(enabled) => c.change(u, { enabled })}
        />
      </td>
    </tr>
  );
}

function Add({ c, departments, onDone }: Omit<RowProps, 'u'> & { readonly onDone: () => void }): ReactNode {
  const { say } = useHere();
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const [role, setRole] = useState<string>('frontline');
  const [department, setDepartment] = useState('');
  const [password, setPassword] = useState('');
  const add = (e: FormEvent): void => {
    e.preventDefault();
    const user = { name: name.trim(), title: title.trim(), role, password, department_id: department ? Number(department) : null };
    void c.add(user).then((ok) => ok && onDone());
  };
  return (
    <form className="settings-form" onSubmit={add}>
      <label className="field">
        <b>{say(w.title)}</b>
        <Input value={title} onChange={(e) => setTitle(e.target.value)} autoComplete="off" />
      </label>
      <label className="field">
        <b>{say(w.name)}</b>
        <Input required value={name} onChange={(e) => setName(e.target.value)} autoCapitalize="none" autoComplete="off" />
      </label>
      <Pick label={say(w.role)} shown value={role} onPick={setRole} choices={useRoleChoices()} />
      <Pick label={say(w.department)} shown value={department} onPick={setDepartment} choices={useDepartmentChoices(departments)} />
      <label className="field">
        <b>{say(w.password)}</b>
        <SecretInput
          required
          minLength={PASSWORD_LEAST}
          value={password}
          placeholder={say(w.passwordHint)}
          autoComplete="new-password"
          onChange={(e) => setPassword(e.target.value)}
        />
      </label>
      <Refused failure={c.doing.failure} />
      <Button type="primary" size="large" htmlType="submit" loading={c.doing.busy}>
        {say(w.add)}
      </Button>
    </form>
  );
}

export function People(): ReactNode {
  const { say } = useHere();
  const c = usePeople();
  const [departments] = useDepartments();
  const [adding, setAdding] = useState(false);
  const known = departments.state === 'ready' ? departments.value.departments : [];
  return (
    <section className="card">
      <div className="settings-top">
        <Csv
          name="people"
          table={() => [
            ['name', 'title', 'role', 'department', 'enabled'],
            ...c.users.map((u) => [u.name, u.title, u.role, known.find((d) => d.id === u.department_id)?.name, u.enabled ? 1 : 0]),
          ]}
        />
        <Button type="primary" onClick={() => setAdding(true)}>
          {say(w.addPerson)}
        </Button>
      </div>
      {!adding && <Refused failure={c.doing.failure} />}
      <Load load={c.load} again={c.again}>
        {() => (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{say(w.name)}</th>
                <th scope="col">{say(w.role)}</th>
                <th scope="col">{say(w.department)}</th>
                <th scope="col">{say(w.enabled)}</th>
              </tr>
            </thead>
            <tbody>
              {c.users.map((u) => (
                <Row key={u.id} u={u} c={c} departments={known} />
              ))}
            </tbody>
          </table>
        )}
      </Load>
      <Sheet title={say(w.addPerson)} open={adding} onClose={() => setAdding(false)}>
        {adding && <Add c={c} departments={known} onDone={() => setAdding(false)} />}
      </Sheet>
    </section>
  );
}

// Who can be asked to act.
import { Button, Input } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { path, send } from '../../lib/api';
import { useDoing } from '../../lib/doing';
import { departmentTitle } from '../../lib/names';
import type { Department } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import { Load } from '../../parts/Load';
import { Refused } from '../../parts/Refused';
import { useDepartments } from './ctrl';
import { w } from './words';

function Add({ onAdded }: { readonly onAdded: () => void }): ReactNode {
  const { say } = useHere();
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const doing = useDoing();
  const add = (e: FormEvent): void => {
    e.preventDefault();
    const made = doing.run(async () => {
      await send<Department>('POST', path('/departments'), { name: name.trim(), title: title.trim() || null });
    });
    void made.then((ok) => {
      if (!ok) return;
      setName('');
      setTitle('');
      onAdded();
    });
  };
  return (
    <form className="settings-line" onSubmit={add}>
      <label className="field">
        <b>{say(w.code)}</b>
        <Input required value={name} placeholder={say(w.codeHint)} autoCapitalize="none" onChange={(e) => setName(e.target.value)} />
      </label>
      <label className="field">
        <b>{say(w.title)}</b>
        <Input value={title} onChange={(e) => setTitle(e.target.value)} />
      </label>
      <Button type="primary" htmlType="submit" loading={doing.busy} disabled={!name.trim()}>
        {say(w.addDepartment)}
      </Button>
      <Refused failure={doing.failure} />
    </form>
  );
}

export function Departments(): ReactNode {
  const { say, locale } = useHere();
  const [load, again] = useDepartments();
  return (
    <section className="card settings-stack">
      <Add onAdded={again} />
      <Load load={load} again={again} empty={(v) => v.departments.length === 0} hint={say(w.noDepartments)}>
        {({ departments }) => (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{say(w.title)}</th>
                <th scope="col">{say(w.code)}</th>
              </tr>
            </thead>
            <tbody>
              {departments.map((d) => (
                <tr key={d.id}>
                  <th scope="row" translate="no">
                    {departmentTitle(locale, d)}
                  </th>
                  <td translate="no">
                    <code>{d.name}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Load>
    </section>
  );
}

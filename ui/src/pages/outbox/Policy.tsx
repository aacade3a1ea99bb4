// How often, and when, customers may be written to.
import { Button, Checkbox, Input } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { path, send, useLoad } from '../../lib/api';
import { useDoing } from '../../lib/doing';
import { useHere } from '../../lib/session';
import { Load } from '../../parts/Load';
import { Note } from '../../parts/Note';
import { Refused } from '../../parts/Refused';
import { clockOf, minutesOf, type Policy } from './ctrl';
import { w } from './words';

interface Draft {
  readonly most: string;
  readonly days: string;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly hold: boolean;
}

const draftOf = (p: Policy): Draft => ({
  most: p.most === null ? '' : String(p.most),
  days: p.days === null ? '' : String(p.days),
  from: clockOf(p.quiet_from),
  to: clockOf(p.quiet_to),
  zone: p.zone ?? '',
  hold: p.hold_open === true,
});

const whole = (v: string): number | null => (v.trim() === '' ? null : Number(v));

function Field({ label, type, value, onChange }: { readonly label: string; readonly type: string; readonly value: string; readonly onChange: (v: string) => void }): ReactNode {
  return (
    <label className="field">
      <b>{label}</b>
      <Input type={type} min={0} value={value} onChange={(e) => onChange(e.target.value)} />
    </label>
  );
}

function Form({ p, again }: { readonly p: Policy; readonly again: () => void }): ReactNode {
  const { say } = useHere();
  const [x, setX] = useState(draftOf(p));
  const [saved, setSaved] = useState(false);
  const doing = useDoing(again);
  const save = (e: FormEvent): void => {
    e.preventDefault();
    const body = {
      most: whole(x.most),
      days: whole(x.days),
      quiet_from: minutesOf(x.from),
      quiet_to: minutesOf(x.to),
      zone: x.zone.trim() || null,
      hold_open: x.hold,
    };
    setSaved(false);
    void doing
      .run(async () => {
        await send('PATCH', path('/contact-policy'), body);
      })
      .then((ok) => {
        setSaved(ok);
        again();
      });
  };
  return (
    <form className="policy-form" onSubmit={save}>
      <Field label={say(w.most)} type="number" value={x.most} onChange={(most) => setX({ ...x, most })} />
      <Field label={say(w.days)} type="number" value={x.days} onChange={(days) => setX({ ...x, days })} />
      <Field label={say(w.quietFrom)} type="text" value={x.from} onChange={(from) => setX({ ...x, from })} />
      <Field label={say(w.quietTo)} type="text" value={x.to} onChange={(until) => setX({ ...x, to: until })} />
      <Field label={say(w.zone)} type="text" value={x.zone} onChange={(zone) => setX({ ...x, zone })} />
      <Checkbox checked={x.hold} onChange={(e) => setX({ ...x, hold: e.target.checked })}>
        {say(w.hold)}
      </Checkbox>
      <div>
        <Button type="primary" htmlType="submit" loading={doing.busy}>
          {say(w.save)}
        </Button>
      </div>
      <Refused failure={doing.failure} />
      {saved && <Note type="success" title={say(w.saved)} />}
    </form>
  );
}

export function PolicyForm(): ReactNode {
  const { say } = useHere();
  const [load, again] = useLoad<Policy>(path('/contact-policy'));
  return (
    <section className="card">
      <p className="quiet">{say(w.policyHint)}</p>
      <Load load={load} again={again} rows={4}>
        {(p) => <Form p={p} again={again} />}
      </Load>
    </section>
  );
}

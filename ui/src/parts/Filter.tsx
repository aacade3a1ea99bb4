// The question's `where`, as chips; clicks add to it and take from it, and whoever likes types the expression.
import { Button, Input } from 'antd';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { path, useKept, useLoad } from '../lib/api';
import { count } from '../lib/format';
import { useNames } from '../lib/names';
import { useHere } from '../lib/session';
import type { Column, Columns } from '../lib/shapes';
import { useConditionText } from '../lib/conditions';
import { both, parseWhere, printWhere, type Condition, type Op } from '../lib/where';
import type { Phrases } from '../lib/words';
import './filter.css';
import { Icon, drawings } from './Icon';
import { Load } from './Load';

const w = {
  add: ['添加筛选', '新增篩選', 'Add filter'],
  choose: ['按什么筛选？', '依什麼篩選？', 'Filter by what?'],
  back: ['返回', '返回', 'Back'],
  apply: ['应用', '套用', 'Apply'],
  remove: ['移除筛选：{what}', '移除篩選：{what}', 'Remove filter: {what}'],
  expression: ['表达式', '運算式', 'Expression'],
  such: ['例如', '例如', 'Such as'],
  from: ['从', '從', 'from'],
  until: ['到（不含）', '到（不含）', 'until (before)'],
  least: ['至少', '至少', 'at least'],
  most: ['至多', '至多', 'at most'],
  find: ['查找', '尋找', 'Find'],
} satisfies Phrases;

const HIDDEN = new Set(['received_at', 'confidence', 'currency', 'customer', 'order_id']);

interface Step {
  readonly column: Column;
  readonly where: string; // the rest of the question, for counts beside the values
  readonly onAdd: (c: readonly Condition[]) => void;
}

interface Values {
  readonly values: readonly { readonly value: string | null; readonly n: number }[];
}

function PickValues({ column, where, onAdd }: Step): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [find, setFind] = useState('');
  const [load, again] = useLoad<Values>(path('/values', { column: column.name, where, limit: 200 }));
  const flip = (v: string): void => setChosen(chosen.includes(v) ? chosen.filter((x) => x !== v) : [...chosen, v]);
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    if (chosen.length) onAdd([{ kind: 'in', column: column.name, values: chosen, not: false }]);
  };
  return (
    <form onSubmit={submit} className="stack">
      <Input placeholder={say(w.find)} aria-label={say(w.find)} value={find} onChange={(e) => setFind(e.target.value)} />
      <Load load={load} again={again} empty={(v) => v.values.length === 0}>
        {({ values }) => (
          <ul className="values">
            {values
              .filter((v) => v.value !== null)
              .map((v) => ({ v: String(v.value), n: v.n, label: names.value(column.name, v.value) }))
              .filter((x) => `${x.label} ${x.v}`.toLowerCase().includes(find.toLowerCase()))
              .map((x) => (
                <li key={x.v}>
                  <label>
                    <input type="checkbox" checked={chosen.includes(x.v)} onChange={() => flip(x.v)} />
                    <span>{x.label}</span>
                    <span className="quiet num">{count(locale, x.n)}</span>
                  </label>
                </li>
              ))}
          </ul>
        )}
      </Load>
      <Button type="primary" htmlType="submit" disabled={chosen.length === 0}>
        {say(w.apply)}
      </Button>
    </form>
  );
}

function PickRange({ column, onAdd }: Step): ReactNode {
  const { say } = useHere();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const time = column.kind === 'time';
  const one = (op: Op, value: string): Condition[] =>
    value === '' ? [] : [{ kind: 'compare', column: column.name, op, value }];
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const all = [...one('>=', from), ...one(time ? '<' : '<=', to)];
    if (all.length) onAdd(all);
  };
  const kind = time ? { type: 'date' } : { type: 'number', step: 'any' };
  return (
    <form onSubmit={submit} className="stack">
      <label className="field">
        <span>{say(time ? w.from : w.least)}</span>
        <Input {...kind} value={from} onChange={(e) => setFrom(e.target.value)} />
      </label>
      <label className="field">
        <span>{say(time ? w.until : w.most)}</span>
        <Input {...kind} value={to} onChange={(e) => setTo(e.target.value)} />
      </label>
      <Button type="primary" htmlType="submit" disabled={from === '' && to === ''}>
        {say(w.apply)}
      </Button>
    </form>
  );
}

interface Props {
  readonly where: string;
  readonly onChange: (where: string) => void;
  readonly children?: ReactNode; // further controls in the same row
}

export function Filter({ where, onChange, children }: Props): ReactNode {
  const { say, t } = useHere();
  const names = useNames();
  const chip = useConditionText().one;
  const panel = useRef<HTMLDialogElement>(null);
  const [column, setColumn] = useState<Column | null>(null);
  const [typed, setTyped] = useState('');
  const columns = useKept<Columns>(path('/columns'));
  const conditions = parseWhere(where);
  const shut = (): void => panel.current?.close();
  const open = (): void => {
    setColumn(null);
    setTyped(where);
    panel.current?.showModal();
  };
  const add = (more: readonly Condition[]): void => {
    onChange(both(where, printWhere(more)));
    shut();
  };
  const type = (e: FormEvent): void => {
    e.preventDefault();
    onChange(typed.trim());
    shut();
  };
  const choices = (columns?.columns ?? []).filter((c) => c.present > 0 && !HIDDEN.has(c.name));
  return (
    <div className="filter" role="group" aria-label={t('filter')}>
      {children}
      {conditions.map((c, i) => (
        <span className="chip" key={`${i} ${chip(c)}`} title={chip(c)}>
          <span translate={c.kind === 'raw' ? 'no' : 'yes'}>{chip(c)}</span>
          <button
            type="button"
            aria-label={say(w.remove, { what: chip(c) })}
            onClick={() => onChange(printWhere(conditions.filter((_, j) => j !== i)))}
          >
            <Icon d={drawings.close} size={14} />
          </button>
        </span>
      ))}
      <Button onClick={open}>+ {say(w.add)}</Button>
      {conditions.length > 1 && (
        <Button type="text" onClick={() => onChange('')}>
          {t('clear')}
        </Button>
      )}
      <dialog ref={panel} className="panel" aria-label={say(w.add)} onClick={(e) => e.target === panel.current && shut()}>
        <div className="panel-in">
          <div className="panel-head">
            <h2>{column ? names.column(column.name) : say(w.choose)}</h2>
            {column && (
              <Button size="small" onClick={() => setColumn(null)}>
                {say(w.back)}
              </Button>
            )}
            <button type="button" className="plain" aria-label={t('close')} onClick={shut}>
              <Icon d={drawings.close} />
            </button>
          </div>
          {column === null ? (
            <>
              <ul className="columns">
                {choices.map((c) => (
                  <li key={c.name}>
                    <button type="button" className="plain" onClick={() => setColumn(c)}>
                      {names.column(c.name)}
                    </button>
                  </li>
                ))}
              </ul>
              <form onSubmit={type} className="stack">
                <label className="field">
                  <span>{say(w.expression)}</span>
                  <Input translate="no" value={typed} onChange={(e) => setTyped(e.target.value)} />
                  <small className="quiet">
                    {say(w.such)} <code translate="no">channel = 'call' and score:nps &lt;= 6</code>
                  </small>
                </label>
                <Button htmlType="submit">{say(w.apply)}</Button>
              </form>
            </>
          ) : column.kind === 'num' || column.kind === 'time' ? (
            <PickRange column={column} where={where} onAdd={add} />
          ) : (
            <PickValues column={column} where={where} onAdd={add} />
          )}
        </div>
      </dialog>
    </div>
  );
}

// How a file will be read: each column, what it becomes and why; any of it can be said otherwise.
import { Button } from 'antd';
import { useMemo, type ReactNode } from 'react';
import { count } from '../../lib/format';
import { useHere } from '../../lib/session';
import type { Phrase } from '../../lib/words';
import { Note } from '../../parts/Note';
import { Pick, type Choice } from '../../parts/Pick';
import type { Plan, PlanColumn, Upload } from './ctrl';
import { w } from './words';

// The reasons of hear/guess.c, in the reader's language.
const reasons: readonly (readonly [starts: string, phrase: Phrase])[] = [
  ['its name and values', w.why_name],
  ['its name; unique', w.why_id],
  ['numbers that count', w.why_serial],
  ['dates, the year first', w.why_ymd],
  ['dates, the day first', w.why_dmy],
  ['dates, the month first', w.why_mdy],
  ['dates; day and month', w.why_either],
  ['the column of the longest', w.why_long],
  ['our own note', w.why_ours],
  ['empty throughout', w.why_empty],
  ['numbers', w.why_numbers],
  ['text', w.why_text],
  ['not unique', w.why_notUnique],
  ['told', w.why_told],
];

const mains = ['words', 'occurred_at', 'customer', 'channel', 'touchpoint', 'product', 'event', 'amount', 'currency', 'external_id'] as const;
const scores = ['nps', 'csat', 'ces', 'rating5', 'rating10'] as const;

type Say = ReturnType<typeof useHere>['say'];

function fieldChoices(say: Say, c: PlanColumn): Choice[] {
  const keep = `attr:${c.column}`;
  const known: Choice[] = [
    ...mains.map((f) => ({ value: f, label: say(w[`f_${f}`]), group: say(w.groupMain) })),
    ...scores.map((f) => ({ value: `score:${f}`, label: say(w[`f_${f}`]), group: say(w.groupScore) })),
    { value: keep, label: say(w.f_attr, { name: c.column }), group: say(w.groupElse) },
    { value: '-', label: say(w.f_out), group: say(w.groupElse) },
  ];
  if (known.some((k) => k.value === c.field)) return known;
  const own = c.field.startsWith('score:')
    ? { value: c.field, label: say(w.f_score, { name: c.field.slice(6) }), group: say(w.groupScore) }
    : { value: c.field, label: say(w.f_attr, { name: c.field.replace(/^attr:/, '') }), group: say(w.groupElse) };
  return [...known.filter((k) => k.value !== keep || !c.field.startsWith('attr:')), own];
}

function Row({ c, column }: { readonly c: Upload; readonly column: PlanColumn }): ReactNode {
  const { say } = useHere();
  const choices = useMemo(() => fieldChoices(say, column), [say, column]);
  const reason = reasons.find(([starts]) => column.why.startsWith(starts))?.[1];
  const plain = column.field.startsWith('attr:') || column.field === '-';
  return (
    <tr className={plain ? '' : 'plan-main'}>
      <th scope="row" translate="no">
        {column.column}
      </th>
      <td translate="no">
        <Pick
          label={say(w.fieldOf, { column: column.column })}
          value={column.field}
          disabled={c.doing.busy}
          onPick={(f) => c.say(column.column, f)}
          choices={choices}
        />
      </td>
      <td className="quiet">{reason ? say(reason) : <span translate="no">{column.why}</span>}</td>
      <td className="plan-examples" translate="no">
        {column.examples.map((e, i) => (
          <span key={i}>{e}</span>
        ))}
      </td>
    </tr>
  );
}

function Warnings({ plan }: { readonly plan: Plan }): ReactNode {
  const { say } = useHere();
  const has = (f: string): boolean => plan.columns.some((c) => c.field === f);
  return (
    <>
      {!has('words') && <Note type="warning" title={say(w.noWords)} />}
      {!has('occurred_at') && <Note type="info" title={say(w.noTime)} />}
    </>
  );
}

export function PlanTable({ c, plan }: { readonly c: Upload; readonly plan: Plan }): ReactNode {
  const { say, locale } = useHere();
  const known = plan.records !== null && plan.records >= 0;
  const ways = (
    <div className="deeds">
      <Button type="primary" size="large" loading={c.doing.busy} onClick={c.start}>
        {known ? say(w.startN, { n: count(locale, plan.records ?? 0) }) : say(w.start)}
      </Button>
      <Button size="large" onClick={c.leave}>
        {say(w.other)}
      </Button>
    </div>
  );
  return (
    <section className="card plan">
      <div>
        <h2>{say(w.understood, { name: plan.file })}</h2>
        <p className="quiet" translate="no">
          {[
            plan.format.toUpperCase(),
            known && say(w.records, { n: count(locale, plan.records ?? 0) }),
            plan.rejected > 0 && say(w.unreadable, { n: count(locale, plan.rejected) }),
            say(w.sourceName, { name: plan.source }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {ways}
      <Warnings plan={plan} />
      <table className="table plan-table">
        <thead>
          <tr>
            <th scope="col">{say(w.column)}</th>
            <th scope="col">{say(w.field)}</th>
            <th scope="col">{say(w.why)}</th>
            <th scope="col">{say(w.examples)}</th>
          </tr>
        </thead>
        <tbody>
          {plan.columns.map((x) => (
            <Row key={x.column} c={c} column={x} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

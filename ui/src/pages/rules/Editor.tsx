// A rule in the making: the condition answers while it is typed, the deed is a form.
import { Button, Input } from 'antd';
import { useRef, useState, type ReactNode } from 'react';
import { useConditionText } from '../../lib/conditions';
import { departmentTitle, useNames } from '../../lib/names';
import type { Rule } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import type { Phrase } from '../../lib/words';
import { columnText, quoted } from '../../lib/where';
import { Link } from '../../parts/Link';
import { Note } from '../../parts/Note';
import { Pick } from '../../parts/Pick';
import { Sheet } from '../../parts/Sheet';
import { Refused } from '../../parts/Refused';
import { blank, draftOf, isWhole, useTry, type Draft, type Rules } from './ctrl';
import { Tried } from './Tried';
import { Simulate, Versions } from './Judged';
import { w } from './words';

interface Part {
  readonly d: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly locked: boolean;
}

const examples: readonly (readonly [Phrase, (say: (p: Phrase) => string) => string])[] = [
  [w.exAngry, () => 'score:nps <= 3 or score:csat <= 1 or score:rating5 <= 1'],
  [w.exWords, (say) => `words ~ ${quoted(say(w.refund))}`],
  [w.exSafety, () => "intent in ('safety', 'escalation')"],
  [w.exDelivery, () => "aspect = 'delivery.speed' and polarity = 'negative'"],
];

function Condition({ d, set, locked, columns, why }: Part & { readonly columns: readonly string[]; readonly why: string | null }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const said = useConditionText().all(d.condition);
  const box = useRef<HTMLTextAreaElement | null>(null);
  const insert = (column: string): void => {
    const at = box.current;
    const from = at?.selectionStart ?? d.condition.length;
    set({ condition: `${d.condition.slice(0, from)}${columnText(column)} ${d.condition.slice(at?.selectionEnd ?? from)}` });
    at?.focus();
  };
  return (
    <>
      <label className="field">
        <span className="sr">{say(w.condition)}</span>
        <Input.TextArea
          ref={(r) => {
            box.current = r?.resizableTextArea?.textArea ?? null;
          }}
          className="code"
          translate="no"
          autoSize={{ minRows: 2, maxRows: 10 }}
          spellCheck={false}
          value={d.condition}
          readOnly={locked}
          placeholder={say(w.conditionHint)}
          status={why ? 'error' : ''}
          aria-invalid={why !== null}
          aria-describedby="rule-why"
          onChange={(e) => set({ condition: e.target.value })}
        />
      </label>
      <p id="rule-why" role="status" className={why ? 'rule-why' : 'quiet small'} translate={why ? 'no' : 'yes'}>
        {why ?? (d.condition.trim() ? said : '')}
      </p>
      {!locked && columns.length > 0 && (
        <Pick
          label={say(w.columns)}
          value=""
          onPick={(v) => v && insert(v)}
          choices={[{ value: '', label: `${say(w.columns)}…` }, ...columns.map((v) => ({ value: v, label: names.column(v) }))]}
        />
      )}
    </>
  );
}

function Examples({ set }: { readonly set: Part['set'] }): ReactNode {
  const { say } = useHere();
  return (
    <div className="rule-examples" role="group" aria-label={say(w.examples)}>
      <span className="quiet small">{say(w.examples)}</span>
      {examples.map(([title, make]) => (
        <Button key={title[2]} size="small" shape="round" onClick={() => set({ condition: make((p) => say(p)) })}>
          {say(title)}
        </Button>
      ))}
    </div>
  );
}

const dues = ['', '1h', '4h', '1d', '2d', '7d'] as const;

export function dueText(due: string, say: (p: Phrase, fills?: Record<string, string>) => string): string {
  const n = due.slice(0, -1);
  if (due === '') return say(w.noDue);
  if (due.endsWith('h')) return say(w.hours, { n });
  if (due.endsWith('d')) return n === '1' ? say(w.day) : say(w.days, { n });
  return due;
}

function TicketForm({ d, set, locked, c }: Part & { readonly c: Rules }): ReactNode {
  const { say, locale } = useHere();
  const p = d.params;
  const put = (key: string, value: string): void => set({ params: { ...p, [key]: value } });
  const known = c.departments.map((x) => ({ value: x.name, label: departmentTitle(locale, x) }));
  const other = p.department && !known.some((k) => k.value === p.department) ? [{ value: p.department, label: p.department }] : [];
  const due = p.due ?? '';
  const times = dues.some((x) => x === due) ? dues : [...dues, due];
  return (
    <div className="rule-form">
      <Pick
        label={say(w.department)}
        shown
        disabled={locked}
        value={p.department ?? ''}
        onPick={(v) => put('department', v)}
        choices={[{ value: '', label: '—' }, ...known, ...other]}
      />
      <Pick
        label={say(w.due)}
        shown
        disabled={locked}
        value={due}
        onPick={(v) => put('due', v)}
        choices={times.map((v) => ({ value: v, label: dueText(v, say) }))}
      />
      <Pick
        label={say(w.priority)}
        shown
        disabled={locked}
        value={p.priority ?? 'normal'}
        onPick={(v) => put('priority', v)}
        choices={(['low', 'normal', 'high', 'urgent'] as const).map((v) => ({ value: v, label: say(w[v]) }))}
      />
      <label className="field">
        <b>{say(w.contactBy)}</b>
        <Input value={p.contact ?? ''} readOnly={locked} placeholder="2h" autoCapitalize="none" onChange={(e) => put('contact', e.target.value)} />
      </label>
      <Pick
        label={say(w.calendar)}
        shown
        disabled={locked}
        value={p.calendar ?? ''}
        onPick={(v) => put('calendar', v)}
        choices={[{ value: '', label: say(w.allHours) }, ...c.calendars.map((x) => ({ value: x.name, label: x.title ?? x.name }))]}
      />
      <Pick
        label={say(w.playbook)}
        shown
        disabled={locked}
        value={p.playbook ?? ''}
        onPick={(v) => put('playbook', v)}
        choices={[{ value: '', label: '—' }, ...c.playbooks.map((x) => ({ value: x.name, label: x.title ?? x.name }))]}
      />
      <Pick
        label={say(w.escalate)}
        shown
        disabled={locked}
        value={p.escalate ?? ''}
        onPick={(v) => put('escalate', v)}
        choices={[{ value: '', label: '—' }, ...known]}
      />
      <label className="field">
        <b>{say(w.owner)}</b>
        <Input value={p.owner ?? ''} readOnly={locked} autoCapitalize="none" onChange={(e) => put('owner', e.target.value)} />
      </label>
    </div>
  );
}

function Then({ d, set, locked, c }: Part & { readonly c: Rules }): ReactNode {
  const { say } = useHere();
  const ours = d.action === 'ticket' || d.action === 'tag';
  return (
    <section>
      <h3>{say(w.then)}</h3>
      <div className="rule-then">
        <Pick
          label={say(w.action)}
          disabled={locked || !ours}
          value={d.action}
          onPick={(action) => set({ action })}
          choices={[
            { value: 'ticket', label: say(w.ticket) },
            { value: 'tag', label: say(w.tag) },
            ...(ours ? [] : [{ value: d.action, label: d.action }]),
          ]}
        />
        {d.action === 'ticket' && <TicketForm d={d} set={set} locked={locked} c={c} />}
        {d.action === 'tag' && (
          <label className="field">
            <b>{say(w.tagName)}</b>
            <Input
              value={d.params.tag ?? ''}
              readOnly={locked}
              maxLength={60}
              onChange={(e) => set({ params: { ...d.params, tag: e.target.value } })}
            />
          </label>
        )}
        {!ours && <p className="quiet">{say(w.unknownAction)}</p>}
      </div>
    </section>
  );
}

interface FootProps {
  readonly c: Rules;
  readonly rule: Rule | null;
  readonly d: Draft;
  readonly bad: boolean;
  readonly onSaved: () => void;
}

function Foot({ c, rule, d, bad, onSaved }: FootProps): ReactNode {
  const { say, t } = useHere();
  const [sure, setSure] = useState(false);
  const stop = !isWhole(d) || bad;
  const save = (enabled: boolean): void => void c.save(rule, d, enabled).then((ok) => ok && onSaved());
  return (
    <div className="deeds">
      <Button type="primary" size="large" disabled={stop} loading={c.doing.busy} onClick={() => save(rule?.enabled ?? true)}>
        {say(rule ? w.saveChanges : w.save)}
      </Button>
      {!rule && (
        <Button size="large" disabled={stop} onClick={() => save(false)}>
          {say(w.saveOff)}
        </Button>
      )}
      {rule && (
        <Button size="large" danger onClick={() => setSure(true)}>
          {say(w.remove)}
        </Button>
      )}
      {rule && (
        <Sheet title={say(w.removeSure, { name: rule.name })} open={sure} onClose={() => setSure(false)}>
          <div className="deeds">
            <Button danger type="primary" size="large" onClick={() => void c.remove(rule)}>
              {say(w.remove)}
            </Button>
            <Button size="large" onClick={() => setSure(false)}>
              {t('cancel')}
            </Button>
          </div>
        </Sheet>
      )}
    </div>
  );
}

export function Editor({ c, rule }: { readonly c: Rules; readonly rule: Rule | null }): ReactNode {
  const { say, may } = useHere();
  const [d, setDraft] = useState<Draft>(() => (rule ? draftOf(rule) : blank));
  const [saved, setSaved] = useState(false);
  const tried = useTry(d.condition);
  const locked = !may('rules.write');
  const set = (change: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...change }));
    setSaved(false);
  };
  const part = { d, set, locked };
  return (
    <article className="card rule">
      <Link to="/rules" className="split-back">
        {say(w.back)}
      </Link>
      {locked && <p className="quiet">{say(w.readOnly)}</p>}
      <label className="field">
        <b>{say(w.name)}</b>
        <Input value={d.name} readOnly={locked} placeholder={say(w.nameHint)} onChange={(e) => set({ name: e.target.value })} />
      </label>
      <section>
        <h3>{say(w.when)}</h3>
        <Condition {...part} columns={c.columns} why={tried.why} />
        {!rule && !locked && <Examples set={set} />}
      </section>
      <Tried tried={tried} />
      <Then {...part} c={c} />
      {may('rules.read') && <Simulate d={d} bad={tried.why !== null && !/fact:|customer:/.test(d.condition)} />}
      {rule && <Versions c={c} rule={rule} locked={locked} />}
      <Refused failure={c.doing.failure} />
      {saved && <Note type="success" title={say(w.saved)} />}
      {!locked && <Foot c={c} rule={rule} d={d} bad={tried.why !== null && !/fact:|customer:/.test(d.condition)} onSaved={() => setSaved(true)} />}
    </article>
  );
}

// What the rule editor knows: the rules, the draft of one, and what its condition would have matched.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { failureOf, get, path, send, sendSeen, useLoad, type Loaded } from '../../lib/api';
import { useDoing, type Doing } from '../../lib/doing';
import type { Department, Rule, Voice } from '../../lib/shapes';
import { useParam } from '../../lib/url';

export const NEW = 'new';
const TYPING_MS = 350; // a pause in typing after which the server is asked
const SAMPLE = 5;
export const TICKET_PARAMS = [
  'department',
  'owner',
  'due',
  'priority',
  'contact',
  'calendar',
  'escalate',
  'playbook',
  'each',
  'after',
  'unless',
  'answered',
] as const;

export interface Trial {
  readonly matches: number;
  readonly signals: number | null; // null: not theirs to know
  readonly months: readonly { readonly month: string; readonly n: number }[];
  readonly sample: readonly number[];
}

export interface Draft {
  readonly name: string;
  readonly condition: string;
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
}

export const blank: Draft = { name: '', condition: '', action: 'ticket', params: { due: '2d', priority: 'normal' } };

export function draftOf(r: Rule): Draft {
  return { name: r.name, condition: r.condition, action: r.action, params: r.params ?? {} };
}

// Parameters the action does not know would be refused; empty ones mean "not given".
export function paramsFor(d: Draft): Record<string, string> {
  const known: Readonly<Record<string, readonly string[]>> = { ticket: TICKET_PARAMS, tag: ['tag'] };
  const keys = known[d.action] ?? Object.keys(d.params);
  return Object.fromEntries(keys.flatMap((k) => (d.params[k]?.trim() ? [[k, d.params[k]?.trim() ?? '']] : [])));
}

export function isWhole(d: Draft): boolean {
  const p = paramsFor(d);
  return d.name.trim() !== '' && d.condition.trim() !== '' && (d.action === 'ticket' ? !!p.department : d.action !== 'tag' || !!p.tag);
}

export interface Try {
  readonly condition: string; // the one that was answered
  readonly trial: Trial | null; // of the last condition that could be read
  readonly why: string | null; // why the present one cannot be
  readonly busy: boolean;
  readonly sample: readonly Voice[];
}

const untried: Try = { condition: '', trial: null, why: null, busy: false, sample: [] };

export function useTry(condition: string): Try {
  const [answer, setAnswer] = useState<Try>({ ...untried, busy: condition.trim() !== '' });
  useEffect(() => {
    if (condition.trim() === '') {
      setAnswer(untried);
      return undefined;
    }
    let gone = false;
    const ask = async (): Promise<void> => {
      setAnswer((a) => ({ ...a, busy: true }));
      try {
        const trial = await send<Trial>('POST', path('/rules/try'), { condition });
        if (gone) return;
        setAnswer((a) => ({ ...a, condition, trial, why: null, busy: false }));
        const sample = await Promise.all(trial.sample.slice(0, SAMPLE).map((id) => get<Voice>(path(`/signals/${id}`))));
        if (!gone) setAnswer((a) => ({ ...a, sample }));
      } catch (e) {
        if (!gone) setAnswer((a) => ({ ...a, busy: false, why: failureOf(e).why }));
      }
    };
    const timer = window.setTimeout(() => void ask(), TYPING_MS);
    return () => {
      gone = true;
      window.clearTimeout(timer);
    };
  }, [condition]);
  return answer;
}

// What the rule would have done in three months, and what it says against the others: asked when wanted.
export interface Simulation {
  readonly signals: number;
  readonly before: number;
  readonly after: number;
  readonly gained: number;
  readonly lost: number;
  readonly others_lost: number;
  readonly cut: boolean;
  readonly months: readonly { readonly month: string; readonly signals: number; readonly before: number; readonly after: number }[];
}
export interface Finding {
  readonly kind: 'never' | 'shadowed' | 'duplicate' | 'conflict' | 'overlap';
  readonly rule: string;
  readonly other: string | null;
}
export interface Version {
  readonly version: number;
  readonly at: string;
  readonly actor: string;
  readonly condition: string;
  readonly enabled: boolean;
}
export interface Judged {
  readonly simulation: Simulation;
  readonly findings: readonly Finding[];
}

export function bodyOf(d: Draft): Record<string, unknown> {
  return { name: d.name.trim(), condition: d.condition.trim(), action: d.action, params: paramsFor(d) };
}

export function judge(d: Draft): Promise<Judged> {
  const body = bodyOf(d);
  return Promise.all([
    send<Simulation>('POST', path('/rules/simulate'), body),
    send<{ readonly findings: readonly Finding[] }>('POST', path('/rules/findings'), body),
  ]).then(([simulation, { findings }]) => ({ simulation, findings: findings.filter((f) => f.rule === d.name.trim() || f.other === d.name.trim()) }));
}

export interface Named {
  readonly name: string;
  readonly title: string | null;
}

export interface Rules {
  readonly load: Loaded<{ readonly rules: readonly Rule[] }>;
  readonly rules: readonly Rule[];
  readonly again: () => void;
  readonly id: string; // of the chosen rule, NEW, or empty
  readonly setId: (id: string) => void;
  readonly departments: readonly Department[];
  readonly calendars: readonly Named[];
  readonly playbooks: readonly Named[];
  readonly columns: readonly string[];
  readonly doing: Doing;
  readonly turn: (r: Rule, on: boolean) => void;
  readonly save: (of: Rule | null, d: Draft, enabled: boolean) => Promise<boolean>;
  readonly remove: (r: Rule) => Promise<boolean>;
  readonly back: (r: Rule, version: number) => Promise<boolean>;
}

export function useRules(): Rules {
  const [load, again] = useLoad<{ readonly rules: readonly Rule[] }>(path('/rules'));
  const [rules, setRules] = useState<readonly Rule[]>([]);
  const [departments] = useLoad<{ readonly departments: readonly Department[] }>(path('/departments'));
  const [calendars] = useLoad<{ readonly calendars: readonly Named[] }>(path('/calendars'));
  const [playbooks] = useLoad<{ readonly playbooks: readonly Named[] }>(path('/playbooks'));
  const [columns] = useLoad<{ readonly columns: readonly { readonly name: string }[] }>(path('/columns'));
  const [id, setId] = useParam('id');
  const doing = useDoing(again);
  const { run } = doing;
  useEffect(() => {
    if (load.state === 'ready') setRules(load.value.rules);
  }, [load]);
  const put = useCallback((r: Rule) => setRules((all) => [...all.filter((x) => x.id !== r.id), r].sort((a, b) => a.id - b.id)), []);
  const turn = useCallback(
    (r: Rule, on: boolean) => void run(async () => put(await sendSeen<Rule>('PATCH', path(`/rules/${r.id}`), { version: r.version }, { enabled: on }))),
    [run, put],
  );
  const save = useCallback(
    (of: Rule | null, d: Draft, enabled: boolean) =>
      run(async () => {
        const body = { name: d.name.trim(), condition: d.condition.trim(), action: d.action, params: paramsFor(d), enabled };
        const kept = of
          ? await sendSeen<Rule>('PATCH', path(`/rules/${of.id}`), { version: of.version }, body)
          : await send<Rule>('POST', path('/rules'), body);
        put(kept);
        setId(String(kept.id));
      }),
    [run, put, setId],
  );
  const remove = useCallback(
    (r: Rule) =>
      run(async () => {
        await sendSeen<Rule>('DELETE', path(`/rules/${r.id}`), { version: r.version });
        setRules((all) => all.filter((x) => x.id !== r.id));
        setId('');
      }),
    [run, setId],
  );
  const back = useCallback(
    (r: Rule, version: number) => run(async () => put(await send<Rule>('POST', path(`/rules/${r.id}/rollback`), { version }))),
    [run, put],
  );
  const names = useMemo(() => (columns.state === 'ready' ? columns.value.columns.map((c) => c.name) : []), [columns]);
  return {
    load,
    rules,
    again,
    id,
    setId,
    departments: departments.state === 'ready' ? departments.value.departments : [],
    calendars: calendars.state === 'ready' ? calendars.value.calendars : [],
    playbooks: playbooks.state === 'ready' ? playbooks.value.playbooks : [],
    columns: names,
    doing,
    turn,
    save,
    remove,
    back,
  };
}

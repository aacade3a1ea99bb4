// One incident: what happened, its chart, its voices, and what people do about it.
import { Button, Empty } from 'antd';
import type { ReactNode } from 'react';
import { day, number, range, when } from '../../lib/format';
import { departmentTitle } from '../../lib/names';
import { useHere } from '../../lib/session';
import { Facts, type Fact } from '../../parts/Facts';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Refused } from '../../parts/Refused';
import { VoiceCard } from '../../parts/VoiceCard';
import { ControlChart } from './ControlChart';
import { ownTitle, unitOf, useStory, useVoices, type Alert, type Alerts, type Story, type Watch } from './ctrl';
import { w } from './words';

type Here = ReturnType<typeof useHere>;

export function What({ a, watch }: { readonly a: Alert; readonly watch: Watch | undefined }): ReactNode {
  const { say, locale } = useHere();
  const u = unitOf(watch?.what ?? 'volume');
  if (watch?.chart === 'silence') return <span>{say(w.stopped)}</span>;
  const told = (v: number | null, digits = u.digits): string => `${number(locale, v === null ? null : v * u.times, digits) ?? '–'}${u.times === 100 ? ' %' : ''}`;
  return <span className="num">{say(w.story, { value: told(a.value), expected: told(a.expected, Math.max(u.digits, 1)) })}</span>;
}

export function Severity({ a }: { readonly a: Alert }): ReactNode {
  const { say } = useHere();
  return <b className={`severity ${a.state === 'resolved' ? 'past' : a.severity}`}>{say(w[a.severity])}</b>;
}

export const stateWord = (a: Alert): 'isOpen' | 'isAcknowledged' | 'isResolved' =>
  a.state === 'open' ? 'isOpen' : a.state === 'acknowledged' ? 'isAcknowledged' : 'isResolved';

function facts(s: Story, c: Alerts, { say, locale }: Here): Fact[] {
  const { alert: a, watch } = s;
  const u = unitOf(watch.what);
  const department = c.departments.find((d) => d.name === a.department);
  const at = (v: number | null): number | null => (v === null ? null : v * u.times);
  const both = a.low !== null && a.high !== null;
  return [
    [say(w.limits), both ? range(locale, at(a.low), at(a.high), u.digits) : a.high !== null ? `≤ ${number(locale, at(a.high), u.digits)}` : a.low !== null ? `≥ ${number(locale, at(a.low), u.digits)}` : null],
    [say(w.began), day(locale, a.began_at)],
    [say(w.found), when(locale, a.found_at)],
    [say(w.lasted), a.periods === null ? null : String(a.periods)],
    [say(w.over), a.resolved_at ? when(locale, a.resolved_at) : null],
    [say(w.returns), a.returns ? String(a.returns) : null],
    [say(w.told), a.told_at ? when(locale, a.told_at) : a.state === 'resolved' ? null : say(w.waiting)],
    [say(w.escalated), a.escalated_at ? when(locale, a.escalated_at) : null],
    [say(w.snoozed), a.snoozed_until ? when(locale, a.snoozed_until) : null],
    [say(w.department), department ? <span translate="no">{departmentTitle(locale, department)}</span> : null],
    [say(w.by), a.acknowledged_by ? <span translate="no">{a.acknowledged_by.replace(/^\w+:/, '')}</span> : null],
    [say(w.judged), a.verdict ? say(a.verdict === 'true' ? w.wasTrue : w.wasFalse) : null],
    [say(w.note), a.note ? <span translate="no">{ownTitle(locale, a.note)}</span> : null],
  ];
}

function Deeds({ a, c }: { readonly a: Alert; readonly c: Alerts }): ReactNode {
  const { say, may } = useHere();
  if (!may('tickets.write')) return null;
  return (
    <div className="deeds">
      {a.state === 'open' && (
        <Button type="primary" size="large" loading={c.doing.busy} onClick={() => void c.deed(a.id, 'acknowledge')}>
          {say(w.acknowledge)}
        </Button>
      )}
      {a.state !== 'resolved' && (
        <Button size="large" loading={c.doing.busy} onClick={() => void c.deed(a.id, 'snooze', { for: '4h' })}>
          {say(w.snooze)}
        </Button>
      )}
      {a.verdict !== 'true' && (
        <Button size="large" loading={c.doing.busy} onClick={() => void c.deed(a.id, 'verdict', { verdict: 'true' })}>
          {say(w.sayTrue)}
        </Button>
      )}
      {a.verdict !== 'false' && (
        <Button size="large" loading={c.doing.busy} onClick={() => void c.deed(a.id, 'verdict', { verdict: 'false' })}>
          {say(w.sayFalse)}
        </Button>
      )}
    </div>
  );
}

function Said({ where }: { readonly where: string }): ReactNode {
  const { say } = useHere();
  const [load, again] = useVoices(where);
  return (
    <section>
      <h3>{say(w.voices)}</h3>
      <Load load={load} again={again} rows={4} empty={(v) => v.voices.length === 0} hint={say(w.noVoices)}>
        {(v) => (
          <>
            {v.voices.map((one) => (
              <VoiceCard key={one.id} voice={one} noWords={say(w.noWords)} />
            ))}
            <Link to={`/voices?where=${encodeURIComponent(where)}`}>{say(w.allVoices)} →</Link>
          </>
        )}
      </Load>
    </section>
  );
}

function Told({ s, c }: { readonly s: Story; readonly c: Alerts }): ReactNode {
  const here = useHere();
  const { say, locale } = here;
  const name = ownTitle(locale, s.watch.name);
  return (
    <article className="card incident">
      <Link to={`/alerts?view=${c.view}`} className="split-back">
        {say(w.back)}
      </Link>
      <header className="incident-head">
        <h2 translate="no">{name}</h2>
        <p className="incident-line">
          <Severity a={s.alert} /> <span>{say(w[stateWord(s.alert)])}</span> <What a={s.alert} watch={s.watch} />
          {s.watch.chart !== 'silence' && <span className="quiet">{say(s.alert.side === 'up' ? w.wentUp : w.wentDown)}</span>}
        </p>
      </header>
      {s.points.length > 0 ? <ControlChart watch={s.watch} points={s.points} name={name} /> : <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say(w.learning)} />}
      <Refused failure={c.doing.failure} />
      <Deeds a={s.alert} c={c} />
      <Facts facts={facts(s, c, here)} />
      {s.alert.also && <p className="quiet">{say(w.also)}</p>}
      <Said where={s.voices} />
      <Link to={`/alerts?view=watches&watch=${s.watch.id}`}>{say(w.itsWatch)} →</Link>
    </article>
  );
}

export function Incident({ c }: { readonly c: Alerts }): ReactNode {
  const known = c.alerts.state === 'ready' ? c.alerts.value.alerts.find((a) => String(a.id) === c.id) : undefined;
  const [load, again] = useStory(c.id, known ? `${known.state}${known.verdict ?? ''}${known.snoozed_until ?? ''}` : '');
  return (
    <Load load={load} again={again} rows={10}>
      {(s) => <Told s={s} c={c} />}
    </Load>
  );
}

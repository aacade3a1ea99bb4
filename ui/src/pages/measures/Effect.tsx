// An effect as a picture: dot and whisker about nought, with the smallest effect worth having; and in words.
import type { CSSProperties, ReactNode } from 'react';
import { count, number, range, signed } from '../../lib/format';
import { useHere } from '../../lib/session';
import type { Phrase } from '../../lib/words';
import type { Arm, Check, Evaluation, Finding, Measure } from './ctrl';
import { w } from './words';

// Shares are told in points of a hundred, everything else in its own unit.
interface Unit {
  readonly times: number;
  readonly digits: number;
}
export function unitOf(outcome: string): Unit {
  return outcome.startsWith('share:') ? { times: 100, digits: 1 } : { times: 1, digits: outcome.startsWith('nps') ? 1 : 2 };
}

const times = (v: number | null, u: Unit): number | null => (v === null ? null : v * u.times);

function Picture({ f, u, worth, good }: { readonly f: Finding; readonly u: Unit; readonly worth: number; readonly good: number }): ReactNode {
  if (f.effect === null || f.low === null || f.high === null) return null;
  const ends = [f.low * u.times, f.high * u.times, 0, worth * u.times * good];
  const pad = (Math.max(...ends) - Math.min(...ends)) * 0.08 || 1;
  const from = Math.min(...ends) - pad;
  const at = (v: number): string => `${(100 * (v - from)) / (Math.max(...ends) + pad - from)}%`;
  const left = at(f.low * u.times);
  const whisker: CSSProperties = { left, width: `calc(${at(f.high * u.times)} - ${left})` };
  const side = f.low > 0 ? good : f.high < 0 ? -good : 0;
  return (
    <div className="effect-track" aria-hidden="true">
      <span className="effect-zero" style={{ left: at(0) }} />
      {worth > 0 && <span className="effect-worth" style={{ left: at(worth * u.times * good) }} />}
      <span className="effect-whisker" style={whisker} />
      <span className={side > 0 ? 'effect-dot good' : side < 0 ? 'effect-dot bad' : 'effect-dot'} style={{ left: at(f.effect * u.times) }} />
      <span className="effect-nought small quiet" style={{ left: at(0) }}>
        0
      </span>
    </div>
  );
}

function ArmLine({ name, arm, u }: { readonly name: string; readonly arm: Arm; readonly u: Unit }): ReactNode {
  const { locale, t } = useHere();
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">
        <b>{number(locale, times(arm.value, u), u.digits) ?? t('noAnswer')}</b>
        {u.times === 100 && arm.value !== null ? ' %' : ''} <span className="quiet small">n = {count(locale, arm.n)}</span>
      </dd>
    </div>
  );
}

interface OneProps {
  readonly title: string;
  readonly f: Finding;
  readonly m: Measure;
  readonly outcome: string;
  readonly good: number;
  readonly worth: number;
}

function One({ title, f, m, outcome, good, worth }: OneProps): ReactNode {
  const { say, locale } = useHere();
  const u = unitOf(outcome);
  const arms: readonly [Phrase, Phrase] = m.design === 'series' ? [w.after, w.before] : [w.treated, w.control];
  return (
    <section className="effect">
      <h3>
        {title} <code translate="no">{outcome}</code>
      </h3>
      {f.reason ? (
        <p className="quiet">{say(w.noEffect, { why: say(w[f.reason]) })}</p>
      ) : (
        <p className="effect-line">
          {say(w.effectLine, {
            value: `${signed(locale, times(f.effect, u), u.digits)}${u.times === 100 ? ` ${say(w.points)}` : ''}`,
            range: range(locale, times(f.low, u), times(f.high, u), u.digits),
          })}
        </p>
      )}
      <Picture f={f} u={u} worth={worth} good={good} />
      {worth > 0 && !f.reason && (
        <p className="small quiet effect-key">
          <i /> {say(w.worthMark)}: {number(locale, times(worth, u), u.digits)}
        </p>
      )}
      <dl className="facts">
        <ArmLine name={say(arms[0])} arm={f.treated} u={u} />
        <ArmLine name={say(arms[1])} arm={f.control} u={u} />
      </dl>
    </section>
  );
}

function CheckLine({ check }: { readonly check: Check }): ReactNode {
  const { say } = useHere();
  return (
    <li className={check.ok ? 'check' : 'check bad'}>
      <span aria-hidden="true">{check.ok ? '✓' : '!'}</span> {say(check.ok ? w[check.name] : w[`${check.name}_bad`])}
    </li>
  );
}

export function Effect({ m, x }: { readonly m: Measure; readonly x: Evaluation }): ReactNode {
  const { say } = useHere();
  const good = m.better === 'up' ? 1 : -1;
  return (
    <>
      {x.watched && <p className="quiet small">{say(w.watchedNote)}</p>}
      <One title={say(w.outcome)} f={x.outcome} m={m} outcome={m.outcome} good={good} worth={Math.abs(m.worth ?? 0)} />
      {x.feedback && m.feedback && <One title={say(w.feedback)} f={x.feedback} m={m} outcome={m.feedback} good={1} worth={0} />}
      {x.checks.length > 0 && (
        <section>
          <h3>{say(w.checks)}</h3>
          <ul className="checks">
            {x.checks.map((k) => (
              <CheckLine key={k.name} check={k} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

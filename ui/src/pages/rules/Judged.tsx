// Before it is switched on: three months simulated, what it says against other rules, and what it has been.
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { path, useLoad } from '../../lib/api';
import { age, count } from '../../lib/format';
import { useDoing } from '../../lib/doing';
import type { Rule } from '../../lib/shapes';
import { useHere } from '../../lib/session';
import { Load } from '../../parts/Load';
import { Refused } from '../../parts/Refused';
import { isWhole, judge, type Draft, type Finding, type Judged, type Rules, type Simulation, type Version } from './ctrl';
import { w } from './words';

function Months({ m }: { readonly m: Simulation }): ReactNode {
  const { say, locale } = useHere();
  const most = Math.max(1, ...m.months.map((x) => Math.max(x.before, x.after)));
  const wide = (n: number): { readonly width: string } => ({ width: `${(100 * n) / most}%` });
  return (
    <table className="plain rule-months">
      <caption className="sr">{say(w.simulated)}</caption>
      <thead>
        <tr>
          <th scope="col">{say(w.month)}</th>
          <th scope="col">{say(w.nowActs)}</th>
          <th scope="col">{say(w.thenActs)}</th>
        </tr>
      </thead>
      <tbody>
        {m.months.map((x) => (
          <tr key={x.month}>
            <th scope="row" className="num">
              {x.month}
            </th>
            <td className="num">
              <span className="rule-bar even" style={wide(x.before)} />
              {count(locale, x.before)}
            </td>
            <td className="num">
              <span className="rule-bar" style={wide(x.after)} />
              {count(locale, x.after)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Found({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const { say } = useHere();
  if (findings.length === 0) return <p className="quiet">{say(w.noFindings)}</p>;
  return (
    <ul className="rule-findings">
      {findings.map((f) => (
        <li key={`${f.kind}.${f.rule}.${f.other ?? ''}`} className={f.kind === 'overlap' ? '' : 'bad'}>
          {say(w[f.kind])}{' '}
          {f.other && (
            <span translate="no">
              {f.rule} · {f.other}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

export function Simulate({ d, bad }: { readonly d: Draft; readonly bad: boolean }): ReactNode {
  const { say, locale } = useHere();
  const [judged, setJudged] = useState<Judged | null>(null);
  const [of, setOf] = useState('');
  const doing = useDoing(() => undefined);
  const key = JSON.stringify(d);
  const ask = (): void =>
    void doing.run(async () => {
      setJudged(await judge(d));
      setOf(key);
    });
  return (
    <section className="rule-judged">
      <h3>{say(w.simulate)}</h3>
      <p className="quiet small">{say(w.simulateHint)}</p>
      <Button disabled={!isWhole(d) || bad} loading={doing.busy} onClick={ask}>
        {say(w.simulateNow)}
      </Button>
      <Refused failure={doing.failure} />
      <div role="status">
        {judged && of === key && (
          <>
            <p>
              {say(w.would, {
                signals: count(locale, judged.simulation.signals),
                after: count(locale, judged.simulation.after),
                gained: count(locale, judged.simulation.gained),
                lost: count(locale, judged.simulation.lost),
              })}{' '}
              {judged.simulation.others_lost > 0 && say(w.othersLost, { n: count(locale, judged.simulation.others_lost) })}
            </p>
            {judged.simulation.months.length > 0 && <Months m={judged.simulation} />}
            <Found findings={judged.findings} />
          </>
        )}
      </div>
    </section>
  );
}

export function Versions({ c, rule, locked }: { readonly c: Rules; readonly rule: Rule; readonly locked: boolean }): ReactNode {
  const { say, locale } = useHere();
  const [load, again] = useLoad<{ readonly versions: readonly Version[] }>(path(`/rules/${rule.id}/versions`));
  return (
    <Load load={load} again={again} rows={2}>
      {({ versions }) =>
        versions.length > 1 && (
          <section>
            <h3>{say(w.versions)}</h3>
            <ol className="rule-versions">
              {versions.map((v) => (
                <li key={v.version}>
                  <span className="num quiet small">
                    {v.version} · {age(locale, v.at)} · <span translate="no">{v.actor}</span>
                  </span>
                  <code translate="no">{v.condition}</code>
                  {!locked && v.version !== rule.version && (
                    <Button size="small" disabled={c.doing.busy} onClick={() => void c.back(rule, v.version)}>
                      {say(w.goBack, { n: String(v.version) })}
                    </Button>
                  )}
                </li>
              ))}
            </ol>
          </section>
        )
      }
    </Load>
  );
}

// What a file said, the moment it is in: score, pains and delights of its own signals.
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { count } from '../../lib/format';
import { path, type Loaded } from '../../lib/api';
import { useHere } from '../../lib/session';
import { useNames } from '../../lib/names';
import type { Finding } from '../../lib/shapes';
import { go } from '../../lib/url';
import { Figure } from '../../parts/Figure';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { useResult, type Import } from './ctrl';
import { w } from './words';

interface FindingsProps {
  readonly title: string;
  readonly kind: 'pain' | 'delight';
  readonly load: Loaded<readonly Finding[]>;
  readonly again: () => void;
  readonly where: string;
}

function Findings({ title, kind, load, again, where }: FindingsProps): ReactNode {
  const { say, locale } = useHere();
  const { aspect } = useNames();
  const polarity = kind === 'pain' ? 'negative' : 'positive';
  return (
    <section className={`card findings ${kind}`}>
      <h2>{title}</h2>
      <Load load={load} again={again} empty={(v) => v.length === 0} hint={say(w.noneFound)}>
        {(items) => (
          <ol>
            {items.map((f) => {
              const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
              const expr = `${where} and aspect = '${f.aspect}' and polarity = '${polarity}'`;
              return (
                <li key={f.aspect}>
                  <Link to={`/voices?where=${encodeURIComponent(expr)}`} className="finding">
                    <b>{aspect(f.aspect)}</b>
                    <span className="quiet small num">
                      {say(w.ofAll, { n: count(locale, f.n), share: share.format((f.reach.value ?? 0) / 100) })}
                    </span>
                  </Link>
                  {f.quotes[0]?.words && (
                    <blockquote className="quiet" translate="no">
                      {f.quotes[0].words}
                    </blockquote>
                  )}
                </li>
              );
            })}
          </ol>
        )}
      </Load>
    </section>
  );
}

function mapped<T, U>(load: Loaded<T>, f: (v: T) => U): Loaded<U> {
  return load.state === 'ready' ? { state: 'ready', value: f(load.value) } : load;
}

function Counts({ i }: { readonly i: Import }): ReactNode {
  const { say, locale } = useHere();
  return (
    <dl className="counts">
      {(['added', 'known', 'rejected'] as const).map((k) => (
        <div key={k}>
          <dd className="num">{count(locale, i[k])}</dd>
          <dt className="quiet small">{say(w[k])}</dt>
        </div>
      ))}
    </dl>
  );
}

export function Result({ i, onOther }: { readonly i: Import; readonly onOther: () => void }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const r = useResult(i);
  const asked = encodeURIComponent(r.where);
  return (
    <>
      <section className="card result">
        <div className="result-head">
          <h2 role="status">{say(w.done, { name: i.file })}</h2>
          <Counts i={i} />
          {i.rejected > 0 && <a href={path(`/imports/${i.id}/rejects`)}>{say(w.rejects)}</a>}
        </div>
        <Load load={r.scored[0]} again={r.scored[1]} rows={2}>
          {({ metric, tally: t }) =>
            t.cells[0] ? (
              <Figure
                title={names.metric(metric)}
                unit={names.unit(t.unit)}
                est={t.cells[0]}
                definition={t.definition}
                newest={t.newest}
                onOpen={() => go(`/explore?metric=${encodeURIComponent(metric)}&where=${asked}`)}
              />
            ) : null
          }
        </Load>
      </section>
      <div className="findings-two">
        <Findings
          title={say(w.pains)}
          kind="pain"
          load={mapped(r.pains[0], (v) => v.pains ?? [])}
          again={r.pains[1]}
          where={r.where}
        />
        <Findings
          title={say(w.delights)}
          kind="delight"
          load={mapped(r.delights[0], (v) => v.delights ?? [])}
          again={r.delights[1]}
          where={r.where}
        />
      </div>
      <div className="deeds">
        <Button type="primary" size="large" onClick={() => go(`/?where=${asked}`)}>
          {say(w.toOverview)}
        </Button>
        <Button size="large" onClick={() => go(`/pains?where=${asked}`)}>
          {say(w.toPains)}
        </Button>
        <Button size="large" onClick={() => go(`/voices?where=${asked}`)}>
          {say(w.toVoices)}
        </Button>
        <Button size="large" onClick={onOther}>
          {say(w.other)}
        </Button>
      </div>
    </>
  );
}

// What hurts and what delights: ranked by what it costs or brings, and where in the journey it happens.
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { count, number, range, signed } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Finding, Findings } from '../../lib/shapes';
import { go } from '../../lib/url';
import { both, cellWhere } from '../../lib/where';
import { Choose } from '../../parts/Choose';
import { Csv } from '../../parts/Csv';
import { Filter } from '../../parts/Filter';
import { foundWhere, useSpotText, voicesAt } from '../../parts/Found';
import { HeatTable } from '../../parts/HeatTable';
import { Icon, drawings } from '../../parts/Icon';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { Marked } from '../../parts/Quote';
import { Spark } from '../../parts/Spark';
import { matrixOf, tableOf, usePains, type Kind, type Pains } from './ctrl';
import { page } from './page';
import './pains.css';
import { w } from './words';

function More({ found, where }: { readonly found: Finding; readonly where: string }): ReactNode {
  const { say } = useHere();
  const spotText = useSpotText();
  return (
    <div className="unfolded">
      <ul>
        {found.spots.map((s) => (
          <li key={`${s.column} ${s.value} ${s.from}`} className="spot small">
            {spotText(s)}
          </li>
        ))}
      </ul>
      {found.quotes.map((q) => (
        <blockquote key={q.id}>
          <Marked voice={q} only={found} />
        </blockquote>
      ))}
      <Link to={voicesAt(foundWhere(found, where))}>{say(w.listen)} →</Link>
    </div>
  );
}

interface RowProps {
  readonly found: Finding;
  readonly rank: number;
  readonly widest: number;
  readonly where: string;
}

function Row({ found, rank, widest, where }: RowProps): ReactNode {
  const { say, t, locale, palette } = useHere();
  const names = useNames();
  const [open, setOpen] = useState(rank === 1);
  const { reach, effect } = found;
  const colour = found.polarity === 'negative' ? palette.pain : palette.delight;
  const name = names.aspect(found.aspect);
  return (
    <>
      <tr>
        <td>
          <span className={`rank ${found.polarity}`}>{rank}</span>
        </td>
        <th scope="row">
          <button
            type="button"
            className="plain unfold"
            aria-expanded={open}
            aria-label={say(w.unfold, { what: name })}
            onClick={() => setOpen(!open)}
          >
            <Icon d={drawings.right} size={14} />
            {name}
          </button>
        </th>
        <td className="num reach">
          <span className="meter" aria-hidden="true">
            <span style={{ width: `${(100 * (reach.value ?? 0)) / widest}%`, background: colour }} />
          </span>
          <b>{number(locale, reach.value)} %</b> <span className="quiet small">{range(locale, reach.low, reach.high)}</span>
          <span className="quiet small"> n = {count(locale, found.n)}</span>
        </td>
        <td className="num">{number(locale, found.strength, 0)}</td>
        <td className="num" data-label={say(w.effect)}>
          {effect.value === null ? (
            <span className="quiet small">{t(effect.reason === 'too_few' ? 'tooFew' : 'noAnswer')}</span>
          ) : (
            <>
              <b>{signed(locale, effect.value)}</b>{' '}
              <span className="quiet small">{range(locale, effect.low, effect.high)}</span>
            </>
          )}
        </td>
        <td className="spark-cell">
          <Spark values={found.trend.map((m) => (m.base ? m.n / m.base : null))} colour={colour} label={say(w.trend)} />
        </td>
      </tr>
      {open && (
        <tr className="more">
          <td />
          <td colSpan={5}>
            <More found={found} where={where} />
          </td>
        </tr>
      )}
    </>
  );
}

function Ranked({ p, found }: { readonly p: Pains; readonly found: Findings }): ReactNode {
  const { say, locale } = useHere();
  const list = found[p.kind] ?? [];
  const widest = Math.max(...list.map((f) => f.reach.value ?? 0), 1e-9);
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label={say(p.kind === 'pains' ? w.pains : w.delights)}>
        <table className="ranked">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr">{say(w.rank)}</span>
              </th>
              <th scope="col">{say(w.aspect)}</th>
              <th scope="col" title={say(w.reachHint)}>
                {say(w.reach)}
              </th>
              <th scope="col" title={say(w.strengthHint)}>
                {say(w.strength)}
              </th>
              <th scope="col" title={say(w.effectHint)}>
                {say(w.effect)}
              </th>
              <th scope="col">{say(w.trend)}</th>
            </tr>
          </thead>
          <tbody>
            {list.map((f, i) => (
              <Row key={f.aspect} found={f} rank={i + 1} widest={widest} where={p.where} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="under">
        <p className="quiet small">{say(w.order, { n: count(locale, found.base) })}</p>
        <div className="deeds">
          <Csv name={p.kind} table={() => tableOf(list)} />
          {!p.all && list.length >= 10 && <Button onClick={p.showAll}>{say(w.whole)}</Button>}
        </div>
      </div>
    </>
  );
}

function MatrixCard({ p }: { readonly p: Pains }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const first = p.ranked.state === 'ready' ? (p.ranked.value[p.kind] ?? []).map((f) => f.aspect) : [];
  const title = say(w.matrix, { what: names.column(p.by) });
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
        <Pick shown
          label={say(w.by)}
          value={p.by}
          onPick={p.setBy}
          choices={p.bys.map((b) => ({ value: b, label: names.column(b) }))}
        />
      </div>
      <Load load={p.matrix} again={p.matrixAgain} rows={10} empty={(t) => t.cells.length === 0} hint={say(w.none)}>
        {(t) => {
          const m = matrixOf(t, p.by, first);
          return (
            <>
              <HeatTable
                caption={title}
                corner={names.column('aspect')}
                rows={m.rows.map((key) => ({ key, label: names.aspect(key) }))}
                columns={m.columns.map((key) => ({ key, label: names.value(p.by, key) }))}
                cell={m.at}
                middle={0}
                reach={100}
                onPick={(c) => go(voicesAt(both(p.where, cellWhere(c.key))))}
              />
              <p className="quiet small foot">{say(w.matrixHint, { n: t.minimum_n })}</p>
            </>
          );
        }}
      </Load>
    </section>
  );
}

export default function View(): ReactNode {
  const { say } = useHere();
  const p = usePains();
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
      </div>
      <Filter where={p.where} onChange={p.setWhere}>
        <Choose<Kind>
          label={say(w.kind)}
          value={p.kind}
          onChange={p.setKind}
          options={[
            { value: 'pains', label: say(w.pains) },
            { value: 'delights', label: say(w.delights) },
          ]}
        />
      </Filter>
      <div className="column page-column">
        <section className="card" data-tour="pains" aria-label={say(p.kind === 'pains' ? w.pains : w.delights)}>
          <Load
            load={p.ranked}
            again={p.rankAgain}
            rows={14}
            empty={(f) => (f[p.kind] ?? []).length === 0}
            hint={say(w.none)}
          >
            {(f) => <Ranked p={p} found={f} />}
          </Load>
        </section>
        {p.by !== '' && <MatrixCard p={p} />}
      </div>
    </>
  );
}

// The company in a minute: how it stands, what changed, what hurts, what delights, and who has to act.
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { age, count, number, range } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Finding, Tally } from '../../lib/shapes';
import { tourOffered, tourSeen, useTour } from '../../lib/tour';
import { go } from '../../lib/url';
import { answered, both, cellWhere, quoted } from '../../lib/where';
import { Choose } from '../../parts/Choose';
import { Delta } from '../../parts/Delta';
import { DotPlot } from '../../parts/DotPlot';
import { Filter } from '../../parts/Filter';
import { Hint } from '../../parts/Hint';
import { Found, voicesAt } from '../../parts/Found';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Trend, type Happening } from '../../parts/Trend';
import { bySize, useOverview, type Asked, type Overview } from './ctrl';
import './overview.css';
import { page } from './page';
import { w } from './words';

function happenings(o: Overview, name: (f: Finding) => string): readonly Happening[] {
  const of = (load: Overview['pains'][0], good: boolean): readonly Happening[] => {
    const list = load.state === 'ready' ? (load.value.pains ?? load.value.delights ?? []) : [];
    return list.flatMap((f) => {
      const spot = f.spots.find((s) => s.from && s.to);
      return spot?.from && spot.to ? [{ from: spot.from, to: spot.to, what: name(f), good }] : [];
    });
  };
  return [...of(o.pains[0], false), ...of(o.delights[0], true)];
}

function ScoreTabs({ o, tallies }: { readonly o: Overview; readonly tallies: readonly Tally[] }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  return (
    <Choose
      look="tabs"
      label={say(w.score)}
      value={o.metric}
      onChange={o.setMetric}
      options={o.metrics.map((m, i) => {
        const value = number(locale, tallies[i]?.cells[0]?.value ?? null);
        const unit = tallies[i]?.unit ?? '';
        return {
          value: m,
          label: (
            <span className="tab-score">
              <span title={names.metric(m)}>{names.metric(m).split(' · ').at(-1)}</span>
              <b className="num">
                {value ?? '–'}
                {value !== null && unit === '%' && <small> %</small>}
              </b>
            </span>
          ),
        };
      })}
    />
  );
}

function Headline({ o, tally }: { readonly o: Overview; readonly tally: Tally }): ReactNode {
  const { say, t, locale } = useHere();
  const names = useNames();
  const cell = tally.cells[0];
  if (!cell) return null;
  const unit = names.unit(tally.unit);
  return (
    <div className="headline">
      <h2>
        {names.metric(o.metric)} <Hint label={t('definition')} text={`${names.about(o.metric)} ${t('definition')} ${tally.definition} v${tally.version}`} />
      </h2>
      <Link to={voicesAt(both(o.asked, answered(tally.metric)))} className="big num">
        {number(locale, cell.value) ?? <span className="quiet">{t(cell.reason === 'too_few' ? 'tooFew' : 'noAnswer')}</span>}
        {cell.value !== null && <small> {unit}</small>}
      </Link>
      {o.change && (
        <p className="headline-change">
          <Delta change={o.change} upIsGood />
          <span className="quiet small">{say(w.against, { n: o.compared })}</span>
        </p>
      )}
      <dl className="small num sure">
        {cell.low !== null && (
          <div>
            <dt className="quiet">{t('interval')}</dt>
            <dd>{range(locale, cell.low, cell.high)}</dd>
          </div>
        )}
        <div>
          <dt className="quiet">{say(w.answers)}</dt>
          <dd>{count(locale, cell.n)}</dd>
        </div>
        {tally.newest && (
          <div>
            <dt className="quiet">{t('newest')}</dt>
            <dd>{age(locale, tally.newest)}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function ScoreCard({ o }: { readonly o: Overview }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const open = `/explore?${new URLSearchParams({ metric: o.metric, by: o.by.replace(/\(.*/, ''), where: o.asked }).toString()}`;
  const shaded = happenings(o, (f) => names.aspect(f.aspect));
  return (
    <section className="card score-card" aria-label={say(w.score)} data-tour="score">
      <Load load={o.scores[0]} again={o.scores[1]} rows={8} empty={(v) => v.length === 0} hint={<NoScores />}>
        {(tallies) => {
          const tally = tallies[o.metrics.indexOf(o.metric)];
          return (
            <>
              <ScoreTabs o={o} tallies={tallies} />
              <div className="score-body">
                {tally && <Headline o={o} tally={tally} />}
                <div>
                  <Load load={o.trend[0]} again={o.trend[1]} rows={6}>
                    {(t) =>
                      t.cells.length < 2 ? (
                        <p className="quiet">{say(w.onePeriod)}</p>
                      ) : (
                        <Trend
                          cells={t.cells}
                          by={o.by}
                          metric={t.metric}
                          unit={t.unit}
                          height={300}
                          happenings={shaded}
                          onPick={(c) => go(voicesAt(both(o.where, answered(t.metric), cellWhere(c.key))))}
                        />
                      )
                    }
                  </Load>
                </div>
              </div>
              <p className="score-foot small quiet">
                {shaded.length > 0 && <span>{say(w.shaded)}</span>}
                <Link to={open}>{say(w.exploreThis)} →</Link>
              </p>
            </>
          );
        }}
      </Load>
    </section>
  );
}

function NoScores(): ReactNode {
  const { say } = useHere();
  return (
    <>
      <p>{say(w.noScores)}</p>
      <Link to="/bring">{say(w.bringIn)}</Link>
    </>
  );
}

function Changed({ o }: { readonly o: Overview }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  return (
    <section className="card">
      <h2>{say(w.changed)}</h2>
      <Load load={o.shifts} again={o.scores[1]} empty={(v) => v.length === 0} hint={say(w.nothingChanged)}>
        {(list) => (
          <ul className="shifts">
            {list.map((s) => {
              const up = s.change.value > 0;
              const what = s.good ? (up ? w.praisedMore : w.praisedLess) : up ? w.moreOften : w.lessOften;
              const rows = both(o.where, `aspect = ${quoted(s.aspect)} and polarity = '${s.good ? 'positive' : 'negative'}'`);
              return (
                <li key={`${s.aspect} ${s.good}`}>
                  <span className={`arrow ${up === s.good ? 'good' : 'bad'}`} aria-hidden="true">
                    {up ? '▲' : '▼'}
                  </span>
                  <div>
                    <p>
                      <Link to={voicesAt(rows)}>{names.aspect(s.aspect)}</Link> <span>{say(what)}</span>
                    </p>
                    <p className="quiet small num">
                      {say(w.ofSignals, { from: number(locale, s.from) ?? '', to: number(locale, s.to) ?? '' })}
                    </p>
                  </div>
                </li>
              );
            })}
          </ul>
        )}
      </Load>
      <p className="quiet small foot">{say(w.changedHint, { n: o.compared })}</p>
    </section>
  );
}

function FindingsCard(props: {
  readonly o: Overview;
  readonly asked: Overview['pains'];
  readonly kind: 'pains' | 'delights';
}): ReactNode {
  const { o, asked, kind } = props;
  const { say } = useHere();
  const all = new URLSearchParams({ ...(kind === 'delights' ? { kind } : {}), ...(o.asked ? { where: o.asked } : {}) });
  return (
    <section className="card">
      <div className="card-head">
        <h2>{say(kind === 'pains' ? w.topPains : w.topDelights)}</h2>
        <Link to={`/pains?${all.toString()}`}>{say(w.seeAll)} →</Link>
      </div>
      <Load load={asked[0]} again={asked[1]} rows={8} empty={(v) => (v[kind] ?? []).length === 0}>
        {(v) => (
          <div className="founds">
            {(v[kind] ?? []).map((f, i) => (
              <Found key={f.aspect} found={f} rank={i + 1} where={o.asked} />
            ))}
          </div>
        )}
      </Load>
    </section>
  );
}

function ChannelsCard({ o, channels }: { readonly o: Overview; readonly channels: Asked<Tally> }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  return (
    <section className="card">
      <h2>{say(w.channels)}</h2>
      <Load load={channels[0]} again={channels[1]} empty={(v) => v.cells.length === 0}>
        {(t) => (
          <>
            <DotPlot
              rows={bySize(t.cells).slice(0, 12).map((cell) => ({ label: names.value('channel', cell.key['channel'] ?? null), cell }))}
              caption={say(w.channels)}
              head={names.column('channel')}
              counts
              percent={false}
              onPick={(c) => go(voicesAt(both(o.asked, cellWhere(c.key))))}
            />
            <p className="quiet small foot num">
              {say(w.inTotal, { n: count(locale, t.cells.reduce((sum, c) => sum + c.signals, 0)) })}
            </p>
          </>
        )}
      </Load>
    </section>
  );
}

function TicketsCard({ o }: { readonly o: Overview }): ReactNode {
  const { say, locale } = useHere();
  if (!o.tickets) return null;
  return (
    <section className="card">
      <div className="card-head">
        <h2>{say(w.openTickets)}</h2>
        <Link to="/tickets">{say(w.toInbox)} →</Link>
      </div>
      <Load load={o.tickets[0]} again={o.tickets[1]} rows={1}>
        {([all, late]) => (
          <div className="ticket-counts">
            <Link to="/tickets" className="ticket-count">
              <span className="big num">{count(locale, all?.total ?? 0)}</span>
              <span className="quiet small">{say(w.ticketsHint)}</span>
            </Link>
            <Link to="/tickets?view=overdue" className="ticket-count">
              <span className={`big num ${late?.total ? 'bad' : ''}`}>{count(locale, late?.total ?? 0)}</span>
              <span className="quiet small">{say(w.overdue)}</span>
            </Link>
          </div>
        )}
      </Load>
    </section>
  );
}

function Coverage({ o }: { readonly o: Overview }): ReactNode {
  const { say, locale } = useHere();
  return (
    <section className="card">
      <div className="card-head">
        <h2>{say(w.fresh)}</h2>
        <Link to="/bring?way=sources">{say(w.seeAll)} →</Link>
      </div>
      <Load load={o.covered[0]} again={o.covered[1]} rows={2}>
        {(list) => {
          const n = list.map((t) => t.cells[0]?.signals ?? 0);
          const rows = [
            { name: say(w.withWords), of: n[0] ?? 0, part: n[1] ?? 0, where: 'words is not missing' },
            { name: say(w.understood), of: n[1] ?? 0, part: n[2] ?? 0, where: 'aspect is not missing' },
          ];
          return (
            <ul className="covered">
              {rows.map((r) => (
                <li key={r.name}>
                  <Link to={voicesAt(both(o.asked, r.where))}>{r.name}</Link>
                  <span className="meter" aria-hidden="true">
                    <span style={{ width: `${r.of ? (100 * r.part) / r.of : 0}%` }} />
                  </span>
                  <span className="num">{number(locale, r.of ? (100 * r.part) / r.of : null, 0) ?? '–'} %</span>
                </li>
              ))}
            </ul>
          );
        }}
      </Load>
      <Load load={o.sources[0]} again={o.sources[1]} empty={(v) => v.sources.length === 0}>
        {(v) => (
          <ul className="sources">
            {v.sources.slice(0, 6).map((s) => (
              <li key={s.source}>
                <Link to={voicesAt(`source = ${quoted(s.source)}`)}>
                  <span translate="no">{s.source}</span>
                </Link>
                <span className="quiet num">{count(locale, s.signals)}</span>
                <span className="quiet">{age(locale, s.newest)}</span>
              </li>
            ))}
          </ul>
        )}
      </Load>
    </section>
  );
}

// Offered once, in the way of nobody.
function Invitation(): ReactNode {
  const { say, t } = useHere();
  const tour = useTour();
  const [offered, setOffered] = useState(tourOffered);
  if (!offered || tour.step !== null) return null;
  const later = (): void => {
    tourSeen();
    setOffered(false);
  };
  return (
    <aside className="invitation" aria-label={t('tour')}>
      <p>
        <b>{say(w.newHere)}</b> <span className="quiet">{say(w.newHint)}</span>
      </p>
      <Button
        type="primary"
        onClick={() => {
          setOffered(false);
          tour.go(0);
        }}
      >
        {say(w.showMe)}
      </Button>
      <Button type="text" onClick={later}>
        {say(w.notNow)}
      </Button>
    </aside>
  );
}

export default function View(): ReactNode {
  const { say, t, locale } = useHere();
  const o = useOverview();
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        <p className="quiet small" aria-live="polite">
          {o.added > 0 ? <span className="live">{say(w.live, { n: count(locale, o.added) })}</span> : o.newest && `${t('newest')}: ${age(locale, o.newest)}`}
        </p>
      </div>
      <Invitation />
      <Filter where={o.where} onChange={o.setWhere}>
        <Choose
          label={say(w.period)}
          value={o.days}
          onChange={o.setDays}
          options={[
            { value: '30', label: say(w.days30) },
            { value: '90', label: say(w.days90) },
            { value: '365', label: say(w.days365) },
            { value: '', label: say(w.all) },
          ]}
        />
      </Filter>
      <div className="overview">
        <ScoreCard o={o} />
        <Changed o={o} />
        <FindingsCard o={o} asked={o.pains} kind="pains" />
        <FindingsCard o={o} asked={o.delights} kind="delights" />
        <ChannelsCard o={o} channels={o.channels} />
        <div className="column">
          <TicketsCard o={o} />
          <Coverage o={o} />
        </div>
      </div>
    </>
  );
}

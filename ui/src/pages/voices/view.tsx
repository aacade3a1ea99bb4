// What customers said, word for word, every mention marked; each click asks more narrowly.
import { Button, Input } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { count, when } from '../../lib/format';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import type { Voice } from '../../lib/shapes';
import { Choose } from '../../parts/Choose';
import { Facts, type Fact } from '../../parts/Facts';
import { Filter } from '../../parts/Filter';
import { Icon, drawings } from '../../parts/Icon';
import { Load } from '../../parts/Load';
import { signs } from '../../parts/Quote';
import { VoiceCard } from '../../parts/VoiceCard';
import { Refused } from '../../parts/Refused';
import { useVoices, type VoicesPage } from './ctrl';
import { page } from './page';
import './voices.css';
import { w } from './words';

function Search({ v }: { readonly v: VoicesPage }): ReactNode {
  const { say, t } = useHere();
  const [text, setText] = useState(v.search);
  useEffect(() => setText(v.search), [v.search]);
  return (
    <form
      role="search"
      className="search"
      onSubmit={(e) => {
        e.preventDefault();
        v.setSearch(text);
      }}
    >
      <Input
        size="large"
        prefix={<Icon d={drawings.search} />}
        placeholder={say(w.searchFor)}
        aria-label={say(w.searchFor)}
        type="search"
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
      <Button size="large" type="primary" htmlType="submit">
        {t('search')}
      </Button>
    </form>
  );
}

function Details({ voice, onClose }: { readonly voice: Voice; readonly onClose: () => void }): ReactNode {
  const { say, t, locale } = useHere();
  const names = useNames();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  const value = (column: string, v: string | null): Fact => [
    names.column(column),
    v === null ? null : names.value(column, v),
  ];
  return (
    <dialog ref={box} className="panel wide" aria-label={say(w.details)} onClose={onClose}>
      <div className="panel-in stack">
        <div className="panel-head">
          <h2>{say(w.number, { id: voice.id })}</h2>
          <button type="button" className="plain" aria-label={t('close')} onClick={() => box.current?.close()}>
            <Icon d={drawings.close} />
          </button>
        </div>
        <VoiceCard voice={voice} noWords={say(w.noWords)} />
        <Facts
          title={say(w.understood)}
          facts={[
            [
              names.column('sentiment'),
              voice.sentiment && (
                <>
                  {names.value('sentiment', voice.sentiment)}
                  {voice.confidence !== null && <span className="quiet"> · {say(w.sure, { n: voice.confidence })}</span>}
                </>
              ),
            ],
            value('intent', voice.intent),
            value('emotion', voice.emotion),
            value('lang', voice.lang),
            value('quality', voice.quality),
            ...voice.mentions
              .filter((m) => m.opinion)
              .map((m): Fact => [
                names.aspect(m.aspect),
                <span className={m.polarity === 'negative' ? 'bad' : m.polarity === 'positive' ? 'good' : ''}>
                  {signs[m.polarity]} <span translate="no">{m.opinion}</span> <span className="quiet num">{m.strength}</span>
                </span>,
              ]),
          ]}
        />
        <Facts
          title={say(w.told)}
          facts={[
            [names.column('occurred_at'), when(locale, voice.occurred_at)],
            [names.column('received_at'), when(locale, voice.received_at)],
            [names.column('source'), voice.source],
            [names.column('customer'), voice.customer],
            [names.column('event'), voice.event],
            ...Object.entries(voice.attributes).map(([k, v]): Fact => [names.column(k), v]),
          ]}
        />
        <p className="quiet small">{say(w.redacted)}</p>
      </div>
    </dialog>
  );
}

export default function View(): ReactNode {
  const { say, locale, may } = useHere();
  const names = useNames();
  const v = useVoices();
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        {v.load.state === 'ready' && (
          <p className="quiet num" aria-live="polite">
            {say(w.hits, { n: count(locale, v.load.value.total) })}
          </p>
        )}
      </div>
      <div data-tour="voices">
        <Search v={v} />
      <Filter where={v.rest} onChange={v.setRest}>
        <Choose
          label={say(w.which)}
          value={v.all ? 'all' : 'spoken'}
          onChange={(which) => v.setAll(which === 'all')}
          options={[
            { value: 'spoken', label: say(w.spoken) },
            { value: 'all', label: say(w.everything) },
          ]}
        />
      </Filter>
      </div>
      <div className="under">
        <p className="legend small quiet">
          {say(w.legend)}{' '}
          {(['negative', 'positive', 'neutral'] as const).map((p) => (
            <mark key={p} className={`said ${p}`}>
              {signs[p]} {names.value('polarity', p)}
            </mark>
          ))}
        </p>
        {may('export') && (
          <a href={v.csv} download>
            {say(w.asCsv)}
          </a>
        )}
      </div>
      <Load
        load={v.load}
        again={v.again}
        rows={12}
        empty={(x) => x.voices.length === 0}
        hint={
          <>
            <p>{say(w.nothing)}</p>
            {v.where !== '' && <Button onClick={() => v.setWhere('')}>{say(w.widen)}</Button>}
          </>
        }
      >
        {(first) => (
          <div className="voices">
            {[...first.voices, ...v.more].map((voice) => (
              <VoiceCard
                key={voice.id}
                voice={voice}
                noWords={say(w.noWords)}
                onMention={v.addMention}
                onValue={v.addValue}
                actions={
                  <button type="button" className="plain details" onClick={() => v.setOpen(String(voice.id))}>
                    {say(w.details)}
                  </button>
                }
              />
            ))}
            <Refused failure={v.trouble} />
            {v.cursor !== null && (
              <Button size="large" loading={v.busy} onClick={v.loadMore}>
                {say(w.older)}
              </Button>
            )}
          </div>
        )}
      </Load>
      {v.open && <Details key={v.open.id} voice={v.open} onClose={() => v.setOpen('')} />}
    </>
  );
}

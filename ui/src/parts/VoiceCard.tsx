// One voice: who spoke when and where, the words with their marks, and what was understood.
import type { ReactNode } from 'react';
import { when } from '../lib/format';
import { useNames } from '../lib/names';
import { useHere } from '../lib/session';
import type { Mention, Voice } from '../lib/shapes';
import { Aspects, Marked } from './Quote';
import './voice.css';

interface Props {
  readonly voice: Voice;
  readonly noWords: string;
  readonly actions?: ReactNode;
  readonly onMention?: (m: Mention) => void;
  readonly onValue?: (column: string, value: string) => void;
}

const PLACES = ['channel', 'touchpoint', 'product'] as const;

export function VoiceCard({ voice, noWords, actions, onMention, onValue }: Props): ReactNode {
  const { locale } = useHere();
  const names = useNames();
  const scores = Object.entries(voice.attributes).filter(([k]) => k.startsWith('score:'));
  return (
    <article className={`voice ${voice.sentiment ?? ''}`}>
      <header>
        <time dateTime={voice.occurred_at} className="quiet">
          {when(locale, voice.occurred_at)}
        </time>
        {PLACES.map((p, i) => {
          const value = voice[p];
          const text = names.value(p, value);
          if (value === null || PLACES.slice(0, i).some((q) => voice[q] === value)) return null;
          return onValue ? (
            <button key={p} type="button" className="plain place" title={names.column(p)} onClick={() => onValue(p, value)}>
              {text}
            </button>
          ) : (
            <span key={p} className="place" title={names.column(p)}>
              {text}
            </span>
          );
        })}
        {scores.map(([k, v]) => (
          <span key={k} className="score num" title={names.column(k)}>
            {names.score(k)} <b>{v}</b>
          </span>
        ))}
        {actions}
      </header>
      <p className="words">{voice.words ? <Marked voice={voice} /> : <span className="quiet small">{voice.event ?? noWords}</span>}</p>
      {(voice.mentions.length > 0 || voice.intent) && (
        <footer>
          <Aspects mentions={voice.mentions} {...(onMention ? { onPick: onMention } : {})} />
          {voice.intent && <span className="quiet small">{names.value('intent', voice.intent)}</span>}
        </footer>
      )}
    </article>
  );
}

// What somebody said, every mention marked where it stands: what it is about, and whether it pleased.
import type { ReactNode } from 'react';
import { useNames } from '../lib/names';
import { pieces } from '../lib/pieces';
import { useHere } from '../lib/session';
import type { Mention, Polarity, Voice } from '../lib/shapes';
import './quote.css';

export const signs: Readonly<Record<Polarity, string>> = { positive: '+', negative: '−', neutral: '·' };

function heaviest(mentions: readonly Mention[]): Mention | undefined {
  return [...mentions].sort((a, b) => b.strength - a.strength)[0];
}

interface MarkedProps {
  readonly voice: Pick<Voice, 'words' | 'mentions' | 'lang'>;
  readonly only?: { readonly aspect: string; readonly polarity: Polarity }; // mark just these
}

export function Marked({ voice, only }: MarkedProps): ReactNode {
  const names = useNames();
  const wanted = only
    ? voice.mentions.filter((m) => m.aspect === only.aspect && m.polarity === only.polarity)
    : voice.mentions;
  return (
    <span translate="no" lang={voice.lang && voice.lang !== 'und' ? voice.lang : undefined}>
      {pieces(voice.words ?? '', wanted).map((p, i) => {
        const top = heaviest(p.mentions);
        if (!top) return <span key={i}>{p.text}</span>;
        const what = p.mentions
          .map((m) => `${names.aspect(m.aspect)} · ${names.value('polarity', m.polarity)}`)
          .join(', ');
        return (
          <mark key={i} className={`said ${top.polarity}`} title={what}>
            {p.text}
            <span className="sr"> ({what}) </span>
          </mark>
        );
      })}
    </span>
  );
}

interface AspectsProps {
  readonly mentions: readonly Mention[];
  readonly onPick?: (m: Mention) => void;
}

// The mentions of a voice by name, each once.
export function Aspects({ mentions, onPick }: AspectsProps): ReactNode {
  const names = useNames();
  const { t } = useHere();
  const once = new Map(mentions.map((m) => [`${m.aspect} ${m.polarity}`, m]));
  return (
    <ul className="tags">
      {[...once.values()].map((m) => {
        const body = (
          <>
            <span aria-hidden="true">{signs[m.polarity]}</span> {names.aspect(m.aspect)}
            <span className="sr"> {names.value('polarity', m.polarity)}</span>
          </>
        );
        return (
          <li key={`${m.aspect} ${m.polarity}`}>
            {onPick ? (
              <button type="button" className={`tag ${m.polarity}`} title={t('filter')} onClick={() => onPick(m)}>
                {body}
              </button>
            ) : (
              <span className={`tag ${m.polarity}`}>{body}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

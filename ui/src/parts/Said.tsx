// What a customer said, with every mention marked where it stands: colour, sign and name together.
import { useMemo, type ReactNode } from 'react';
import type { Mention, Voice } from '../lib/nouns';
import { useHere } from '../lib/session';
import { useAspectTitle } from '../lib/taxonomy';
import './said.css';

interface Piece {
  readonly text: string;
  readonly mentions: readonly Mention[];
}

// Cuts the words at the ends of mentions; mentions may overlap.  Offsets count code points.
export function pieces(words: string, mentions: readonly Mention[]): readonly Piece[] {
  const points = Array.from(words);
  const cuts = new Set([0, points.length]);
  for (const m of mentions) cuts.add(Math.min(m.start, points.length)).add(Math.min(m.end, points.length));
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => {
    const start = at[i] ?? 0;
    return {
      text: points.slice(start, end).join(''),
      mentions: mentions.filter((m) => m.start <= start && m.end >= end),
    };
  });
}

const signs = { negative: '−', neutral: '○', positive: '+' } as const;

export function Said({ voice }: { readonly voice: Voice }): ReactNode {
  const { locale } = useHere();
  const title = useAspectTitle();
  const parts = useMemo(() => pieces(voice.words ?? '', voice.mentions), [voice]);
  if (!voice.words) return null;
  return (
    <>
      <blockquote className="said" translate="no">
        {parts.map((p, i) => {
          const first = p.mentions[0];
          return first ? (
            <mark key={i} className={first.polarity ?? 'neutral'}>
              {p.text}
            </mark>
          ) : (
            <span key={i}>{p.text}</span>
          );
        })}
      </blockquote>
      {voice.mentions.length > 0 && (
        <ul className="said-about" lang={locale}>
          {voice.mentions.map((m, i) => (
            <li key={i} className={m.polarity ?? 'neutral'}>
              <b aria-hidden="true">{signs[m.polarity ?? 'neutral']}</b> {title(m.aspect)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

// A text cut where its mentions begin and end.
import type { Mention } from './shapes';

export interface Piece {
  readonly text: string;
  readonly mentions: readonly Mention[];
}

// The text cut where a mention begins or ends; a place is counted in characters, not in UTF-16.
export function pieces(words: string, mentions: readonly Mention[]): readonly Piece[] {
  const letters = Array.from(words);
  const cuts = new Set([0, letters.length]);
  for (const m of mentions) cuts.add(Math.min(m.start, letters.length)).add(Math.min(m.end, letters.length));
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(0, -1).map((from, i) => ({
    text: letters.slice(from, at[i + 1]).join(''),
    mentions: mentions.filter((m) => m.start <= from && from < m.end),
  }));
}

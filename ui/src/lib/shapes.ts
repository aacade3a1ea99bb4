// What the server answers, as the pages read it.
import type { Estimate } from './format';

export interface Mention {
  readonly aspect: string;
  readonly polarity: Polarity;
  readonly strength: number;
  readonly opinion: string | null;
  readonly start: number; // characters of words
  readonly end: number;
}
export type Polarity = 'positive' | 'negative' | 'neutral';

export interface Voice {
  readonly id: number;
  readonly uid: string;
  readonly source: string;
  readonly external_id: string | null;
  readonly occurred_at: string;
  readonly received_at: string;
  readonly channel: string | null;
  readonly touchpoint: string | null;
  readonly product: string | null;
  readonly customer: string | null;
  readonly event: string | null;
  readonly words: string | null;
  readonly attributes: Readonly<Record<string, string | number | null>>;
  readonly lang: string | null;
  readonly quality: string | null;
  readonly sentiment: Polarity | null;
  readonly confidence: number | null;
  readonly emotion: string | null;
  readonly intent: string | null;
  readonly tags: readonly string[];
  readonly mentions: readonly Mention[];
}
export interface Voices {
  readonly voices: readonly Voice[];
  readonly total: number;
  readonly next_cursor: string | null;
}

export interface Cell extends Estimate {
  readonly key: Readonly<Record<string, string | number | null>>;
  readonly signals: number;
}
export interface Tally {
  readonly metric: string;
  readonly title: string;
  readonly unit: string;
  readonly definition: string;
  readonly version: number;
  readonly minimum_n: number;
  readonly where: string | null;
  readonly newest: string | null;
  readonly cells: readonly Cell[];
}

export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'num' | 'time' | 'set';
  readonly of_mention: boolean;
  readonly present: number;
  readonly distinct: number | null;
}
export interface Columns {
  readonly columns: readonly Column[];
}

export interface Spot {
  readonly column: string;
  readonly value: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly n: number;
  readonly expected: number;
  readonly lift: number;
}
export interface Finding {
  readonly aspect: string;
  readonly title: string;
  readonly polarity: Polarity;
  readonly n: number;
  readonly reach: Estimate;
  readonly strength: number;
  readonly effect: Estimate;
  readonly impact: number | null;
  readonly spots: readonly Spot[];
  readonly trend: readonly { readonly month: string; readonly n: number; readonly base: number }[];
  readonly quotes: readonly Voice[];
}
export interface Findings {
  readonly base: number;
  readonly score: string | null;
  readonly pains?: readonly Finding[];
  readonly delights?: readonly Finding[];
}

export interface Aspect {
  readonly id: string;
  readonly department: string;
  readonly zh_cn: string;
  readonly zh_tw: string;
  readonly en: string;
}
export interface Taxonomy {
  readonly dimensions: readonly (Omit<Aspect, 'department'> & { readonly aspects: readonly Aspect[] })[];
}
export interface Sources {
  readonly sources: readonly {
    readonly source: string;
    readonly signals: number;
    readonly newest: string | null;
    readonly lag_ms: number | null;
  }[];
}

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

// ---- the nouns people change; names and units are the server's ----

export type TicketState = 'open' | 'working' | 'closed';
export type Priority = 'low' | 'normal' | 'high' | 'urgent';

export interface Ticket {
  readonly id: number;
  readonly signal_id: number;
  readonly rule_id: number | null;
  readonly title: string;
  readonly department: string | null;
  readonly owner: string | null;
  readonly state: TicketState;
  readonly priority: Priority;
  readonly outcome: string | null;
  readonly note: string | null;
  readonly opened_at: string;
  readonly due_at: string | null;
  readonly closed_at: string | null;
  readonly merged_into: number | null;
  readonly steps: readonly { readonly title: string; readonly done_at?: string; readonly by?: string }[] | null;
  readonly contacted_at: string | null;
  readonly contact_due_at: string | null;
  readonly score_before: number | null;
  readonly score_after: number | null;
  readonly recovered: number | null;
  readonly voice?: Voice | null;
}

export interface Rule {
  readonly id: number;
  readonly name: string;
  readonly condition: string;
  readonly action: string;
  readonly params: Readonly<Record<string, string>> | null;
  readonly enabled: boolean;
  readonly version: number;
  readonly changed_at: string | null;
}

export interface Department {
  readonly id: number;
  readonly name: string;
  readonly title: string | null;
}

export interface User {
  readonly id: number;
  readonly name: string;
  readonly title: string | null;
  readonly role: string;
  readonly department_id: number | null;
  readonly enabled: boolean;
}

export interface Tile {
  readonly title: string;
  readonly question: string; // what stands behind /explore?
}

export interface Dashboard {
  readonly id: number;
  readonly name: string;
  readonly shared: boolean;
  readonly owner_id: number;
  readonly mine: boolean;
  readonly tiles: readonly Tile[];
  readonly version: number;
}

// The nouns of the API as the pages of work read them; names and units are the server's.
import { locales, type Locale } from './words';

export interface Mention {
  readonly aspect: string;
  readonly polarity: 'negative' | 'neutral' | 'positive' | null;
  readonly strength: number;
  readonly opinion: string | null;
  readonly start: number; // code points of words
  readonly end: number;
}

export interface Voice {
  readonly id: number;
  readonly source: string;
  readonly occurred_at: string;
  readonly channel: string | null;
  readonly touchpoint: string | null;
  readonly product: string | null;
  readonly customer: string | null;
  readonly event: string | null;
  readonly words: string | null;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly mentions: readonly Mention[];
}

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

// The title people gave it: one text, or "English · 简体 · 繁體" as a new store begins with.
export function departmentTitle(locale: Locale, d: Department): string {
  const parts = d.title?.split(' · ') ?? [];
  const inEach = parts.length === 3 ? [parts[1], parts[2], parts[0]] : [];
  return inEach[locales.indexOf(locale)] ?? d.title ?? d.name;
}

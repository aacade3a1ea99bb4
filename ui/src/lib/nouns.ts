// The nouns the pages of work change; names and units are the server's.
import type { Voice } from './shapes';
import { locales, type Locale } from './words';

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

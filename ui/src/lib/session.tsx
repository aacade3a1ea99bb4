// Who is here, in which language and light; everything below asks useHere().
import { createContext, useContext } from 'react';
import type { Locale, Phrase, Word } from './words';
import type { Palette } from './theme';

export interface Session {
  readonly user: {
    readonly id: number;
    readonly name: string;
    readonly title: string | null;
    readonly role: string;
    readonly department_id?: string | number | null;
  };
  readonly rights: readonly string[];
  readonly csrf: string;
  readonly totp?: boolean; // a second factor is on
  readonly store?: { readonly signals: number; readonly newest: string | null };
  readonly version: string;
}

export interface Here {
  readonly locale: Locale;
  readonly t: (w: Word) => string; // a word everybody uses
  readonly say: (p: Phrase, fills?: Readonly<Record<string, string | number>>) => string; // a page's own phrase
  readonly palette: Palette;
  readonly dark: boolean;
  readonly session: Session | null;
  readonly may: (right: string) => boolean;
  readonly setLocale: (l: Locale) => void;
  readonly setDark: (d: boolean) => void;
  readonly enter: (s: Session | null) => void;
}

const HereContext = createContext<Here | null>(null);
export const HereProvider = HereContext.Provider;

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error('useHere outside of HereProvider');
  return here;
}

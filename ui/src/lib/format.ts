// Numbers and dates as each language writes them.
import type { Locale } from './words';

export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly missing: number;
  readonly invalid: number;
  readonly reason: string | null;
}

export function count(locale: Locale, n: number): string {
  return new Intl.NumberFormat(locale).format(n);
}

export function number(locale: Locale, v: number | null, digits = 1): string | null {
  if (v === null) return null;
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(v);
}

export function signed(locale: Locale, v: number | null, digits = 1): string | null {
  if (v === null) return null;
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'exceptZero',
  }).format(v);
}

export function when(locale: Locale, iso: string | null): string {
  if (!iso) return '';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

export function day(locale: Locale, iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(iso));
}

// How old a moment is, in the largest unit that is at least one.
export function age(locale: Locale, iso: string | null, now = Date.now()): string {
  if (!iso) return '';
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ];
  const past = now - Date.parse(iso);
  const [unit, ms] = units.find(([, size]) => past >= size) ?? ['second', 1000];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.round(past / ms), unit);
}

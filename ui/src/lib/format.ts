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

const minus = (text: string): string => text.replace('-', '−'); // as wide as +, and never a line break

export function number(locale: Locale, v: number | null, digits = 1): string | null {
  if (v === null) return null;
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'negative' } as const;
  return minus(new Intl.NumberFormat(locale, style).format(v));
}

// An interval as the command line writes it: [24.3, 31.7].
export function range(locale: Locale, low: number | null, high: number | null, digits = 1): string {
  return low === null || high === null ? '' : `[${number(locale, low, digits)}, ${number(locale, high, digits)}]`;
}

export function signed(locale: Locale, v: number | null, digits = 1): string | null {
  if (v === null) return null;
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'exceptZero' } as const;
  return minus(new Intl.NumberFormat(locale, style).format(v));
}

export function when(locale: Locale, iso: string | null): string {
  if (!iso) return '';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

export function day(locale: Locale, iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(iso));
}

// A span of days, what both ends share said once: 'Oct 18 – 22, 2026', '2026年10月18日–22日'.
export function dayRange(locale: Locale, from: string, to: string): string {
  const style: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' };
  const format = new Intl.DateTimeFormat(locale, style);
  const [a, b] = [new Date(from), new Date(to)];
  if (locale === 'en') return format.formatRange(a, b);
  if (from.slice(0, 10) === to.slice(0, 10)) return format.format(a);
  const rest: Intl.DateTimeFormatOptions =
    a.getUTCFullYear() !== b.getUTCFullYear()
      ? style
      : a.getUTCMonth() === b.getUTCMonth()
        ? { day: 'numeric', timeZone: 'UTC' }
        : { month: 'short', day: 'numeric', timeZone: 'UTC' };
  return `${format.format(a)}–${new Intl.DateTimeFormat(locale, rest).format(b)}`;
}

// Whether words of that language are the reader's: 'zh-Hans' is for 'zh-CN', any Chinese for both.
export function isOf(locale: Locale, lang: string | null): boolean {
  return lang !== null && lang.slice(0, 2) === locale.slice(0, 2);
}

// A length of time in the largest unit of which it is at least one: '3.2 days', '3.2 天'.
export function lasting(locale: Locale, ms: number | null): string | null {
  if (ms === null) return null;
  const units: [string, number][] = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]];
  const [unit, size] = units.find(([, s]) => ms >= s) ?? ['second', 1000];
  const digits = ms / size < 10 && ms > 0 ? 1 : 0;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: locale === 'en' ? 'short' : 'long', maximumFractionDigits: digits }).format(ms / size);
}

// How old a moment is, or how far ahead, in the largest unit that is at least one.
export function age(locale: Locale, iso: string | null, now = Date.now()): string {
  if (!iso) return '';
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ];
  const past = now - Date.parse(iso);
  const [unit, ms] = units.find(([, size]) => Math.abs(past) >= size) ?? ['second', 1000];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.round(past / ms), unit);
}

// A period of a tally's key as people write it: '2026-02' of month → 'Feb 2026'.
export function period(locale: Locale, by: string, key: string): string {
  const unit = /^(\w+)\(/.exec(by)?.[1] ?? by;
  const at = new Date(`${key}${{ month: '-01', year: '-01-01' }[unit] ?? ''}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return key;
  const style: Intl.DateTimeFormatOptions =
    unit === 'year'
      ? { year: 'numeric' }
      : unit === 'month'
        ? { year: 'numeric', month: 'short' }
        : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' }).format(at);
}

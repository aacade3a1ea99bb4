// Differences of two independent estimates, from their intervals alone.
import type { Estimate } from './format';

export interface Change {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly clear: boolean; // the interval does not hold 0
}

// a - b by the method of variance estimates recovery (Zou & Donner 2008): for shares this is Newcombe's interval.
export function difference(a: Estimate, b: Estimate): Change | null {
  if (a.value === null || b.value === null || a.low === null || a.high === null) return null;
  if (b.low === null || b.high === null) return null;
  const value = a.value - b.value;
  const low = value - Math.hypot(a.value - a.low, b.high - b.value);
  const high = value + Math.hypot(a.high - a.value, b.value - b.low);
  return { value, low, high, clear: low > 0 || high < 0 };
}

// A share in % with Wilson's interval at z standard errors (1.96: 95 %; 3.29: 99.9 %, where many are compared).
export function share(yes: number, n: number, z = 1.96): Estimate {
  if (n === 0) return { value: null, low: null, high: null, n, missing: 0, invalid: 0, reason: 'no_data' };
  const p = yes / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  const low = 100 * Math.max(0, middle - half);
  const high = 100 * Math.min(1, middle + half);
  return { value: 100 * p, low, high, n, missing: 0, invalid: 0, reason: null };
}

// Journeys as the server tells them (POST /api/v1/walk): each kind of question fills its own members.
export interface Times {
  readonly n: number;
  readonly mean_ms: number | null;
  readonly median_ms: number | null;
  readonly p90_ms: number | null;
}
export interface Step {
  readonly n: number;
  readonly share: number | null;
  readonly share_low: number | null;
  readonly share_high: number | null;
  readonly conversion: number | null;
  readonly conversion_low: number | null;
  readonly conversion_high: number | null;
  readonly lost: number;
  readonly since_entry: Times;
  readonly since_previous: Times;
}
export interface Activity {
  readonly name: string;
  readonly n: number;
  readonly cases: number;
  readonly starts: number;
  readonly ends: number;
}
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly n: number;
  readonly mean_ms: number | null;
  readonly median_ms: number | null;
  readonly p90_ms: number | null;
  readonly dependency: number;
}
export interface Way {
  readonly events: readonly string[];
  readonly goes_on: boolean;
  readonly n: number;
  readonly share: number | null;
  readonly share_low: number | null;
  readonly share_high: number | null;
  readonly duration: Times;
}
export interface Cohort {
  readonly period: string;
  readonly from: string;
  readonly size: number;
  readonly active: readonly number[];
  readonly returned: readonly number[];
}
export interface Again {
  readonly period: string | null;
  readonly new: number;
  readonly again: number;
  readonly observed: number;
  readonly observed_again: number;
  readonly censored: number;
  readonly median_days: number | null;
}
export interface Stage {
  readonly name: string;
  readonly now: number;
  readonly share: number | null;
  readonly dropped: number;
  readonly entries: number;
  readonly dwell: Times;
  readonly dwell_now: Times;
  readonly to: readonly number[];
}
interface Spread {
  readonly mean: number | null;
  readonly median: number | null;
  readonly p90: number | null;
}
export interface Journey {
  readonly kind: string;
  readonly cases: number;
  readonly events: number;
  readonly without_case: number | null;
  readonly steps?: readonly { readonly name: string; readonly where: string }[];
  readonly groups?: readonly { readonly key: string | null; readonly steps: readonly Step[] }[];
  readonly lost?: readonly string[];
  readonly activities?: readonly Activity[];
  readonly pairs_total?: number;
  readonly pairs?: readonly Pair[];
  readonly duration?: Times;
  readonly paths_total?: number;
  readonly variants?: number;
  readonly paths?: readonly Way[];
  readonly cohorts?: readonly Cohort[];
  readonly until?: string | null;
  readonly buyers?: number;
  readonly repeat_buyers?: number;
  readonly sessions?: number;
  readonly single?: number;
  readonly events_per_session?: Spread;
  readonly sessions_per_case?: Spread;
  readonly none?: number;
  readonly rows?: readonly (Again | Stage)[];
}

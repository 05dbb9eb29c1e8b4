import type { Millis } from '../strategy';
import type { JudgeConfig, JudgedMetric } from './types';

/** How a `judge` metric collects its series and judges them; defaults are filled in by `readJudge`. */
export interface JudgePlan {
  /** At least one, at most ten; names are unique. */
  readonly metrics: readonly PlannedMetric[];
  readonly config: Omit<JudgeConfig, 'look'>;
  /** The distance of two points. */
  readonly stepMs: Millis;
  /** Only the newest part of the series is judged; absent: all of it since the analysis began. */
  readonly lookbackMs?: Millis;
  /** The label of a series that names its pod: `pod`. */
  readonly podLabel: string;
}

/** A metric, and where its samples come from. */
export interface PlannedMetric extends Omit<JudgedMetric, 'samples'> {
  readonly source: JudgedSource;
}

/**
 * PromQL for each version: measured values, or raw counters of all and of bad requests. The same text for both is asked once, and the
 * rollout's pods tell which series is whose.
 */
export type JudgedSource =
  | { readonly kind: 'values'; readonly query: VersionQueries }
  | { readonly kind: 'counts'; readonly total: VersionQueries; readonly bad: VersionQueries };

export interface VersionQueries {
  readonly canary: string;
  readonly baseline: string;
}

/** The moments at which series are read: `from`, a step later, and so on. Epoch milliseconds. */
export interface Grid {
  readonly from: number;
  readonly stepMs: Millis;
  readonly points: number;
}

/** Ranks compare all pairs of points, so that more of them take long and much memory. */
export const mostPoints = 500;
/** Of fewer points on each side ranks show nothing at the usual confidence. */
export const fewestPoints = 5;

/** The points of a look at `now` at series that begin at `since`; at most `mostPoints`, the newest ones. */
export function gridOf(
  { stepMs, lookbackMs = Infinity }: Pick<JudgePlan, 'stepMs' | 'lookbackMs'>,
  { since, now }: { readonly since: number; readonly now: number },
): Grid {
  const steps = Math.max(0, Math.floor((now - since) / stepMs));
  const kept = Math.min(steps, mostPoints - 1, Math.floor(lookbackMs / stepMs));
  return { from: since + (steps - kept) * stepMs, stepMs, points: kept + 1 };
}

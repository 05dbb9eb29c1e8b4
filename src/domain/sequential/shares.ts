import type { SequentialMetric } from './config';
import { dispersionOf } from './dispersion';
import { shareInterval, type Interval } from './intervals';
import { unpackCounts } from './pack';
import type { MetricState } from './state';

/** What one version has served since the start. */
export interface Served {
  readonly requests: number;
  readonly bad: number;
  /** 0 without requests. */
  readonly share: number;
}

export interface ServedByBoth<T extends Served = Served> {
  readonly canary: T;
  readonly baseline: T;
}

/** With an interval of 99 % that is valid at every look. */
export interface WithInterval extends Served {
  readonly interval: Interval;
}

/** What a metric has seen of either version, at its `place`-th bound. */
export function servedAt(
  state: MetricState,
  place = state.worst,
  totals: readonly number[] = unpackCounts(state.totals),
): ServedByBoth {
  const side = (offset: 0 | 1): Served => {
    const [requests, bad] = [totals[offset] ?? 0, totals[2 + 2 * place + offset] ?? 0];
    return { requests, bad, share: requests === 0 ? 0 : bad / requests };
  };
  return { canary: side(0), baseline: side(1) };
}

/** The same with intervals, at the bound that tells most. */
export function sharesOf(state: MetricState): ServedByBoth<WithInterval> {
  const { canary, baseline } = servedAt(state);
  const dispersion = dispersionOf(state.spread);
  const measured = (side: Served): WithInterval => ({
    ...side,
    interval: shareInterval(side.bad, side.requests, { dispersion }),
  });
  return { canary: measured(canary), baseline: measured(baseline) };
}

/** What a bad request is: `fails`, or `takes more than 0.5 s for`. */
export function doing(metric: SequentialMetric, state: MetricState, place = state.worst): string {
  const bound = state.bounds?.[place];
  return metric.kind === 'histogram' && bound !== undefined ? `takes more than ${bound} s for` : 'fails';
}

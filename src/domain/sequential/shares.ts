import type { SequentialMetric } from './config';
import { dispersionOf } from './dispersion';
import { shareInterval, type Interval } from './intervals';
import { unpackCounts } from './pack';
import type { MetricState } from './state';

/** Counts of both versions since the start, at the bound that tells most. */
export interface Shares {
  readonly canary: ShareOf;
  readonly baseline: ShareOf;
}

export interface ShareOf {
  readonly requests: number;
  readonly bad: number;
  /** 0 without requests. */
  readonly share: number;
  /** 99 %, valid at every look. */
  readonly interval: Interval;
}

/** What a metric has seen of either version, at its `place`-th bound. */
export function sharesOf(state: MetricState, place = state.worst): Shares {
  const totals = unpackCounts(state.totals);
  const dispersion = dispersionOf(state.spread);
  const side = (offset: 0 | 1): ShareOf => {
    const requests = totals[offset] ?? 0;
    const bad = totals[2 + 2 * place + offset] ?? 0;
    const interval = shareInterval(bad, requests, { dispersion });
    return { requests, bad, share: requests === 0 ? 0 : bad / requests, interval };
  };
  return { canary: side(0), baseline: side(1) };
}

/** What a bad request is: `fails`, or `takes more than 0.5 s for`. */
export function doing(metric: SequentialMetric, state: MetricState, place = state.worst): string {
  const bound = state.bounds?.[place];
  return metric.kind === 'histogram' && bound !== undefined ? `takes more than ${bound} s for` : 'fails';
}

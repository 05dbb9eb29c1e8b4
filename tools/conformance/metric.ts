import type { MetricSpec } from '../../src/domain/analysis/spec';

/** What a row says of a metric besides the defaults; `once`: it is measured once. */
export type Written = Partial<MetricSpec> & { readonly once?: boolean };

/** A metric with the defaults, repeated every minute, good at 0.95 and more. */
export function metricOf({ once = false, ...own }: Written = {}): MetricSpec {
  return {
    name: 'success-rate',
    ...(once ? { count: 1 } : { intervalMs: 60_000 }),
    initialDelayMs: 0,
    failureLimit: 0,
    inconclusiveLimit: 0,
    consecutiveErrorLimit: 4,
    consecutiveSuccessLimit: 0,
    successCondition: 'result >= 0.95',
    provider: { prometheus: { query: 'up' } },
    isDryRun: false,
    retention: 10,
    onFailure: 'revert',
    holdMs: 900_000,
    ...own,
  };
}

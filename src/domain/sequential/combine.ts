import type { SequentialConfig } from './config';
import { logAddExp } from './logarithms';
import { counting, shareOf } from './rules';
import type { SequentialState } from './state';

/**
 * Log of the metrics' weighted mean evidence of harm, and the metric that tells most. A mean of evidences is evidence, however the
 * metrics depend on each other.
 */
export function combinedHarm(
  config: SequentialConfig,
  metrics: SequentialState['metrics'],
): { readonly logHarm: number; readonly worst: string } {
  let [sum, most, worst] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, ''];
  for (const metric of counting(config)) {
    const own = Math.log(shareOf(config, metric)) + (metrics[metric.name]?.logHarm ?? 0);
    sum = logAddExp(own, sum);
    if (own > most) [most, worst] = [own, metric.name];
  }
  return { logHarm: sum, worst };
}

/** The least log evidence of safety: every metric has to pass. */
export function leastSafe(config: SequentialConfig, metrics: SequentialState['metrics']): number {
  return Math.min(...counting(config).map(({ name }) => metrics[name]?.logSafe ?? 0));
}

import { mostBounds } from './bounds';
import type { CounterMetric, HistogramMetric, SequentialConfig, SequentialMetric } from './config';
import { capOf, type Rule } from './evidence';

/** The metrics that decide: a gauge informs or pauses only. */
export function counting(config: SequentialConfig): readonly (CounterMetric | HistogramMetric)[] {
  return config.metrics.filter((metric) => isCounting(metric));
}

export function isCounting(metric: SequentialMetric): metric is CounterMetric | HistogramMetric {
  return metric.kind !== 'gauge';
}

/** Counters of one pod that are remembered at most. */
export function countersOf(config: SequentialConfig): number {
  return counting(config).reduce((sum, metric) => {
    const bounds = metric.kind === 'counter' ? 1 : (metric.bounds?.length ?? mostBounds);
    return sum + 1 + bounds;
  }, 0);
}

/** A metric's share of the combined evidence. */
export function shareOf(config: SequentialConfig, metric: SequentialMetric): number {
  const all = counting(config).reduce((sum, each) => sum + each.weight, 0);
  return metric.weight / all;
}

/**
 * The test of one metric during a step. The margin for promotion comes from the budget: a canary that has `nextWeight` of the traffic
 * next may be worse by budget / nextWeight. A metric that tolerates more than the budget has what it tolerates for its budget:
 * otherwise a version between the two lines could neither pass nor fail.
 */
export function ruleOf(config: SequentialConfig, metric: SequentialMetric, nextWeight: number): Rule {
  const { alpha, minTicks, horizon } = config.rollback;
  const { ratio, absolute } = metric.tolerate;
  const budget = Math.max(config.promote.budget, absolute);
  return {
    ratio,
    harmAbsolute: absolute,
    safeAbsolute: Math.min(1, budget / nextWeight),
    cap: capOf(alpha, minTicks, shareOf(config, metric)),
    horizon,
  };
}

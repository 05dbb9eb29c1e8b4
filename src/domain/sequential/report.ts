import { combinedHarm } from './combine';
import type { SequentialConfig, SequentialMetric } from './config';
import { dispersionOf } from './dispersion';
import { ratioInterval, type Interval } from './intervals';
import { requestsMissing } from './missing';
import { isCounting } from './rules';
import { logSplit } from './sample-ratio';
import { sharesOf, type WithInterval } from './shares';
import type { SequentialState } from './state';

/** Everything there is to show of a tick, as finite numbers. Evidence is cut at a million. */
export interface SequentialReport {
  /** Combined evidence of harm, and how much rolls back. */
  readonly evidence: number;
  readonly rollbackAt: number;
  /** Evidence that a step has to earn in every metric. */
  readonly promoteAt: number;
  /** Evidence that the traffic is not split as planned; absent when no split is planned. */
  readonly splitEvidence?: number;
  readonly metrics: readonly MetricReport[];
}

export interface MetricReport {
  readonly name: string;
  /** Evidence of harm. */
  readonly evidence: number;
  /** Evidence that the step is earned; absent for a gauge, which decides nothing. */
  readonly safety?: number;
  readonly verdict: 'running' | 'worse' | 'safe' | 'unknown';
  /** Shares at the bound that tells most, with intervals of 99 % that hold at every look. */
  readonly canary?: WithInterval;
  readonly baseline?: WithInterval;
  /** Seconds, of a histogram. */
  readonly bound?: number;
  /** Canary's share over the baseline's; the upper end is absent while the baseline's may be 0. */
  readonly ratio?: readonly [low: number, high?: number];
  /** Canary requests until promotion, if it does as well as the baseline; absent when unknown or never. */
  readonly requestsMissing?: number;
  /** By how much the baseline's pods differ more than by chance; 1 is not at all. */
  readonly dispersion?: number;
}

/** The numbers behind a verdict. */
export function reportOf(config: SequentialConfig, state: SequentialState): SequentialReport {
  const { weight, split } = state.step;
  return {
    evidence: cut(combinedHarm(config, state.metrics).logHarm),
    rollbackAt: 1 / config.rollback.alpha,
    promoteAt: 1 / config.promote.beta,
    ...(weight !== undefined && { splitEvidence: cut(logSplit(split, weight)) }),
    metrics: config.metrics.map((metric) => metricReport(config, state, metric)),
  };
}

function metricReport(
  config: SequentialConfig,
  state: SequentialState,
  metric: SequentialMetric,
): MetricReport {
  const { name } = metric;
  const own = state.metrics[name];
  if (own === undefined) return { name, evidence: 1, verdict: 'unknown' };
  const evidence = cut(own.logHarm);
  const isWorse = own.logHarm >= Math.log(1 / config.rollback.alpha);
  if (!isCounting(metric)) return { name, evidence, verdict: isWorse ? 'worse' : 'running' };
  const isSafe = own.logSafe >= Math.log(1 / config.promote.beta);
  const { canary, baseline } = sharesOf(own);
  const missing = requestsMissing(config, state, metric);
  const bound = own.bounds?.[own.worst];
  const hasBaseline = metric.tolerate.ratio > 0;
  return {
    ...{ name, evidence, safety: cut(own.logSafe) },
    verdict: own.trouble !== undefined ? 'unknown' : isWorse ? 'worse' : isSafe ? 'safe' : 'running',
    canary,
    ...(hasBaseline && { baseline, ratio: finite(ratioInterval(canary.interval, baseline.interval)) }),
    ...(bound !== undefined && { bound }),
    ...(missing !== undefined && Number.isFinite(missing) && { requestsMissing: Math.ceil(missing) }),
    dispersion: dispersionOf(own.spread),
  };
}

function cut(log: number): number {
  return Math.min(1e6, Math.exp(log));
}

function finite([low, high]: Interval): readonly [low: number, high?: number] {
  return Number.isFinite(high) ? [low, high] : [low];
}

import { isFinal } from './phases';
import type { AnalysisPhase, MetricRun, MetricSpec } from './spec';

/** Where a metric stands, and which limit says so. */
export interface Assessment {
  readonly phase: AnalysisPhase;
  readonly because?: string;
}

/** How many measurements complete the metric; undefined: it runs until it is stopped. Argo's EffectiveCount: 0 is none. */
export function effectiveCount(metric: Pick<MetricSpec, 'count' | 'intervalMs'>): number | undefined {
  return metric.count || (metric.intervalMs === undefined ? 1 : undefined);
}

/** Assesses a metric after its newest measurement, as Argo's assessMetricStatus does: limits, then successes in a row, then count. */
export function assessMetric(metric: MetricSpec, run: MetricRun): Assessment {
  const last = run.measurements.at(-1);
  if (last === undefined) return { phase: 'Pending' };
  if (!isFinal(last.phase)) return { phase: 'Running' };
  const exceeded = exceededLimit(metric, run);
  if (exceeded !== undefined) return exceeded;
  const { consecutiveSuccessLimit: wanted } = metric;
  if (wanted > 0 && run.consecutiveSuccess >= wanted) return { phase: 'Successful' };
  const count = effectiveCount(metric);
  if (count === undefined || run.count < count) return { phase: 'Running' };
  if (wanted <= 0) return { phase: 'Successful' };
  // With failures limited as well, the limit was kept: neither proven good nor bad.
  const because = `consecutiveSuccess (${run.consecutiveSuccess}) < consecutiveSuccessLimit (${wanted})`;
  return { phase: metric.failureLimit >= 0 ? 'Inconclusive' : 'Failed', because };
}

/** A limit is exceeded by one more than it says. Of several exceeded ones, Argo lets the last of this order tell. */
function exceededLimit(metric: MetricSpec, run: MetricRun): Assessment | undefined {
  const errors = exceedingErrors(metric, run);
  if (errors !== undefined) {
    const because = `consecutiveErrors (${errors}) > consecutiveErrorLimit (${metric.consecutiveErrorLimit})`;
    return { phase: 'Error', because };
  }
  if (run.inconclusive > metric.inconclusiveLimit) {
    const because = `inconclusive (${run.inconclusive}) > inconclusiveLimit (${metric.inconclusiveLimit})`;
    return { phase: 'Inconclusive', because };
  }
  if (metric.failureLimit >= 0 && run.failed > metric.failureLimit) {
    return { phase: 'Failed', because: `failed (${run.failed}) > failureLimit (${metric.failureLimit})` };
  }
  return undefined;
}

/**
 * How many errors in a row are too many. Answers that are errors count alone, as in Argo. While the provider cannot be reached,
 * nothing is known of the application: the metric holds until this has lasted longer than `holdMs`.
 */
function exceedingErrors(metric: MetricSpec, run: MetricRun): number | undefined {
  const { consecutiveErrorLimit: limit, holdMs } = metric;
  const answered = run.consecutiveAnsweredError ?? 0;
  if (answered > limit) return answered;
  const last = run.measurements.at(-1);
  if (last?.isUnreachable !== true || run.unreachableSince === undefined) return undefined;
  const lasted = (last.finishedAt ?? last.startedAt) - run.unreachableSince;
  return run.consecutiveError > limit && lasted > holdMs ? run.consecutiveError : undefined;
}

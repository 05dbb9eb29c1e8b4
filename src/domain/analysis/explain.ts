import { countsForRun } from './assess-run';
import { isoTime } from './end-metric';
import { isBad, isFinal } from './phases';
import type { AnalysisRun, MetricRun, SequentialView } from './spec';

/** The metrics that hold a rollout because their providers are unreachable: nothing is known, so nothing is decided. */
export function holdingMetrics(run: AnalysisRun): readonly MetricRun[] {
  return run.metrics.filter((metric) => isHolding(metric) && countsForRun(metric));
}

/** One sentence for a run: what it came to and why, or what it waits for. */
export function explainRun(run: AnalysisRun): string {
  const told = run.metrics.filter(({ phase }) => isBad(phase)).filter((metric) => !countsForRun(metric));
  const aside = told.map((metric) => `; ${explainMetric(metric)}`).join('');
  if (isFinal(run.phase)) {
    return `Analysis ${run.phase}${run.message === undefined ? '' : `: ${run.message}`}${aside}`;
  }
  const holding = holdingMetrics(run);
  if (holding.length > 0) return `Analysis holds: ${holding.map(explainMetric).join('; ')}${aside}`;
  const done = run.metrics.filter(({ phase }) => isFinal(phase)).length;
  return `Analysis Running: ${done} of ${run.metrics.length} metrics done${aside}`;
}

/** One line for a metric in a status view. */
export function explainMetric(metric: MetricRun): string {
  return sentenceOf(metric) + asideOf(metric);
}

function sentenceOf(metric: MetricRun): string {
  const name = `Metric "${metric.name}"`;
  const last = metric.measurements.at(-1);
  if (isFinal(metric.phase)) {
    return metric.message ?? `${name} assessed ${metric.phase}: ${countsOf(metric)}`;
  }
  const { sequential } = metric;
  if (metric.unreachableSince === undefined && sequential !== undefined) {
    return `${name} ${sequential.kind === 'hold' ? 'holds' : 'Running'}: ${sequential.sentence}`;
  }
  if (isHolding(metric)) {
    const why = last?.message === undefined ? '' : `: ${last.message}`;
    return `${name} holds: no reading since ${isoTime(metric.unreachableSince ?? 0)}, its provider is unreachable${why}`;
  }
  if (last === undefined) return `${name} Pending: not measured yet`;
  if (!isFinal(last.phase)) return `${name} Running: being measured since ${isoTime(last.startedAt)}`;
  if (last.phase === 'Error') return `${name} Running: ${countsOf(metric)}, last: ${last.message ?? 'error'}`;
  return `${name} Running: ${countsOf(metric)}${last.value === undefined ? '' : `, last value ${last.value}`}`;
}

/** Nothing can be told of the application, because its provider is unreachable or its counters are not there; not decided yet. */
export function isHolding({ phase, unreachableSince, sequential }: MetricRun): boolean {
  return !isFinal(phase) && (unreachableSince !== undefined || sequential?.kind === 'hold');
}

/**
 * The evidence that has earned a stage of the rollout, where that shall end a pause: the sequential metric (an analysis has one at
 * most) counts, and no other one stands in the way.
 */
export function earnedBy(run: AnalysisRun): SequentialView | undefined {
  const counted = run.metrics.filter(countsForRun);
  if (isFinal(run.phase) || counted.some((metric) => isHolding(metric))) return undefined;
  const views = counted.flatMap(({ sequential }) => sequential ?? []);
  return views.find(({ kind, endsPause }) => kind === 'promote' && endsPause === true);
}

function countsOf({ successful, failed, inconclusive, error }: MetricRun): string {
  const counts = Object.entries({ successful, failed, inconclusive, error }).filter(([, count]) => count > 0);
  return counts.length === 0
    ? 'no measurements'
    : counts.map(([name, count]) => `${count} ${name}`).join(', ');
}

/** ` (dry run)` or ` (notify only)`: why its failure turns nothing back; else nothing. */
export function asideOf(metric: MetricRun): string {
  if (metric.isDryRun === true) return ' (dry run)';
  return metric.onFailure === 'notify' ? ' (notify only)' : '';
}

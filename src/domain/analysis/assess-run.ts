import { endMetric } from './end-metric';
import { forgetMemory } from './take-sequential';
import { isBad, isFinal, isWorse } from './phases';
import type { AnalysisRun, MetricRun } from './spec';

/** Whether a metric's result may end a run: not in a dry run, and not when its failure is only told (`notify`). */
export function countsForRun(run: MetricRun): boolean {
  return run.isDryRun !== true && run.onFailure !== 'notify';
}

/** The run after its metrics were assessed: one bad metric that counts ends all others at once; else all have to complete. */
export function assessRun(run: AnalysisRun, now: number): AnalysisRun {
  const hasBad = run.metrics.some((metric) => countsForRun(metric) && isBad(metric.phase));
  if (hasBad || run.metrics.every((metric) => isFinal(metric.phase))) return endRun(run, now);
  return { ...run, phase: 'Running' };
}

/** Ends every metric that is not over, and gives the run the worst phase of those that count. */
export function endRun(run: AnalysisRun, now: number): AnalysisRun {
  const metrics = run.metrics.map((metric) => forgetMemory(endMetric(metric, now)));
  const worst = metrics.filter(countsForRun).reduce<MetricRun | undefined>(worseOf, undefined);
  const phase = worst?.phase ?? 'Successful';
  const isFailure = phase === 'Failed' || phase === 'Error';
  return {
    ...run,
    metrics,
    phase,
    finishedAt: now,
    ...(worst?.message !== undefined && { message: worst.message }),
    ...(isFailure && { onFailure: worst?.onFailure ?? 'revert' }),
  };
}

/** Of two equally bad ones, that which asks for a revert. */
function worseOf(worst: MetricRun | undefined, each: MetricRun): MetricRun {
  if (worst === undefined || isWorse(each.phase, worst.phase)) return each;
  const asksForMore = worst.onFailure !== undefined && each.onFailure === undefined;
  return each.phase === worst.phase && asksForMore ? each : worst;
}

import { countMeasurement } from './count-measurement';
import { isFinal } from './phases';
import type { AnalysisPhase, Measurement, MetricRun } from './spec';
import { lineOf, longestMessage } from './text';

/**
 * A metric that is ended from outside: by a failing neighbour, or because the rollout is over. Successful unless something
 * worse is known, as in Argo, with exceptions that are Inconclusive: a measurement was under way (Argo's terminated Job), or
 * its provider could not be reached and it never had a good reading; and a judge whose last look was inconclusive.
 */
export function endMetric(run: MetricRun, now: number): MetricRun {
  if (isFinal(run.phase)) return run;
  const last = run.measurements.at(-1);
  if (last !== undefined && !isFinal(last.phase)) {
    const { resumeAt: _, ...begun } = last;
    const ended: Measurement = {
      ...begun,
      phase: 'Inconclusive',
      finishedAt: now,
      message: 'Metric Terminated',
    };
    return assessed(countMeasurement(run, ended), 'Inconclusive', 'it was ended during a measurement');
  }
  if (run.unreachableSince !== undefined && run.count === 0) {
    const since = isoTime(run.unreachableSince);
    return assessed(run, 'Inconclusive', `it has no reading: its provider is unreachable since ${since}`);
  }
  const { sequential, unclear } = run;
  if (unclear !== undefined) return { ...run, phase: 'Inconclusive', message: unclear };
  if (sequential?.kind === 'hold' && run.successful === 0) {
    return { ...run, phase: 'Inconclusive', message: `it could never compare: ${sequential.sentence}` };
  }
  return { ...run, phase: 'Successful' };
}

/** The metric with its phase, and Argo's sentence for it where something is to be said. */
export function assessed(run: MetricRun, phase: AnalysisPhase, because?: string): MetricRun {
  if (because === undefined) return { ...run, phase };
  const told = run.measurements.at(-1)?.message;
  const sentence = `Metric "${lineOf(run.name, 100)}" assessed ${phase} due to ${because}`;
  const message = told === undefined ? sentence : `${sentence}: "Error Message: ${told}"`;
  return { ...run, phase, message: lineOf(message, longestMessage) };
}

/** A moment as people read it, in whole seconds: `2026-08-07T12:00:00Z`. */
export function isoTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

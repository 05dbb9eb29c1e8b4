import { endRun } from './assess-run';
import { isFinal } from './phases';
import type { AnalysisRun } from './spec';

/**
 * Ends a run before its time (rollout over, promoted): Successful unless something worse happened. A metric that never had a good
 * reading because its provider is unreachable makes it Inconclusive.
 */
export function stopAnalysis(run: AnalysisRun, now: number): AnalysisRun {
  if (isOver(run)) return run;
  return { message: 'Run Terminated', ...endRun(run, now) };
}

/** Whether the run has its verdict. */
export function isOver(run: AnalysisRun): boolean {
  return isFinal(run.phase);
}

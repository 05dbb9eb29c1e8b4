import type { AnalysisPhase } from './spec';

const severity: readonly AnalysisPhase[] = [
  'Successful',
  'Running',
  'Pending',
  'Inconclusive',
  'Error',
  'Failed',
];

/** Whether a measurement, metric or run with this phase changes no more. */
export function isFinal(phase: AnalysisPhase): boolean {
  return phase !== 'Pending' && phase !== 'Running';
}

/** Whether the phase ends an analysis that it counts for. */
export function isBad(phase: AnalysisPhase): boolean {
  return phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive';
}

/** Argo's order: Successful, Running, Pending, Inconclusive, Error, Failed. */
export function isWorse(phase: AnalysisPhase, than: AnalysisPhase): boolean {
  return severity.indexOf(phase) > severity.indexOf(than);
}

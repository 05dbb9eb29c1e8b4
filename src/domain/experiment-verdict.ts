import type { AnalysisPhase, OnFailure } from './analysis/spec';

/** How an analysis of an experiment ended. */
export interface AnalysisEnd {
  readonly phase: AnalysisPhase;
  readonly message?: string;
  /** What its failing metric asks for; default `revert`. */
  readonly onFailure?: OnFailure;
}

export interface ExperimentProgress {
  readonly analyses: readonly { readonly name: string; readonly requiredForCompletion: boolean }[];
  /** By the analysis' name; those that still run are missing. */
  readonly ends: Readonly<Record<string, AnalysisEnd>>;
  /** Its duration has passed, or a person has ended it. */
  readonly isTimeOver: boolean;
}

export type ExperimentVerdict =
  | { readonly kind: 'running' }
  | { readonly kind: 'successful' }
  | { readonly kind: 'failed' | 'inconclusive'; readonly sentence: string };

/**
 * Argo Rollouts' rules: an analysis that ends badly ends the experiment at once. Else it is successful when its duration is over or
 * all analyses that are required for its completion have ended; those that still run are stopped then, and count for nothing.
 */
export function assessExperiment({ analyses, ends, isTimeOver }: ExperimentProgress): ExperimentVerdict {
  const ended = analyses.flatMap((analysis) => {
    const end = ends[analysis.name];
    return end === undefined ? [] : [{ ...analysis, ...end }];
  });
  const failed = ended.find((each) => hasFailed(each) && (each.onFailure ?? 'revert') === 'revert');
  if (failed !== undefined) return { kind: 'failed', sentence: sentenceOf(failed) };
  const unclear = ended.find(
    (each) => each.phase === 'Inconclusive' || (hasFailed(each) && each.onFailure === 'pause'),
  );
  if (unclear !== undefined) return { kind: 'inconclusive', sentence: sentenceOf(unclear) };
  const required = analyses.filter((each) => each.requiredForCompletion);
  const isComplete = required.length > 0 && required.every(({ name }) => ends[name] !== undefined);
  return isTimeOver || isComplete ? { kind: 'successful' } : { kind: 'running' };
}

function hasFailed({ phase }: AnalysisEnd): boolean {
  return phase === 'Failed' || phase === 'Error';
}

function sentenceOf({ name, phase, message }: AnalysisEnd & { readonly name: string }): string {
  return `analysis ${name} ${phase}${message === undefined ? '' : `: ${message}`}`;
}

import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { StepResult } from '../activities/rollout-steps';
import type { FailureReport } from '../domain/rollout-status';
import { overtaken } from './overtaken';
import type { RolloutRun, TurnBack } from './rollout-run';

/** Thrown to leave the steps when the rollout turns back; never leaves the workflow. */
class Turned extends Error {}

export function isTurned(error: unknown): boolean {
  return error instanceof Turned;
}

/** The activity's result when the step was reached; else the rollout turns back. */
export async function mustReach<T extends { readonly kind: string }>(
  run: RolloutRun,
  step: Promise<T>,
): Promise<Exclude<T, { kind: 'failed' }>> {
  let result: T;
  try {
    result = await step;
  } catch (error: unknown) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const ended = overtaken(run, error);
    if (ended !== undefined) {
      run.turnBack ??= ended;
      throw new Turned(error.message);
    }
    const cause = error.cause instanceof ApplicationFailure ? error.cause : undefined;
    turn(run, {
      code: cause?.type ?? 'ApplyFailed',
      sentence: cause?.message ?? error.message,
      at: Date.now(),
    });
  }
  run.saw(result);
  if (isFailed(result)) turn(run, result.failure);
  // A step may end well although it was cancelled: whoever asked to go back was told that it does.
  if (run.turnBack !== undefined) throw new Turned('asked to go back');
  return result as Exclude<T, { kind: 'failed' }>;
}

function isFailed(result: { readonly kind: string }): result is StepResult & { readonly kind: 'failed' } {
  return result.kind === 'failed';
}

/** The rollout turns back because of this. */
export function turn(run: RolloutRun, failure: FailureReport): never {
  turnBack(run, { kind: 'failed', failure });
}

/** The same for any reason; the first one counts. */
export function turnBack(run: RolloutRun, reason: TurnBack): never {
  run.turnBack ??= reason;
  throw new Turned(reason.kind);
}

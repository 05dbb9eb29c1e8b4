import { ApplicationFailure, type ActivityFailure } from '@temporalio/workflow';
import type { RolloutRun, TurnBack } from './rollout-run';

/**
 * A person has ended the rollout in the cluster alone (`belay abort --break-glass`): the step was fenced, and the failure says by whom.
 * The rollout goes back as after any abort, with numbers above the one that was found; undefined for every other failure.
 */
export function overtaken(run: RolloutRun, { cause }: ActivityFailure): TurnBack | undefined {
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'Fenced') return undefined;
  const { found, by } = (cause.details?.[0] ?? {}) as { readonly found?: number; readonly by?: string };
  if (found === undefined || by === undefined || !run.passFence(found)) return undefined;
  return { kind: 'aborted', by: `${by} (--break-glass)` };
}

import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { pauseSignal, resumeSignal } from '../messages/rollout';
import type { ApplicationRun } from './application-run';

/** Holds the rollouts of a member, or lets them go on, as its release says. */
export function relayPause({ state, rollouts }: ApplicationRun): void {
  const { release, isPaused } = state.release?.directive ?? {};
  for (const workflowId of rollouts.values()) {
    if (isPaused === true) pauseOne(workflowId, release);
    else
      getExternalWorkflowHandle(workflowId)
        .signal(resumeSignal, { requestedBy: nameOf(release) })
        .catch(() => undefined);
  }
}

/** One that a person has paused stays theirs. */
export function pauseOne(workflowId: string, release: string | undefined): void {
  getExternalWorkflowHandle(workflowId)
    .signal(pauseSignal, { requestedBy: nameOf(release), reason: 'the release is paused' })
    .catch(() => undefined);
}

function nameOf(release: string | undefined): string {
  return release ?? 'the release';
}

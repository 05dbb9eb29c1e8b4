import { attempt } from './application-attempt';
import type { ApplicationRun } from './application-run';
import { asking } from './proxies';

const lookEveryMs = 60_000;

/** When it is looked next whether the release still runs, epoch milliseconds; undefined: there is none under way. */
export function nextReleaseLook({ state, member }: ApplicationRun): number | undefined {
  return state.release === undefined || member.lost !== undefined ? undefined : member.nextLook;
}

/** The next look is a while away: the release has just been heard. */
export function putOffLook({ member }: ApplicationRun): void {
  member.nextLook = Date.now() + lookEveryMs;
}

/** A release that was terminated tells nobody, and one that has ended has nothing more to say. */
export async function lookAtRelease(run: ApplicationRun): Promise<void> {
  putOffLook(run);
  const workflowId = run.state.release?.directive.release;
  if (workflowId === undefined) return;
  const summary = `whether ${workflowId} still runs`;
  const described = await attempt(() =>
    asking(run.state.cluster?.id ?? '').describeWorkflow.executeWithOptions({ summary }, [{ workflowId }]),
  );
  const isSame = run.state.release?.directive.release === workflowId;
  if (described.ok && described.value !== 'running' && isSame) run.member.lost = described.value;
}

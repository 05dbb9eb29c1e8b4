import type { ApplicationStatus } from '../application-status';
import { judgeApplication } from '../explain-verdict';

/** Why a drill is not begun, and what to do. */
export interface Refusal {
  readonly message: string;
  readonly remedy: string;
}

const hourMs = 3_600_000;
/** One more revert than this within an hour, and Belay holds (`TooManyReverts`). */
const mostReverts = 3;

/**
 * Why an application must not be drilled now; undefined where it may. A drill rehearses one failure of a healthy application: on top of
 * a real one it would only be in the way, and where Belay may not write to Git there is no promise about Git to check.
 */
export function whyNotReady(status: ApplicationStatus, now: number): Refusal | undefined {
  return whyNotDrillable(status) ?? whyNotNow(status, now);
}

/** What only another specification changes. */
function whyNotDrillable({ spec, state }: ApplicationStatus): Refusal | undefined {
  const { name, writeBack, writeBackOptions } = spec;
  if (state.branch === undefined)
    return {
      message: `${name} follows ${spec.source.targetRevision}, which is not a branch: nothing can be pushed to it`,
      remedy: 'drill an application that follows a branch of its own, such as scratch',
    };
  if (spec.automated === undefined)
    return {
      message: `${name} is synced only when somebody asks, so nothing would happen after the push`,
      remedy: 'drill an application with syncPolicy.automated',
    };
  if (writeBack !== 'revert' && writeBack !== 'pull-request-if-protected')
    return {
      message: `${name} has the policy ${writeBack}: after the drill it would be held until somebody changes Git`,
      remedy: 'drill an application with belay.dev/write-back: revert',
    };
  if ((writeBackOptions?.confirmMs ?? 0) > 0)
    return {
      message: `${name} waits for failures to be confirmed before it writes to Git`,
      remedy: 'drill an application without belay.dev/write-back-confirm',
    };
  return undefined;
}

function whyNotNow(status: ApplicationStatus, now: number): Refusal | undefined {
  const { spec, state } = status;
  if (judgeApplication(status) !== 'healthy')
    return {
      message: `${spec.name} is not Synced, Healthy and idle: ${status.message}`,
      remedy: `\`belay why ${spec.name}\` says what it waits for`,
    };
  if (state.good === undefined || state.good.revision !== state.synced)
    return {
      message: `${spec.name} has no good revision to go back to`,
      remedy: 'wait until a deployment has ended well',
    };
  if (state.reverts.filter((at) => at > now - hourMs).length >= mostReverts)
    return {
      message: `${spec.name} has had ${mostReverts} reverts within an hour: after one more it would be held`,
      remedy: 'wait an hour after the first of them',
    };
  return undefined;
}

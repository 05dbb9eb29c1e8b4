import type { ApplicationSpec } from './application-spec';
import type { ApplicationState, GoodRevision, Hold } from './application-state';

export type RevertDecision =
  | { readonly kind: 'revert'; readonly good: GoodRevision; readonly branch: string }
  | { readonly kind: 'hold'; readonly hold: Omit<Hold, 'since'> };

const hourMs = 3_600_000;
const mostRevertsAnHour = 3;

/** Whether Git goes back after a failed or aborted rollout, by policy (DESIGN 3, "Rules where owners meet"). */
export function decideRevert(
  spec: ApplicationSpec,
  state: ApplicationState,
  { bad, now }: { readonly bad: string; readonly now: number },
): RevertDecision {
  const { good, branch } = state;
  if (good === undefined) {
    return hold(
      'FirstDeploymentFailed',
      'the first deployment failed, so there is no good revision to go back to',
      'push a fix',
    );
  }
  if (good.revision === bad)
    return hold(
      'OtherSource',
      `Git is not written: ${spec.source.repoUrl} has not changed, what failed came from another source`,
      'put that source back, or push a fix there',
    );
  if (branch === undefined) {
    const reason = `Git is not written: ${spec.source.targetRevision} is not a branch`;
    return hold('NotABranch', reason, 'point the application at a good revision');
  }
  if (spec.writeBack === 'off')
    return hold(
      'WriteBackOff',
      'Git is not written: write-back is off for this application',
      'revert in Git yourself, or push a fix',
    );
  if (spec.writeBack === 'hold')
    return hold(
      'WriteBackHold',
      'Git is not written: the policy is to hold',
      'revert in Git yourself, or push a fix',
    );
  if (state.reverts.filter((at) => at > now - hourMs).length >= mostRevertsAnHour) {
    return hold(
      'TooManyReverts',
      `${mostRevertsAnHour} reverts within an hour`,
      'find out what pushes bad versions, then `belay retry`',
    );
  }
  return { kind: 'revert', good, branch };
}

function hold(code: Hold['code'], reason: string, remedy: string): RevertDecision {
  return { kind: 'hold', hold: { code, reason, remedy } };
}

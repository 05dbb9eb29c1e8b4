import type { ApplicationSpec } from '../application-spec';
import type { ApplicationState, GoodRevision, Hold } from '../application-state';
import { planRestores, type Pinned, type PlannedRestore, type Unwritable } from './planned-restores';

export type RevertDecision =
  | { readonly kind: 'revert'; readonly good: GoodRevision; readonly restores: readonly PlannedRestore[] }
  | { readonly kind: 'hold'; readonly hold: Omit<Hold, 'since'> };

const hourMs = 3_600_000;
const mostRevertsAnHour = 3;

/** Whether Git goes back after a failed or aborted rollout, by policy (DESIGN 3, "Rules where owners meet"), and what is written then. */
export function decideRevert(
  spec: ApplicationSpec,
  state: ApplicationState,
  { bad, now }: { readonly bad: Pinned; readonly now: number },
): RevertDecision {
  const { good } = state;
  if (good === undefined) {
    return hold(
      'FirstDeploymentFailed',
      'the first deployment failed, so there is no good revision to go back to',
      'push a fix',
    );
  }
  const { restores, unwritable } = planRestores(spec, state, { good, bad });
  const [first] = unwritable;
  if (first !== undefined) return unwritten(first);
  if (restores.length === 0)
    return hold(
      'OtherSource',
      'Git is not written: no source has changed since the good revision, what failed comes from elsewhere',
      'mend what failed, then `belay retry`, or push a fix',
    );
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
  return { kind: 'revert', good, restores };
}

/** Half of what changed cannot be written: the other half alone was never tried by anybody. */
function unwritten({ source, primary, isNew }: Unwritable): RevertDecision {
  const { repoUrl, chart, targetRevision } = source;
  if (isNew)
    return hold(
      'OtherSource',
      `Git is not written: the source ${repoUrl} is newer than the good revision`,
      'take that source out of the application, or push a fix',
    );
  if (primary && chart === undefined)
    return hold(
      'NotABranch',
      `Git is not written: ${targetRevision} is not a branch`,
      'point the application at a good revision',
    );
  const what =
    chart === undefined
      ? `${targetRevision} of ${repoUrl} is not a branch`
      : `the chart ${chart} of ${repoUrl} has a new version`;
  return hold('OtherSource', `Git is not written: ${what}`, 'put that source back, or push a fix');
}

function hold(code: Hold['code'], reason: string, remedy: string): RevertDecision {
  return { kind: 'hold', hold: { code, reason, remedy } };
}

import type { ApplicationStatus } from '../application-status';
import { shortRevision } from '../explain-time';
import type { RolloutStatus } from '../rollout-status';
import type { Check } from './scorecard';
import type { DrillEnd } from './timeline';

/** What was found in Git after a drill. */
export interface GitAfter {
  readonly path: string;
  /** Tree ids of the path, before the drill and now. */
  readonly goodTree: string;
  readonly tree: string;
  /** Commits after the drill's that say they revert it. */
  readonly reverts: readonly string[];
}

const ends: Readonly<Record<Exclude<DrillEnd, 'back'>, string>> = {
  promoted: 'the broken version was promoted: nothing that watches this rollout has noticed',
  held: 'the application is held',
  refused: 'the revision was refused before it reached the cluster',
  timedOut: 'it had not ended when the drill gave up waiting',
  interrupted: 'the drill was stopped before the end',
};

/** Whether the broken version was seen through. */
export function noticed(end: DrillEnd, status: ApplicationStatus, rollouts: readonly RolloutStatus[]): Check {
  const failure = rollouts.find((each) => each.failure !== undefined)?.failure;
  const why =
    end === 'back' || failure !== undefined ? 'no rollout of it was seen' : `${ends[end]}: ${status.message}`;
  return {
    promise: 'the broken version is judged bad',
    held: failure !== undefined,
    seen: failure === undefined ? why : `${failure.code}: ${failure.sentence}`,
  };
}

/** What must hold of a rollout that has gone back: the one that failed, and those that went back with it. */
export function rolloutChecks({ weight, actualWeight, pods, outcome, message }: RolloutStatus): Check[] {
  const isOver =
    outcome?.kind === 'aborted' || (outcome?.kind === 'failed' && outcome.goodAlsoFails === undefined);
  const share = actualWeight ?? weight;
  const stable = pods?.stable;
  const isWhole = stable === undefined ? isOver : stable.available >= stable.desired;
  return [
    {
      promise: 'no request goes to the new version',
      held: weight === 0 && share === 0,
      seen: `weight ${weight} wanted, ${share} found`,
    },
    {
      promise: 'no object of the new version is left',
      held: isOver && pods?.canary === undefined,
      seen:
        pods?.canary === undefined
          ? isOver
            ? 'the rollout removed them'
            : message
          : `${pods.canary.current} pods of ${pods.canary.images.join(', ')}`,
    },
    {
      promise: 'the stable version is at its full size',
      held: isOver && isWhole,
      seen:
        stable === undefined
          ? (outcome?.kind ?? message)
          : `${stable.available} of ${stable.desired} pods available`,
    },
  ];
}

/** What must hold of Git. */
export function gitChecks({ path, goodTree, tree, reverts }: GitAfter): readonly [Check, Check] {
  return [
    {
      promise: 'Git is back at the last good content',
      held: tree === goodTree,
      seen: `the tree of ${path} is ${shortRevision(tree)}, before the drill ${shortRevision(goodTree)}`,
    },
    {
      promise: 'Git was written exactly once',
      held: reverts.length === 1,
      seen:
        reverts.length === 0
          ? 'no commit reverts the drill'
          : `reverted by ${reverts.map(shortRevision).join(', ')}`,
    },
  ];
}

/** What must hold of the application; without `head` it follows another branch than the drilled one. */
export function statusCheck(
  { sync, health, held, state, message }: ApplicationStatus,
  head: string | undefined,
): Check {
  const isAtHead = head === undefined || state.synced === head;
  return {
    promise: 'the application is Synced and Healthy again',
    held: sync === 'Synced' && health === 'Healthy' && !held && isAtHead,
    seen: `${sync}, ${health}${isAtHead ? '' : ', not at the newest commit'}: ${message}`,
  };
}

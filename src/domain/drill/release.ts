import type { ApplicationStatus } from '../application-status';
import { wavesOf } from '../release/graph';
import type { ReleaseSpec } from '../release/spec';
import type { ReleaseState } from '../release/state';
import type { RolloutStatus } from '../rollout-status';
import { trafficBack, type DrillEnd, type Timeline } from './timeline';

/** The member that comes out last: when it fails, all the others have moved already. */
export function lastMember({ members }: ReleaseSpec): string | undefined {
  return wavesOf(members).at(-1)?.at(-1);
}

/** What is seen of a release at one moment. */
export interface ReleaseSeen {
  /** The one that brings the drill's commit; undefined before it has begun. */
  readonly release: ReleaseState | undefined;
  readonly members: readonly ApplicationStatus[];
  /** Of all members, those that bring the drill's commit. */
  readonly rollouts: readonly RolloutStatus[];
}

/** Whether a release brings a commit to a member. */
export function bringsTo({ members }: ReleaseState, application: string, revision: string): boolean {
  return members[application]?.revision === revision;
}

/** Where a release stands after the drill's commit; undefined while something is still to come. */
export function endOfRelease({ release, members }: ReleaseSeen): DrillEnd | undefined {
  if (release?.endedAt === undefined) return undefined;
  if (release.phase === 'Held' || members.some(({ held }) => held)) return 'held';
  const isQuiet = members.every(
    ({ operation, rollouts, sync, health }) =>
      operation === undefined && rollouts.length === 0 && sync === 'Synced' && health === 'Healthy',
  );
  if (!isQuiet) return undefined;
  return release.phase === 'Healthy' ? 'promoted' : 'back';
}

/** The timeline with what is seen of a release for the first time at `now`. */
export function noteRelease(timeline: Timeline, seen: ReleaseSeen, now: number): Timeline {
  const { release, rollouts } = seen;
  const isDetected = release?.verdict !== undefined;
  const isBack = isDetected && rollouts.every((each) => trafficBack(each) !== undefined);
  const facts: Partial<Timeline> = {
    ...(release === undefined ? {} : { begunAt: now }),
    ...(isDetected ? { detectedAt: now } : {}),
    ...(isBack ? { trafficBackAt: now } : {}),
    ...(endOfRelease(seen) === 'back' ? { backAt: now } : {}),
  };
  return { ...facts, ...timeline };
}

/** From the verdict on the release to the last request of any new version, in milliseconds by Temporal's clock. */
export function releaseRestoreMs({ release, rollouts }: ReleaseSeen): number | undefined {
  const { verdict } = release ?? {};
  const backs = rollouts.map(trafficBack);
  if (verdict === undefined || backs.length === 0) return undefined;
  const known = backs.filter((at) => at !== undefined);
  return known.length < backs.length ? undefined : Math.max(0, Math.max(...known) - verdict.at);
}

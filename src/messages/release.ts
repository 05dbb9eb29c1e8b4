import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Directive, MemberReport, ReleaseState } from '../domain/release/state';
import type { MemberHead, ReleasesState } from '../domain/release/releases-state';
import type { ReleaseSpec } from '../domain/release/spec';
import type { RolloutOutcome } from '../domain/rollout-status';
import type { Percent } from '../domain/strategy';
import type { Accepted, Request } from './application';

export { releaseId, releasesId } from '../domain/release/id';
export type { MemberHead, ReleasesState } from '../domain/release/releases-state';

/** Workflow type of the one entity of a release's name: it knows the members, gathers commits, and starts one release at a time. */
export const releasesWorkflow = 'releases';
/** Workflow type of one release. */
export const releaseWorkflow = 'release';

/** One release: its members with their revisions are in the state from the beginning. */
export interface ReleaseInput {
  readonly state: ReleaseState;
}

/** What `releases` keeps across continue-as-new. */
export interface ReleasesInput {
  readonly name: string;
  readonly state?: ReleasesState;
}

/** Application → releases: who I am and what my Git says, whenever either changes (by signal-with-start). */
export const memberSignal = defineSignal<[MemberHead]>('member');
/** Application → releases: I have been deleted, or belong to no release any more. */
export const memberGoneSignal = defineSignal<[{ readonly application: string }]>('memberGone');
/** Releases → application: a release file names you. */
export const joinReleaseSignal = defineSignal<[{ readonly release: string }]>('joinRelease');
/** Releases → application: no release file names you any more. */
export const leaveReleaseSignal = defineSignal<[{ readonly release: string }]>('leaveRelease');

/** Release → application. */
export const directiveSignal = defineSignal<[Directive]>('directive');
/** Application → release. */
export const memberReportSignal = defineSignal<[MemberReport]>('memberReport');

/** Rollout → application: all users' traffic is on the new version and the old one is whole (`ready`), or traffic is back (`trafficBack`). */
export const rolloutGateSignal = defineSignal<[RolloutGate]>('rolloutGate');
export interface RolloutGate {
  readonly workload: string;
  readonly rolloutId: string;
  readonly at: 'ready' | 'trafficBack';
  /** With `trafficBack`: why it goes back, as it will end. */
  readonly outcome?: RolloutOutcome;
}
/** Application → rollout: go on from the gate: `ready` → stable adopts the new pods; `trafficBack` → objects and hooks go back. */
export const passGateSignal = defineSignal<[{ readonly at: RolloutGate['at'] }]>('passGate');

/** Rollout → release, in lockstep: I would set this weight next; told again whenever that changes, and `done` at the end. */
export const weightWantedSignal = defineSignal<[WeightWanted]>('weightWanted');
export interface WeightWanted {
  /** Workflow id of the rollout. */
  readonly rollout: string;
  readonly application: string;
  readonly weight: Percent | 'done';
}
/** Release → rollout, in lockstep: weights up to this one may be set. */
export const weightGrantedSignal = defineSignal<[{ readonly weight: Percent }]>('weightGranted');

/** Releases ← people: take over a release file, or drop it. Refused with the problems in words. */
export const declareUpdate = defineUpdate<Accepted, [ReleaseSpec]>('declare');
export const dropUpdate = defineUpdate<Accepted, [Request]>('drop');
/** Releases ← people: release now what Git says; members without automated sync come out this way only. */
export const releaseNowUpdate = defineUpdate<Accepted, [Request]>('releaseNow');
/** Releases ← people: deploy the failed release again; undo the last good one, in Git and in the cluster. */
export const retryReleaseUpdate = defineUpdate<Accepted, [Request]>('retry');
export const undoReleaseUpdate = defineUpdate<Accepted, [Request]>('undo');
export const releasesQuery = defineQuery<ReleasesState>('status');

/** Release ← people. */
export const pauseReleaseUpdate = defineUpdate<Accepted, [Request]>('pause');
export const resumeReleaseUpdate = defineUpdate<Accepted, [Request]>('resume');
/** Ends the bake. */
export const promoteReleaseUpdate = defineUpdate<Accepted, [Request]>('promote');
export const abortReleaseUpdate = defineUpdate<Accepted, [Request]>('abort');
/** The same meaning as a signal: accepted with no worker alive, and what `releases` says when a newer commit restarts it. */
export const abortReleaseSignal = defineSignal<[Request & { readonly newer?: string }]>('abortRequested');
export const releaseStatusQuery = defineQuery<ReleaseState>('status');
/** Release → releases: it has ended. */
export const releaseEndedSignal = defineSignal<[ReleaseState]>('releaseEnded');

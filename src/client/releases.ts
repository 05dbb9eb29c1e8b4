import type { UpdateDefinition } from '@temporalio/common';
import type { ReleaseSpec } from '../domain/release/spec';
import type { Accepted, Request } from '../messages/application';
import * as release from '../messages/release';
import { planOfRelease, type PlannedRelease } from './release-plan';
import { askRelease, askReleases, declareRelease } from './release-requests';
import { listReleases, releaseStatus, type ListedRelease, type ReleaseStatus } from './release-status';
import { waitForRelease } from './release-wait';
import type { Answer, Reason, RolloutRequest } from './requests';
import type { Session } from './session';
import type { WaitOptions } from './wait-for';

/**
 * Everything a person can ask of releases. A `target` is a release's name, or `NAME/7` for the seventh of it. Every method fails with a
 * `ClientError`.
 */
export interface ReleaseClient {
  list(): Promise<readonly ListedRelease[]>;
  status(target: string): Promise<ReleaseStatus>;
  /** What a release would do if it began now; with `objects` also what would change in the cluster, and what would be refused. */
  plan(name: string, options?: { readonly objects?: boolean }): Promise<PlannedRelease>;
  /** Declares a release by its specification; one that is there gets the new one. */
  declare(spec: ReleaseSpec): Promise<Answer>;
  /** Takes a declaration back; the applications stay as they are. */
  drop(name: string, why?: Reason): Promise<Answer>;
  /** Releases what Git says now. */
  start(name: string, why?: Reason): Promise<Answer>;
  retry(name: string, why?: Reason): Promise<Answer>;
  undo(name: string, why?: Reason): Promise<Answer>;
  pause(target: string, why?: Reason): Promise<Answer>;
  resume(target: string, why?: Reason): Promise<Answer>;
  /** Ends the bake. */
  promote(target: string, why?: Reason): Promise<Answer>;
  /** With no worker alive the request is recorded. */
  abort(target: string, why?: Reason): Promise<Answer>;
  waitFor(
    name: string,
    predicate: (status: ReleaseStatus) => boolean,
    options: WaitOptions,
  ): Promise<ReleaseStatus>;
}

/** The part of the façade that is about releases. */
export function createReleaseClient(session: Session): ReleaseClient {
  const { requestedBy } = session;
  const toName =
    (definition: UpdateDefinition<Accepted, [Request]>) =>
    (name: string, why: Reason = {}) =>
      askReleases(session, name, { definition, argument: { requestedBy, ...why } });
  const toRelease =
    (request: Omit<RolloutRequest, 'argument'>) =>
    (target: string, why: Reason = {}) =>
      askRelease(session, target, { ...request, argument: { requestedBy, ...why } });
  return {
    list: () => listReleases(session),
    status: (target) => releaseStatus(session, target),
    plan: (name, options) => planOfRelease(session, name, options),
    declare: (spec) => declareRelease(session, spec),
    drop: toName(release.dropUpdate),
    start: toName(release.releaseNowUpdate),
    retry: toName(release.retryReleaseUpdate),
    undo: toName(release.undoReleaseUpdate),
    pause: toRelease({ definition: release.pauseReleaseUpdate }),
    resume: toRelease({ definition: release.resumeReleaseUpdate }),
    promote: toRelease({ definition: release.promoteReleaseUpdate }),
    abort: toRelease({ definition: release.abortReleaseUpdate, fallback: release.abortReleaseSignal }),
    waitFor: (name, predicate, options) => waitForRelease(session, name, { ...options, predicate }),
  };
}

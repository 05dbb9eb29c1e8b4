import type { ApplicationSpec } from '../domain/application-spec';
import type { ApplicationStatus } from '../domain/application-status';
import type { ApplicationDiff } from '../domain/diff/application-diff';
import type { DoctorReport } from '../domain/doctor/report';
import type { RolloutStatus } from '../domain/rollout-status';
import * as application from '../messages/application';
import * as rollout from '../messages/rollout';
import type { CheckResult } from '../messages/check';
import type { ChildrenResult } from '../messages/children';
import { applicationStatus, createApplication, recoverApplication, type Created } from './applications';
import { checkApplication, type CheckOptions } from './checks';
import { childrenOf } from './children';
import { diffApplication } from './diff';
import { examine } from './doctor';
import type { Endpoint } from './endpoint';
import { findLastRollout } from './find-rollouts';
import { listApplications, type ListedApplication } from './list-applications';
import { previewUndo, type UndoPreview } from './preview-undo';
import { createReleaseClient, type ReleaseClient } from './releases';
import { askApplication, askRollout, type Answer, type Reason, type RolloutRequest } from './requests';
import { query, type Session } from './session';
import { rolloutSubject } from './subjects';
import { waitFor, type WaitOptions } from './wait-for';

/**
 * Everything a person can ask of Belay. A `target` is an application, `application/workload` when several rollouts are in
 * progress, or a rollout's workflow id. Every method fails with a `ClientError`.
 */
export interface BelayClient {
  readonly endpoint: Endpoint;
  readonly releases: ReleaseClient;
  createApplication(spec: ApplicationSpec): Promise<Created>;
  /** Starts an application that is lost with the state that is known of it. False: it runs, and is left alone. */
  recoverApplication(
    known: Required<Pick<application.ApplicationInput, 'spec' | 'state'>>,
    options?: { readonly dryRun?: boolean },
  ): Promise<boolean>;
  listApplications(): Promise<ListedApplication[]>;
  applicationStatus(name: string): Promise<ApplicationStatus>;
  /** What differs between the cluster and a commit, branch or tag; default: the good revision. */
  diffApplication(name: string, revision?: string): Promise<ApplicationDiff>;
  /** What a sync to a revision would find before its first write. */
  checkApplication(name: string, options: CheckOptions): Promise<CheckResult>;
  /** The Applications that the path of a parent (an app of apps) holds. */
  childrenOf(parent: ApplicationSpec): Promise<ChildrenResult>;
  /** The rollout in progress, or the last one. */
  rolloutStatus(target: string): Promise<RolloutStatus>;
  /** With no worker alive the request is recorded. */
  pause(target: string, why?: Reason): Promise<Answer>;
  resume(target: string, why?: Reason): Promise<Answer>;
  promote(target: string, why?: Reason): Promise<Answer>;
  promoteFull(target: string, why?: Reason): Promise<Answer>;
  /** With no worker alive the request is recorded. */
  abort(target: string, why?: Reason): Promise<Answer>;
  retry(name: string, why?: Reason): Promise<Answer>;
  undo(name: string, options?: Asked<application.UndoRequest>): Promise<Answer>;
  /** What `undo` would write to Git. */
  previewUndo(name: string, toRevision?: string): Promise<UndoPreview>;
  sync(name: string, options?: Asked<application.SyncRequest>): Promise<Answer>;
  delete(name: string, options: Asked<application.DeleteRequest>): Promise<Answer>;
  waitFor(
    name: string,
    predicate: (status: ApplicationStatus) => boolean,
    options: WaitOptions,
  ): Promise<ApplicationStatus>;
  /** What is not as it should be with the installation and its workflows, as of `now` (epoch milliseconds). */
  doctor(now: number): Promise<DoctorReport>;
  close(): Promise<void>;
}

/** A request without the name of who asks. */
export type Asked<T extends application.Request> = Omit<T, 'requestedBy'>;

/** The façade over an open session. */
export function createBelayClient(session: Session, endpoint: Endpoint): BelayClient {
  const { requestedBy } = session;
  const signed = <T extends object>(request: T) => ({ requestedBy, ...request });
  const toRollout =
    (request: Omit<RolloutRequest, 'argument'>) =>
    (target: string, why: Reason = {}) =>
      askRollout(session, target, { ...request, argument: signed(why) });
  return {
    endpoint,
    releases: createReleaseClient(session),
    createApplication: (spec) => createApplication(session, spec),
    recoverApplication: (known, options) => recoverApplication(session, known, options),
    listApplications: () => listApplications(session),
    applicationStatus: (name) => applicationStatus(session, name),
    diffApplication: (name, revision) => diffApplication(session, name, revision),
    checkApplication: (name, options) => checkApplication(session, name, options),
    childrenOf: (parent) => childrenOf(session, parent),
    rolloutStatus: async (target) => {
      const workflowId = await findLastRollout(session, target);
      return query(session, rolloutSubject(workflowId, target), rollout.rolloutStatusQuery);
    },
    pause: toRollout({ definition: rollout.pauseUpdate, fallback: rollout.pauseSignal }),
    resume: toRollout({ definition: rollout.resumeUpdate }),
    promote: toRollout({ definition: rollout.promoteUpdate }),
    promoteFull: toRollout({ definition: rollout.promoteFullUpdate }),
    abort: toRollout({ definition: rollout.abortUpdate, fallback: rollout.abortSignal }),
    retry: (name, why = {}) =>
      askApplication(session, name, { definition: application.retryUpdate, argument: signed(why) }),
    undo: (name, options = {}) =>
      askApplication(session, name, { definition: application.undoUpdate, argument: signed(options) }),
    previewUndo: (name, toRevision) => previewUndo(session, name, toRevision),
    sync: (name, options = {}) =>
      askApplication(session, name, { definition: application.syncUpdate, argument: signed(options) }),
    delete: (name, options) =>
      askApplication(session, name, { definition: application.deleteUpdate, argument: signed(options) }),
    waitFor: (name, predicate, options) => waitFor(session, name, { ...options, predicate }),
    doctor: (now) => examine(session, now),
    close: () => session.connection.close(),
  };
}

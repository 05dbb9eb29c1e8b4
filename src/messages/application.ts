import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application-spec';
import type { ApplicationStatus } from '../domain/application-status';
import type { ApplicationState } from '../domain/application-state';
import type { HealthSummary } from '../domain/health';
import type { RolloutOutcome } from '../domain/rollout-status';
import type { WorkloadPlan } from '../domain/revision-plan';
import type { Problem } from '../domain/problem';
import type { PullRequest } from '../ports/forge';

/** Workflow type of an application: one entity per application, see `workflows/application.ts`. */
export const applicationWorkflow = 'application';

/** `app/<name>`: the name is unique in a Temporal namespace. */
export function applicationId(name: string): string {
  return `app/${name}`;
}

/** The application's name in a workflow id, or undefined for other ids. */
export function applicationOfId(workflowId: string): string | undefined {
  return workflowId.startsWith('app/') ? workflowId.slice('app/'.length) : undefined;
}

/** What `application` starts with; `state` is there after a continue-as-new or a recovery. */
export interface ApplicationInput {
  readonly spec: ApplicationSpec;
  readonly state?: ApplicationState;
  /** After a continue-as-new with restarts to come: the workloads of the revision that was synced last. */
  readonly delivered?: readonly WorkloadPlan[];
}

/** Who asks and why; `requestedBy` is a claim unless an authenticated server set it. */
export interface Request {
  readonly requestedBy: string;
  readonly reason?: string;
}

export interface SyncRequest extends Request {
  /** Another revision than the tracked one: only for applications without automated sync. */
  readonly revision?: string;
  readonly prune?: boolean;
  /** Only these objects, as `apps:Deployment:shop/web`; hooks do not run, and it is no entry of the history (Argo CD). */
  readonly resources?: readonly string[];
  /** Objects that ask for it by `Prune=confirm` may go. */
  readonly confirmPrune?: boolean;
}

export interface UndoRequest extends Request {
  /** A revision of the history; default: the good one before the current. */
  readonly toRevision?: string;
}

/** What an accepted request answers: a sentence for the person who asked. */
export interface Accepted {
  readonly message: string;
}

export const statusQuery = defineQuery<ApplicationStatus>('status');

export const configureUpdate = defineUpdate<Accepted, [ApplicationSpec]>('configure');
export const syncUpdate = defineUpdate<Accepted, [SyncRequest]>('sync');
export const retryUpdate = defineUpdate<Accepted, [Request]>('retry');
export const undoUpdate = defineUpdate<Accepted, [UndoRequest]>('undo');
export const deleteUpdate = defineUpdate<Accepted, [DeleteRequest]>('delete');

export interface DeleteRequest extends Request {
  /** Delete the objects in the cluster too. */
  readonly cascade: boolean;
  /** Do not wait for a rollback in progress. */
  readonly now?: boolean;
  /** Objects that ask for it by `Delete=confirm` may go. */
  readonly confirmed?: boolean;
}

/** Git observer → application: the tracked ref names this revision now (level-triggered). */
export const gitChangedSignal = defineSignal<[GitChanged]>('gitChanged');
export type GitChanged =
  | {
      readonly kind: 'revision';
      readonly revision: string;
      readonly branch?: string;
      /** Which of its sources; absent: the primary one. */
      readonly source?: number;
      /** The revision that was told before: what the application uses is the same at both. */
      readonly same?: string;
    }
  | { readonly kind: 'problem'; readonly problem: Problem; readonly source?: number };

/** Cluster observer → application: something of yours may differ from what was applied. */
export const clusterChangedSignal = defineSignal<[ClusterChanged]>('clusterChanged');
export interface ClusterChanged {
  /** `Deployment shop/web`, for people; at most 20. */
  readonly objects: readonly string[];
}

/**
 * Cluster observer → application: how its live objects are together, whenever that changes. Level-triggered: the newest counts, and the
 * same may be told twice. Objects that are in Git and not live are not known to the observer, nor what a rollout or a hook has made.
 */
export const healthChangedSignal = defineSignal<[HealthChanged]>('healthChanged');
export interface HealthChanged extends HealthSummary {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Rollout → application: the end of a rollout. */
export const rolloutEndedSignal = defineSignal<[RolloutEnded]>('rolloutEnded');
export interface RolloutEnded {
  readonly workload: string;
  readonly rolloutId: string;
  readonly outcome: RolloutOutcome;
}

/** Repository → application: Git does not take the restore now; it is tried again, and this is why it takes so long. */
export const restoreDelayedSignal = defineSignal<[RestoreDelayed]>('restoreDelayed');
export interface RestoreDelayed {
  readonly requestId: string;
  readonly problem: Problem;
}

/** Repository → application: the answer to a restore request. */
export const restoreEndedSignal = defineSignal<[RestoreEnded]>('restoreEnded');
export interface RestoreEnded {
  readonly requestId: string;
  readonly result: RestoreEnd;
}

/** What the writer of a branch has done. */
export type RestoreEnd =
  | {
      readonly kind: 'pushed' | 'already' | 'superseded';
      readonly revision: string;
      readonly alsoReverted?: readonly string[];
    }
  /** The commit lies on a branch of its own, and a pull request asks to merge it. */
  | {
      readonly kind: 'proposed';
      readonly revision: string;
      readonly head: string;
      readonly pullRequest: PullRequest;
      /** Why it was not pushed, where that was tried. */
      readonly why?: string;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

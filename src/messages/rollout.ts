import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RolloutSpec, RolloutStatus } from '../domain/rollout-status';
import type { Accepted, Request } from './application';

/** Workflow type of a rollout. */
export const rolloutWorkflow = 'rollout';

/** Names the one rollout a workload can have at a time. */
export interface RolloutKey {
  /** UID of the cluster's `kube-system` namespace, shortened. */
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

/** `rollout/<cluster>/<namespace>/<kind>/<name>`, e.g. `rollout/8f3c21d0/shop/deployment/web`. */
export function rolloutWorkflowId({ cluster, namespace, kind, name }: RolloutKey): string {
  return `rollout/${cluster}/${namespace}/${kind.toLowerCase()}/${name}`;
}

export interface RolloutInput {
  readonly spec: RolloutSpec;
  /** `recover`: an earlier rollout was terminated; bring traffic back and clean up. */
  readonly mode: 'forward' | 'recover';
}

export const rolloutStatusQuery = defineQuery<RolloutStatus>('status');

export const pauseUpdate = defineUpdate<Accepted, [Request]>('pause');
export const resumeUpdate = defineUpdate<Accepted, [Request]>('resume');
/** Ends the current pause step. */
export const promoteUpdate = defineUpdate<Accepted, [Request]>('promote');
/** Skips all remaining steps; availability is still waited for. */
export const promoteFullUpdate = defineUpdate<Accepted, [Request]>('promoteFull');
export const abortUpdate = defineUpdate<Accepted, [Request]>('abort');

/** The same meanings as signals: accepted with no worker alive. */
export const pauseSignal = defineSignal<[Request]>('pauseRequested');
export const abortSignal = defineSignal<[Request]>('abortRequested');
export const resumeSignal = defineSignal<[Request]>('resumeRequested');

/** Application → rollout: a newer version is there; go back without blame. */
export const supersedeSignal = defineSignal<[{ readonly revision: string }]>('supersede');

/** Who has paused a rollout by `spec.paused`. */
export const pausedInGit = 'spec.paused';

/** Application → rollout: a newer revision holds the same version; what it says otherwise is taken over, and only what has changed. */
export const adjustSignal = defineSignal<[Adjustment]>('adjust');
export interface Adjustment {
  /** Undefined: Git leaves the count to somebody else. */
  readonly replicas?: number;
  /** `spec.paused`. */
  readonly isPaused: boolean;
}

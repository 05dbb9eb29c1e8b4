import type { KubeObject } from './kube-object';
import type { Millis } from './strategy';

/** Why pods of a new version are given up: a closed list, shared with status and search attributes. */
export type FailureCode =
  /** The image does not exist, may not be pulled or is not acceptable. */
  | 'ImagePull'
  /** The image's name cannot be parsed. */
  | 'InvalidImage'
  /** The registry cannot be reached, limits us or fails. */
  | 'Registry'
  | 'CrashLoop'
  | 'OOMKilled'
  /** A ConfigMap, a Secret or a key of one is not there. */
  | 'MissingConfig'
  /** The container cannot be created or started, or its post-start hook fails. */
  | 'RunError'
  | 'Unschedulable'
  | 'Quota'
  /** The API server refuses the pods for another reason than quota: admission, Pod Security, limits. */
  | 'Refused'
  /** The node cannot set up the pod: network, volumes' plumbing, container runtime. */
  | 'Sandbox';

/** How long each kind of trouble that may pass by itself is given. */
export interface Grace {
  readonly registry: Millis;
  readonly unschedulable: Millis;
  /** Unschedulable while an autoscaler adds a node or the scheduler evicts others for the pod. */
  readonly nodeComing: Millis;
  readonly sandbox: Millis;
  readonly quota: Millis;
  /** Quota while old pods, which count in it, are still going away. */
  readonly quotaWhileTerminating: Millis;
  readonly refused: Millis;
  /** Configuration that something in the same revision can still create. */
  readonly missingConfig: Millis;
}

/** The defaults. Tools that only wait for progressDeadlineSeconds give every one of these 600 s. */
export const GRACE: Grace = {
  registry: 60_000,
  unschedulable: 60_000,
  nodeComing: 300_000,
  sandbox: 60_000,
  quota: 10_000,
  quotaWhileTerminating: 60_000,
  refused: 10_000,
  missingConfig: 60_000,
};

/** When a pod was first seen in a trouble, in epoch milliseconds; pass it back unchanged with the next look. */
export type FirstSeen = Readonly<Record<string, number>>;

/** What one look at the pods of a version found. */
export interface PodsSeen {
  readonly pods: readonly KubeObject[];
  /** `v1` Events about these pods or their ReplicaSets. */
  readonly events: readonly KubeObject[];
  /** The version's ReplicaSets; without them, FailedCreate is read from events. */
  readonly replicaSets?: readonly KubeObject[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly firstSeen: FirstSeen;
  /** `ConfigMap/name` and `Secret/name` that something in the same revision can create. */
  readonly generated?: readonly string[];
  /** `ConfigMap/name` and `Secret/name` that exist in the namespace. */
  readonly existing?: readonly string[];
  /** The stable version's pods fail too, so that these failures need not be the new version's. */
  readonly stableAlsoFails?: boolean;
  /** Old pods in the namespace are going away; by default, whether any of `pods` is. */
  readonly arePodsTerminating?: boolean;
  readonly grace?: Partial<Grace>;
}

/** The outcome of one look. `ok`: every pod that counts is ready. Nothing here knows the rollout's own deadline. */
export type PodVerdict = (PodsOk | PodsWaiting | PodsFailed) & { readonly firstSeen: FirstSeen };

export interface PodsOk {
  readonly kind: 'ok';
}

export interface PodsWaiting {
  readonly kind: 'waiting';
  readonly reason: string;
  readonly message: string;
  readonly since: number;
  /** When this becomes a failure by itself; absent: only the rollout's deadline ends it. */
  readonly until?: number;
}

export interface PodsFailed {
  readonly kind: 'failed';
  readonly code: FailureCode;
  /** `Pod web-1` or `ReplicaSet web-5c9d`. */
  readonly object: string;
  readonly pod?: string;
  readonly container?: string;
  /** As Kubernetes spells it: `ImagePullBackOff`. */
  readonly reason: string;
  /** The kubelet's (scheduler's, API server's) own words, shortened. */
  readonly message: string;
  /** What, where, their words, and what to do, for a person at 3 a.m. */
  readonly sentence: string;
}

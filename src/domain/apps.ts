import type { KubeObject, ObjectMeta } from './kube-object';

/** The parts of `apps/v1` and `v1` objects that rollouts read; the API server has checked their shapes. */
export interface DeploymentObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly selector: { readonly matchLabels?: Labels; readonly matchExpressions?: readonly unknown[] };
    readonly template: PodTemplate;
    readonly minReadySeconds?: number;
    readonly progressDeadlineSeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly strategy?: { readonly type?: string };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface ReplicaSetObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Labels };
    readonly template: PodTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface ServiceObject extends KubeObject {
  readonly spec: { readonly selector?: Labels; readonly type?: string };
}

export interface EndpointSliceObject extends KubeObject {
  readonly endpoints?: readonly {
    readonly conditions?: { readonly ready?: boolean; readonly terminating?: boolean };
    readonly targetRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  }[];
}

export interface PodTemplate {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export type Labels = Readonly<Record<string, string>>;

/** Narrowing by the caller's knowledge of the kind; shapes are the API server's promise. */
export function asDeployment(object: KubeObject): DeploymentObject {
  return object as DeploymentObject;
}
export function asReplicaSet(object: KubeObject): ReplicaSetObject {
  return object as ReplicaSetObject;
}
export function asService(object: KubeObject): ServiceObject {
  return object as ServiceObject;
}
export function asEndpointSlice(object: KubeObject): EndpointSliceObject {
  return object;
}

/** Whether every label of `selector` is among `labels`. An empty selector matches nothing (as in a Service). */
export function matches(selector: Labels | undefined, labels: Labels | undefined): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value);
}

/** Whether `owner` is the controller of `object`. */
export function isOwnedBy(object: KubeObject, owner: KubeObject | undefined): boolean {
  return (
    owner !== undefined &&
    (object.metadata.ownerReferences ?? []).some(
      (ref) => ref.uid === owner.metadata.uid && ref.controller === true,
    )
  );
}

/** Whether the controller has seen the newest spec of this object. */
export function isObserved(object: DeploymentObject | ReplicaSetObject): boolean {
  return (object.status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
}

/** A Pod's Ready condition. */
export function isReady(pod: KubeObject): boolean {
  const status = pod['status'] as { readonly conditions?: readonly Condition[] } | undefined;
  return (status?.conditions ?? []).some((each) => each.type === 'Ready' && each.status === 'True');
}

import type { KubeObject, ObjectRef } from '../domain/kube-object';
import type { PortError } from './port-error';
import type { Capabilities } from './render';

/** A kind of object, by its API version. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Options of every write. `manager` is the field manager: `belay` for what Git says, `belay-rollout` for what a rollout sets. */
export interface Write {
  readonly manager: string;
  readonly dryRun?: boolean;
  /** False: unknown and duplicate fields are let pass (`Validate=false`). */
  readonly validate?: boolean;
  readonly signal?: AbortSignal;
}

export interface Deletion {
  readonly propagation: 'Orphan' | 'Background' | 'Foreground';
  /** Delete only this very object. */
  readonly uid?: string;
  readonly signal?: AbortSignal;
}

/** One page of a pod. */
export interface PodRequest {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** Begins with a slash. */
  readonly path: string;
}

/** How an eviction was answered. */
export type Evicted =
  | { readonly kind: 'evicted' }
  /** It is not there any more, or another pod has its name. */
  | { readonly kind: 'gone' }
  /** Not now; the same request may be granted later. */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * One Kubernetes cluster. Every call is one request and throws PortError: `Conflict` (409 on a resourceVersion), `Invalid` (422),
 * `ImmutableField`, `Forbidden`, `Unauthenticated`, `Unreachable`, `Throttled`, `KindNotFound`, `NotFound` where said.
 */
export interface Cluster {
  /** First 8 digits of the UID of the `kube-system` namespace. */
  readonly id: string;
  readonly server: string;
  /** The object, or undefined when it does not exist. */
  get(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject | undefined>;
  list(kind: Kind, options?: ListOptions): Promise<readonly KubeObject[]>;
  /** POST; `Conflict` when it exists already. */
  create(object: KubeObject, write: Write): Promise<KubeObject>;
  /** Server-side apply, forced, with strict field validation; a `resourceVersion` in the object is a precondition. */
  apply(object: KubeObject, write: Write): Promise<KubeObject>;
  /** PUT: the whole object, which drops what it does not say; a `resourceVersion` in it is a precondition. */
  replace(object: KubeObject, write: Write): Promise<KubeObject>;
  /** JSON merge patch; a `metadata.resourceVersion` in it is a precondition. `NotFound` when there is nothing to patch. */
  patch(ref: ObjectRef, patch: object, write: Write): Promise<KubeObject>;
  /** True when it was there. */
  remove(ref: ObjectRef, deletion: Deletion): Promise<boolean>;
  /** Asks for this very pod to go, by the Eviction API: PodDisruptionBudgets have their say. */
  evict(pod: ObjectRef, uid: string, signal?: AbortSignal): Promise<Evicted>;
  /** What a pod answers to a GET, through the API server; at most 4 MiB. `NotFound` when there is no such pod. */
  readPod(request: PodRequest, signal?: AbortSignal): Promise<string>;
  /** Whether objects of this kind live in namespaces. `KindNotFound` for kinds that the server does not know. */
  isNamespaced(kind: Kind): Promise<boolean>;
  /** What the server is and serves, as Helm's `.Capabilities`; kept for some minutes, and asked anew after a CRD was written here. */
  capabilities(): Promise<Capabilities>;
  /**
   * A live view of objects of one namespace, by default of Deployments and what is theirs; shared, closed by its last user. `about` names
   * a workload: changes of other workloads' objects do not end the wait of `change`.
   */
  view(namespace: string, kinds?: readonly ViewKind[], about?: string): NamespaceView;
  /**
   * Calls back for every change of objects of `kinds` that carry the label, in all namespaces, until `signal` aborts. A kind that the
   * server does not know or forbids is told as `FAILED` and tried again after a while; the others go on.
   */
  observe(
    kinds: readonly Kind[],
    labelSelector: string,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** The same cluster as another user sees it (`system:serviceaccount:<namespace>:<name>`), which the worker's account must be allowed to act as. */
  as(user: string): Cluster;
  /** Ends every watch at once. */
  close(): void;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly signal?: AbortSignal;
}

/** What an observation tells. */
export type WatchEvent =
  /** `LISTED`: seen at the (re)start of its kind. */
  | { readonly type: 'LISTED' | 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  /** The list of this kind is complete: what was not in it is gone. */
  | { readonly type: 'SYNCED'; readonly kind: Kind }
  /** This kind cannot be watched now: `KindNotFound`, `Forbidden`, or the server is in trouble. It is tried again by itself. */
  | { readonly type: 'FAILED'; readonly kind: Kind; readonly error: PortError };

/** The asked-for kinds of a namespace, kept current by watches; a kind is watched from its first user on. */
export interface NamespaceView {
  /** Resolves when every asked-for kind has been listed. Rejects with PortError when that is refused. */
  ready(signal?: AbortSignal): Promise<void>;
  objects(kind: ViewKind): readonly KubeObject[];
  /** Takes in the answer of an own write, so that the next look is not older than it. */
  note(object: KubeObject): void;
  /** Resolves at the next change, or after `ms`. */
  change(ms: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

export type ViewKind =
  | 'Deployment'
  | 'ReplicaSet'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'ControllerRevision'
  | 'Pod'
  | 'Service'
  | 'EndpointSlice'
  | 'Event';

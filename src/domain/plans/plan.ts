import type { DeploymentObject } from '../apps';
import { type KubeObject, type ObjectRef, refOf } from '../kube-object';
import { marks } from '../marks';
import type { TrafficRouting } from '../routing/spec';

/** One effect on the cluster; each may be repeated, and each is refused by the API server if the object has changed meanwhile. */
export type Action =
  /** JSON merge patch as `belay-rollout`, sent with the resourceVersion that the plan has seen. */
  | { readonly kind: 'patch'; readonly ref: ObjectRef; readonly patch: object; readonly why: string }
  /** Make `<workload>-canary` with no pods. */
  | { readonly kind: 'createCanary'; readonly why: string }
  /** Server-side apply of the new version to the stable Deployment, which stays paused and keeps `replicas`. */
  | {
      readonly kind: 'applyStable';
      readonly replicas: number;
      readonly resourceVersion: string;
      readonly paused: boolean;
      readonly why: string;
    }
  /** An object that exists for the time of the rollout, e.g. nginx's canary Ingress; refused when it is there already. */
  | { readonly kind: 'create'; readonly object: KubeObject; readonly why: string }
  | {
      readonly kind: 'delete';
      readonly ref: ObjectRef;
      readonly uid: string;
      readonly propagation: 'Orphan' | 'Background';
      readonly why: string;
    };

/** What to do next, derived from the live objects alone: act, wait for the cluster, or stop. */
export type PlanOf<A> =
  | { readonly kind: 'act'; readonly actions: readonly A[] }
  /** `for` is one sentence for the person who asks why it waits. `isCalm`: nothing is missing, only time has to pass. */
  | { readonly kind: 'wait'; readonly for: string; readonly isCalm?: boolean }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: string; readonly sentence: string };

/** A plan of a Deployment's rollout. */
export type Plan = PlanOf<Action>;

/** Facts that every plan of a rollout needs. */
export interface PlanContext {
  readonly workload: string;
  readonly rolloutId: string;
  /** Every write of this activity carries it. */
  readonly fence: number;
  /** Wanted pods of the workload as a whole; undefined: as many as stable has now. */
  readonly replicas: number | undefined;
  /** Services with a role of their own; a Service without one matches both versions. */
  readonly stableService?: string | undefined;
  readonly canaryService?: string | undefined;
  readonly application: string;
  readonly namespace: string;
  /** Undefined: the ratio of the pods carries the weight. */
  readonly routing?: TrafficRouting | undefined;
  /** With a router, stable keeps its whole size, unless it shrinks as the weight grows. */
  readonly dynamicStableScale?: boolean | undefined;
  /** Users are switched from one whole version to another. */
  readonly isBlueGreen?: boolean | undefined;
  /**
   * The old version stands by at full size beside the new one although pods carry the weight, as in a release: Services that select the
   * pods of both are kept off one of them for that time.
   */
  readonly standsBy?: boolean | undefined;
}

/** A fenced patch of an object that the plan has seen. */
export function patchOf(
  object: KubeObject,
  fence: number,
  patch: { metadata?: object; spec?: object },
  why: string,
): Action {
  const metadata = {
    ...patch.metadata,
    resourceVersion: object.metadata.resourceVersion,
    annotations: {
      ...(patch.metadata as { annotations?: object } | undefined)?.annotations,
      [marks.fence]: String(fence),
    },
  };
  return { kind: 'patch', ref: refOf(object), patch: { ...patch, metadata }, why };
}

/** Whether stable keeps its whole size during a rollout, so that its live count is an autoscaler's newest wish. */
export function isStableWhole({
  routing,
  dynamicStableScale,
  isBlueGreen,
}: Pick<PlanContext, 'routing' | 'dynamicStableScale' | 'isBlueGreen'>): boolean {
  return isBlueGreen === true || (routing !== undefined && dynamicStableScale !== true);
}

/**
 * Wanted pods of the workload as a whole: Git's count, else the live one where stable is always whole, else what it had when it was
 * paused, else what it has.
 */
export function wantedPods(context: PlanContext, stable: DeploymentObject): number {
  const { replicas } = context;
  if (replicas === undefined && isStableWhole(context)) return stable.spec.replicas ?? 1;
  const noted = stable.metadata.annotations?.[marks.wanted];
  return replicas ?? (noted === undefined ? undefined : Number(noted)) ?? stable.spec.replicas ?? 1;
}

/** Pauses stable for the time of a rollout and notes its size. */
export function pauseStable(stable: DeploymentObject, fence: number): Action {
  const annotations = { [marks.wanted]: String(stable.spec.replicas ?? 1) };
  const why = `pause ${stable.metadata.name} with its old template`;
  return patchOf(stable, fence, { metadata: { annotations }, spec: { paused: true } }, why);
}

/** Ends the pause, and forgets the size; undefined when there is nothing to end. */
export function unpauseStable(stable: DeploymentObject, fence: number): Action | undefined {
  if (stable.spec.paused !== true && stable.metadata.annotations?.[marks.wanted] === undefined)
    return undefined;
  const patch = { metadata: { annotations: { [marks.wanted]: null } }, spec: { paused: null } };
  return patchOf(stable, fence, patch, `un-pause ${stable.metadata.name}`);
}

/** `<workload>-canary` if it is Belay's; a Deployment of somebody else under that name is left alone. */
export function ownCanary(
  { canary }: { readonly canary: DeploymentObject | undefined },
  { workload }: PlanContext,
): DeploymentObject | undefined {
  return canary?.metadata.labels?.[marks.canaryOf] === workload ? canary : undefined;
}

/** `act` when there is something to do, else undefined: lets plans read as a list of conditions. */
export function act<A = Action>(...actions: readonly (A | undefined)[]): PlanOf<A> | undefined {
  const wanted = actions.filter((action) => action !== undefined);
  return wanted.length === 0 ? undefined : { kind: 'act', actions: wanted };
}

export function waitFor(what: string): PlanOf<never> & { readonly kind: 'wait' } {
  return { kind: 'wait', for: what };
}

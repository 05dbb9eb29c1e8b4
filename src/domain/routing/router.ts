import type { KubeObject, ObjectRef } from '../kube-object';
import type { HeaderMatch, RouteMatch } from './matches';
import type { RouterSpec } from './spec';

/** What the router shall do: small JSON, written on the objects it changes (`belay.dev/route`), so that a sync composes the same. */
export interface RouteGoal {
  /** The workload: name of the canary's own objects. */
  readonly workload: string;
  /** Namespace of the workload and its Services; needed only where routes are in another one. */
  readonly namespace?: string;
  readonly stableService: string;
  readonly canaryService: string;
  /** Share of the canary, 0 to `maxWeight`. */
  readonly weight: number;
  readonly maxWeight: number;
  /** `pod-template-hash` of each side, for routers that select pods themselves (Istio subsets). */
  readonly stableHash?: string;
  readonly canaryHash?: string;
  readonly headerRoutes: readonly { readonly name: string; readonly match: readonly HeaderMatch[] }[];
  readonly mirrorRoutes: readonly {
    readonly name: string;
    readonly percentage?: number;
    readonly match: readonly RouteMatch[];
  }[];
  /** Order of header and mirror routes. */
  readonly managedRoutes: readonly string[];
}

/** An object that a router changes (`edit`), or has for the time of a rollout only (`own`): made when it is missing, deleted at the end. */
export interface RouterObject {
  readonly ref: ObjectRef;
  readonly life: 'edit' | 'own';
  /** Always there for `own`: the object of the team that it is made from, e.g. nginx's stable Ingress. */
  readonly from?: ObjectRef;
}

/** A composition, or why the object cannot carry the weights: one sentence, and what to do. */
export type Composed =
  | { readonly ok: true; readonly object: KubeObject }
  | { readonly ok: false; readonly field: string; readonly message: string; readonly remedy: string };

/** Whether the router has taken what was written, as far as the object's status tells. */
export type Served = { readonly served: true } | { readonly served: false; readonly why: string };

/**
 * One traffic router: pure functions over the objects that it reads (DESIGN 4.5). `compose` is idempotent, and composing with the
 * weight of a later goal replaces the earlier one; what the team wrote besides weights and managed routes stays as it is.
 */
export interface Router<S extends RouterSpec = RouterSpec> {
  /** The objects in the order in which they are written. */
  objects(
    spec: S,
    context: { readonly namespace: string; readonly goal: RouteGoal },
  ): readonly RouterObject[];
  /**
   * `base`: the live or Git's object for `edit`, the object it is made from for `own`. The result carries the goal in its annotation, by which the next composition knows the routes that were added.
   */
  compose(spec: S, base: KubeObject, goal: RouteGoal): Composed;
  served(spec: S, live: KubeObject, goal: RouteGoal): Served;
  /** The weight that a live object gives the canary now; undefined when it says nothing about it. */
  weightOf(spec: S, live: KubeObject, goal: RouteGoal): number | undefined;
}

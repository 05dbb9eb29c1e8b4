import { keyOf, type KubeObject, type ObjectRef } from '../kube-object';
import { marks } from '../marks';
import { routerOf } from '../routing';
import type { RouteGoal } from '../routing/router';
import { noTraffic, type TrafficState } from '../routing/traffic';
import type { RolloutView } from '../rollout-view';
import type { PlanContext } from './plan';

/** As much of a context as names the router's objects. */
export type RouteContext = Pick<
  PlanContext,
  'namespace' | 'workload' | 'routing' | 'stableService' | 'canaryService'
>;

/** Which ReplicaSets the two roles stand for; undefined takes the selection by hash off. */
export interface RoleHashes {
  readonly stable: string | undefined;
  readonly canary: string | undefined;
}

/** No selection by hash. */
export const noHashes: RoleHashes = { stable: undefined, canary: undefined };

/** What the router shall do now. */
export function goalOf(context: RouteContext, traffic: TrafficState, hashes: RoleHashes): RouteGoal {
  const { workload, stableService = '', canaryService = '', routing } = context;
  return {
    workload,
    stableService,
    canaryService,
    weight: traffic.weight,
    maxWeight: routing?.maxTrafficWeight ?? 100,
    ...(hashes.stable === undefined ? {} : { stableHash: hashes.stable }),
    ...(hashes.canary === undefined ? {} : { canaryHash: hashes.canary }),
    headerRoutes: traffic.headerRoutes,
    mirrorRoutes: traffic.mirrorRoutes,
    managedRoutes: routing?.managedRoutes ?? [],
  };
}

/** The objects that a plan with a router has to see. */
export function routeRefs(context: RouteContext): {
  readonly edited: readonly ObjectRef[];
  readonly sources: readonly ObjectRef[];
} {
  const { routing, namespace } = context;
  if (routing === undefined) return { edited: [], sources: [] };
  const objects = routerOf(routing.router).objects(routing.router, {
    namespace,
    goal: goalOf(context, noTraffic, noHashes),
  });
  return { edited: objects.map((each) => each.ref), sources: objects.flatMap((each) => each.from ?? []) };
}

/** A router's object, or what one is made from, as it was read last. */
export function findRoute(view: RolloutView, ref: ObjectRef | undefined): KubeObject | undefined {
  if (ref === undefined) return undefined;
  const key = keyOf(ref);
  const objects = [...(view.routes ?? []), ...(view.routeSources ?? [])];
  return objects.find(
    (each) => keyOf({ ...each, name: each.metadata.name, namespace: each.metadata.namespace ?? '' }) === key,
  );
}

/** Whether an object was made by a rollout of this workload. */
export function isOwn({ metadata }: KubeObject, { workload }: RouteContext): boolean {
  return metadata.labels?.[marks.canaryOf] === workload;
}

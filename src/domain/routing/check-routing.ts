import { groupOf, nameOf, refOf, type ObjectRef } from '../kube-object';
import type { Located } from '../located';
import { routerOf } from './index';
import type { RouteGoal } from './router';
import type { RouterSpec, TrafficRouting } from './spec';

/** What is wrong with a router's objects; `field` is the one of `strategy.canary` that asks for them. */
export interface RoutingProblem {
  readonly field: 'stableService' | 'canaryService' | 'trafficRouting';
  readonly message: string;
  readonly remedy: string;
}

export interface RoutingContext extends Partial<Pick<RouteGoal, 'headerRoutes' | 'mirrorRoutes'>> {
  /** The namespace of the Rollout, which objects without one have too. Undefined: namespaces are not compared. */
  readonly namespace?: string;
}

/**
 * Checks before a rollout what would stop it in the middle: both Services are named, and each object that the router changes is in
 * the revision and can carry a weight, and all of the header and mirror routes of the steps together.
 */
export function checkRouting(
  routing: TrafficRouting,
  services: { readonly stable: string | undefined; readonly canary: string | undefined },
  objects: readonly Located[],
  context: RoutingContext = {},
): readonly RoutingProblem[] {
  const missing = missingServices(routing.router, services);
  if (missing.length > 0) return missing;
  const { namespace, headerRoutes = [], mirrorRoutes = [] } = context;
  const goal: RouteGoal = {
    workload: '',
    stableService: services.stable ?? '',
    canaryService: services.canary ?? '',
    weight: 0,
    maxWeight: routing.maxTrafficWeight,
    headerRoutes,
    mirrorRoutes,
    managedRoutes: routing.managedRoutes,
  };
  const router = routerOf(routing.router);
  const wanted = router.objects(routing.router, { namespace: namespace ?? '', goal });
  return wanted.flatMap(({ ref, from = ref }): readonly RoutingProblem[] => {
    const located = objects.find((each) => isNamed(each, from, namespace));
    if (located === undefined) {
      const message = `${nameOf(plain(from, namespace))} is not in this revision`;
      return [{ field: 'trafficRouting', message, remedy: 'add its manifest, or mend the name' }];
    }
    const composed = router.compose(routing.router, located.object, goal);
    if (composed.ok) return [];
    const { field, message, remedy } = composed;
    const place = `${located.file}:${located.line}`;
    return [
      {
        field: 'trafficRouting',
        message: `${nameOf(refOf(located.object))} (${place}), ${field}: ${message}`,
        remedy,
      },
    ];
  });
}

function missingServices(
  { kind }: RouterSpec,
  { stable, canary }: { readonly stable: string | undefined; readonly canary: string | undefined },
): readonly RoutingProblem[] {
  const message = `is missing, and the router ${kind} sends traffic to it`;
  const remedy = 'name a Service of this revision';
  return [
    ...(stable ? [] : [{ field: 'stableService' as const, message, remedy }]),
    ...(canary ? [] : [{ field: 'canaryService' as const, message, remedy }]),
  ];
}

function isNamed({ object }: Located, ref: ObjectRef, namespace: string | undefined): boolean {
  return (
    object.kind === ref.kind &&
    groupOf(object.apiVersion) === groupOf(ref.apiVersion) &&
    object.metadata.name === ref.name &&
    (namespace === undefined || (object.metadata.namespace ?? namespace) === ref.namespace)
  );
}

/** A namespace that is the Rollout's own goes without saying. */
function plain({ namespace: own, ...ref }: ObjectRef, namespace: string | undefined): ObjectRef {
  return own === undefined || own === '' || own === namespace ? ref : { ...ref, namespace: own };
}

import type { KubeObject } from '../kube-object';
import { composed, eachOrRefused, isRefused, previousGoal, refused, withSpec } from './composed';
import { managedRules, teamRules } from './gateway-managed';
import { namesStable, pairOf, weighRule } from './gateway-refs';
import { routeServed } from './gateway-served';
import { peekNumber } from '../peek';
import type { JsonMap } from '../read-json';
import type { Composed, RouteGoal, Router } from './router';
import type { GatewaySpec } from './spec';
import { shareOf } from './weights';

const apiVersion = 'gateway.networking.k8s.io/v1';
/** The API's own limit. */
const mostRules = 16;

/** HTTPRoutes and GRPCRoutes of the Gateway API, read as by the plugin `argoproj-labs/gatewayAPI`. */
export const gateway: Router<GatewaySpec> = {
  objects: ({ routes }, { namespace }) =>
    routes.map(({ kind, name, namespace: own }) => ({
      ref: { apiVersion, kind, namespace: own ?? namespace, name },
      life: 'edit',
    })),
  compose: composeRoute,
  served: (_spec, live) => routeServed(live),
  weightOf(spec, live, goal) {
    const weights = team(spec, live, goal)
      .filter((rule) => namesStable(rule, live, goal))
      .map((rule) => {
        const pair = pairOf(rule, live, goal);
        if (pair === undefined) return 0;
        const weight = (ref: JsonMap): number => peekNumber(ref, 'weight') ?? 1;
        return shareOf(weight(pair.stable), weight(pair.canary), goal.maxWeight);
      });
    return weights.length === 0 ? undefined : Math.max(...weights);
  },
};

function composeRoute(spec: GatewaySpec, base: KubeObject, goal: RouteGoal): Composed {
  const here = goalHere(spec, base, goal);
  const weighed = eachOrRefused(team(spec, base, goal), (rule, index) => weighRule(rule, index, base, goal));
  if (!weighed.ok) return weighed;
  if (!weighed.items.some((rule) => namesStable(rule, base, goal))) {
    const message = `no rule of ${base.kind} ${base.metadata.name} names Service ${goal.stableService}`;
    const remedy = `make ${goal.stableService} a backendRef of the rule that shall be weighted`;
    return refused('spec.rules', message, remedy);
  }
  const added = managedRules(weighed.items, base, here);
  if (isRefused(added)) return added;
  const rules = [...added, ...weighed.items];
  if (rules.length > mostRules) {
    const message = `header and mirror routes make ${rules.length} rules of ${weighed.items.length}, and a route has ${mostRules} at most`;
    return refused('spec.rules', message, 'use fewer managed routes, or split the route');
  }
  return composed(withSpec(base, { rules }), goal);
}

function team(spec: GatewaySpec, route: KubeObject, goal: RouteGoal): readonly JsonMap[] {
  const previous = previousGoal(route, goal);
  return teamRules(route, previous && goalHere(spec, route, previous));
}

/** The part of the goal that concerns this route. */
function goalHere({ routes }: GatewaySpec, { kind, metadata }: KubeObject, goal: RouteGoal): RouteGoal {
  const entry = routes.find((route) => route.kind === kind && route.name === metadata.name);
  return entry?.useHeaderRoutes === false ? { ...goal, headerRoutes: [] } : goal;
}

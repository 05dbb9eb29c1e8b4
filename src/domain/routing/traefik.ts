import type { KubeObject } from '../kube-object';
import { peekNumber, peekText } from '../peek';
import { fieldOf, isMap, type JsonMap } from '../read-json';
import { composed, mapsAt, refused, withSpec } from './composed';
import type { Composed, RouteGoal, Router } from './router';
import type { TraefikSpec } from './spec';
import { shareOf } from './weights';

/** A weighted TraefikService of the team (Argo Rollouts, trafficrouting/traefik). */
export const traefik: Router<TraefikSpec> = {
  objects: ({ weightedTraefikServiceName: name }, { namespace }) => [
    { ref: { apiVersion: 'traefik.io/v1alpha1', kind: 'TraefikService', namespace, name }, life: 'edit' },
  ],
  compose: (_spec, base, goal) => composeWeighted(base, goal),
  served: () => ({ served: true }),
  weightOf(_spec, live, goal) {
    const weightOf = (service: string): number | undefined => {
      const found = servicesOf(live).find((each) => names(each, service));
      return found && (peekNumber(found, 'weight') ?? 1);
    };
    const stable = weightOf(goal.stableService);
    return stable === undefined
      ? undefined
      : shareOf(stable, weightOf(goal.canaryService) ?? 0, goal.maxWeight);
  },
};

function composeWeighted(base: KubeObject, goal: RouteGoal): Composed {
  const services = servicesOf(base);
  const field = 'spec.weighted.services';
  for (const service of [goal.stableService, goal.canaryService]) {
    if (services.filter((each) => names(each, service)).length <= 1) continue;
    const message = `names Service ${service} more than once, so its share cannot be told`;
    return refused(field, message, 'name it once');
  }
  if (!services.some((each) => names(each, goal.stableService))) {
    const message = `TraefikService ${base.metadata.name} does not name Service ${goal.stableService}`;
    return refused(field, message, `add it: name: ${goal.stableService}, port: <its port>`);
  }
  const hasCanary = services.some((each) => names(each, goal.canaryService));
  const weighed = services.flatMap((each) => {
    if (names(each, goal.canaryService)) return [{ ...each, weight: goal.weight }];
    if (!names(each, goal.stableService)) return [each];
    const stable = { ...each, weight: goal.maxWeight - goal.weight };
    return hasCanary ? [stable] : [stable, { ...each, name: goal.canaryService, weight: goal.weight }];
  });
  const weighted = fieldOf(base['spec'], 'weighted');
  return composed(
    withSpec(base, { weighted: { ...(isMap(weighted) ? weighted : {}), services: weighed } }),
    goal,
  );
}

function servicesOf(object: KubeObject): readonly JsonMap[] {
  return mapsAt(object, 'spec', 'weighted', 'services');
}

function names(entry: JsonMap, service: string): boolean {
  return peekText(entry, 'name') === service && (peekText(entry, 'kind') ?? 'Service') === 'Service';
}

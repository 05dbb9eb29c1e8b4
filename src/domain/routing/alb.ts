import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';
import {
  composed,
  isRefused,
  managedNames,
  managedOf,
  mapsAt,
  refused,
  withAnnotations,
  withSpec,
} from './composed';
import { conditionsOf, forwardTo, weightIn } from './alb-actions';
import { rulesWith, rulesWithout, servicePort, useAnnotation } from './alb-paths';
import type { Composed, RouteGoal, Router } from './router';
import type { AlbSpec } from './spec';

/**
 * The AWS Load Balancer Controller: the annotation `actions.<root Service>` of the team's Ingress forwards to two target groups by
 * weight (Argo Rollouts, trafficrouting/alb). A header route is an action with conditions, and a path before the root Service's own.
 */
export const alb: Router<AlbSpec> = {
  objects: ({ ingresses }, { namespace }) =>
    ingresses.map((name) => ({
      ref: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace, name },
      life: 'edit',
    })),
  compose: composeIngress,
  served: () => ({ served: true }),
  weightOf: (spec, live, goal) =>
    weightIn(live.metadata.annotations?.[actionKey(spec, rootOf(spec, goal))], goal),
};

function composeIngress(spec: AlbSpec, base: KubeObject, goal: RouteGoal): Composed {
  const root = rootOf(spec, goal);
  const [first] = mapsAt(base, 'spec', 'rules').flatMap((rule) =>
    mapsAt(rule, 'http', 'paths').filter((path) => peekText(path, 'backend', 'service', 'name') === root),
  );
  if (first === undefined) {
    const message = `no rule of Ingress ${base.metadata.name} has a path to Service ${root}`;
    return refused('spec.rules', message, `add a path with backend.service.name: ${root}`);
  }
  if (servicePort(first) !== useAnnotation) {
    const message = `the path to Service ${root} does not ask for its action, so no weight would have an effect`;
    return refused('spec.rules', message, `write backend.service.port.name: ${useAnnotation}`);
  }
  if (goal.mirrorRoutes.some(({ match }) => match.length > 0)) {
    const message = 'an application load balancer cannot mirror requests';
    return refused('setMirrorRoute', message, 'remove the step, or use Istio or the Gateway API');
  }
  const headerRoutes = managedOf(goal).flatMap((each) => (each.kind === 'header' ? [each.route] : []));
  const annotations: Record<string, string | undefined> = {};
  const gone = [...managedNames(base, goal)];
  for (const name of gone) {
    annotations[actionKey(spec, name)] = undefined;
    annotations[conditionKey(spec, name)] = undefined;
  }
  const { stableService, canaryService, weight, maxWeight } = goal;
  annotations[actionKey(spec, root)] = forwardTo(spec, [
    [canaryService, weight],
    [stableService, maxWeight - weight],
  ]);
  for (const { name, match } of headerRoutes) {
    const conditions = conditionsOf(name, match);
    if (isRefused(conditions)) return conditions;
    annotations[actionKey(spec, name)] = forwardTo(spec, [[canaryService, maxWeight]]);
    annotations[conditionKey(spec, name)] = conditions;
  }
  const names = headerRoutes.map(({ name }) => name);
  const rules = rulesWith(rulesWithout(mapsAt(base, 'spec', 'rules'), gone), root, names);
  return composed(withSpec(withAnnotations(base, annotations), { rules }), goal);
}

function rootOf({ rootService }: AlbSpec, { stableService }: RouteGoal): string {
  return rootService ?? stableService;
}

function actionKey({ annotationPrefix }: AlbSpec, name: string): string {
  return `${annotationPrefix}/actions.${name}`;
}

function conditionKey({ annotationPrefix }: AlbSpec, name: string): string {
  return `${annotationPrefix}/conditions.${name}`;
}

import { peekText } from '../peek';
import type { KubeObject } from '../kube-object';
import type { JsonMap } from '../read-json';
import { mapsAt, refused, type Refused } from './composed';
import type { RouteGoal } from './router';

/** How a rule names the two Services of a goal. */
export interface Pair {
  readonly stable: JsonMap;
  readonly canary: JsonMap;
}

/** Whether a backendRef of a route in namespace `here` names this Service of the goal's workload. */
export function namesService(
  ref: unknown,
  service: string,
  { here, goal }: { readonly here: string | undefined; readonly goal: RouteGoal },
): boolean {
  if (peekText(ref, 'name') !== service) return false;
  if ((peekText(ref, 'kind') ?? 'Service') !== 'Service' || (peekText(ref, 'group') ?? '') !== '')
    return false;
  const namespace = peekText(ref, 'namespace') ?? here;
  return namespace === undefined || goal.namespace === undefined || namespace === goal.namespace;
}

/** Whether a rule carries the weights of the goal: one of its backends is the stable Service. */
export function namesStable(rule: JsonMap, route: KubeObject, goal: RouteGoal): boolean {
  const here = route.metadata.namespace;
  return mapsAt(rule, 'backendRefs').some((ref) => namesService(ref, goal.stableService, { here, goal }));
}

/** The rule with the goal's weights; the canary's backend is a copy of stable's where the team wrote none. */
export function weighRule(
  rule: JsonMap,
  index: number,
  route: KubeObject,
  goal: RouteGoal,
): JsonMap | Refused {
  if (!namesStable(rule, route, goal)) return rule;
  const place = { here: route.metadata.namespace, goal };
  const refs = mapsAt(rule, 'backendRefs');
  const isStable = (ref: JsonMap): boolean => namesService(ref, goal.stableService, place);
  const isCanary = (ref: JsonMap): boolean => namesService(ref, goal.canaryService, place);
  for (const [is, service] of [
    [isStable, goal.stableService],
    [isCanary, goal.canaryService],
  ] as const) {
    if (refs.filter(is).length <= 1) continue;
    const message = `names Service ${service} more than once, so its share cannot be told`;
    return refused(`spec.rules[${index}].backendRefs`, message, 'name it once in a rule');
  }
  const hasCanary = refs.some(isCanary);
  const weights = { stable: goal.maxWeight - goal.weight, canary: goal.weight };
  const backendRefs = refs.flatMap((ref) => {
    if (isCanary(ref)) return [{ ...ref, weight: weights.canary }];
    if (!isStable(ref)) return [ref];
    const stable = { ...ref, weight: weights.stable };
    return hasCanary ? [stable] : [stable, { ...ref, name: goal.canaryService, weight: weights.canary }];
  });
  return { ...rule, backendRefs };
}

/** The two backends of a weighted rule. */
export function pairOf(rule: JsonMap, route: KubeObject, goal: RouteGoal): Pair | undefined {
  const place = { here: route.metadata.namespace, goal };
  const refs = mapsAt(rule, 'backendRefs');
  const stable = refs.find((ref) => namesService(ref, goal.stableService, place));
  const canary = refs.find((ref) => namesService(ref, goal.canaryService, place));
  return stable === undefined || canary === undefined ? undefined : { stable, canary };
}

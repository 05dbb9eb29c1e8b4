import { isObserved, type DeploymentObject } from '../apps';
import { keyOf } from '../kube-object';
import { routedCanaryCounts } from '../routed-counts';
import { routerOf } from '../routing';
import type { TrafficState } from '../routing/traffic';
import {
  currentReplicaSet,
  hashOf,
  podsOf,
  replicaSetOf,
  lackingEndpoints,
  type RolloutView,
} from '../rollout-view';
import type { CanaryStrategy } from '../strategy';
import { pinServices } from './pins';
import { act, ownCanary, type Plan, type PlanContext, waitFor, wantedPods } from './plan';
import { planRoutes } from './plan-routes';
import { canaryMissing, missing } from './plan-start';
import { neededOf, scale } from './plan-weight';

export interface RoutedGoal {
  readonly traffic: TrafficState;
  readonly strategy: CanaryStrategy;
  /** False: what is too many stays for now, because the router may still send requests there. */
  readonly mayShrink: boolean;
}

/**
 * One look towards a weight that a router carries (rollouts.md 1.4, 1.5): the pods that are missing first, then their endpoints, then
 * the route, and only when the router has taken it the pods that are too many. A version with no available pod never gets weight, and
 * one that has lost all of them gives its weight back until they are there again.
 */
export function planRouted(view: RolloutView, context: PlanContext, goal: RoutedGoal): Plan {
  const { stable } = view;
  const canary = ownCanary(view, context);
  const { workload } = context;
  if (stable === undefined) return missing(workload);
  if (canary === undefined) return canaryMissing(workload);
  const counts = countsFor(view, context, { goal, stable });
  return (
    scaleSides(context, { stable, canary }, counts, 'up') ??
    takeShelter(view, context, { goal, counts, canary }) ??
    waitForPods(view, context, { goal, counts }) ??
    routeTraffic(view, context, { traffic: goal.traffic, counts }) ??
    (goal.mayShrink ? shrink(view, context, { stable, canary }, counts) : { kind: 'done' })
  );
}

interface Counts {
  readonly stable: number;
  readonly canary: number;
}

interface Sides {
  readonly stable: DeploymentObject;
  readonly canary: DeploymentObject;
}

function countsFor(
  view: RolloutView,
  context: PlanContext,
  { goal: { traffic, strategy }, stable }: { readonly goal: RoutedGoal; readonly stable: DeploymentObject },
): Counts {
  const { scale: setCanaryScale, weight, isFull = false } = traffic;
  const { minPodsPerReplicaSet, routing, dynamicStableScale } = strategy;
  return routedCanaryCounts({
    replicas: wantedPods(context, stable),
    weight,
    promoteFull: isFull,
    maxWeight: routing?.maxTrafficWeight ?? 100,
    ...(setCanaryScale === undefined ? {} : { setCanaryScale }),
    ...(minPodsPerReplicaSet === undefined ? {} : { minPodsPerReplicaSet }),
    ...(dynamicStableScale === true ? { dynamicStable: { actualWeight: actualWeight(view, context) } } : {}),
  });
}

/** The largest weight that any of the router's objects gives the canary now. */
export function actualWeight(view: RolloutView, context: PlanContext): number {
  const { routing, workload, stableService = '', canaryService = '', namespace } = context;
  if (routing === undefined) return 0;
  const router = routerOf(routing.router);
  const goal = {
    workload,
    stableService,
    canaryService,
    weight: 0,
    maxWeight: routing.maxTrafficWeight,
    headerRoutes: [],
    mirrorRoutes: [],
    managedRoutes: routing.managedRoutes,
  };
  const refs = router.objects(routing.router, { namespace, goal }).map((each) => keyOf(each.ref));
  const live = (view.routes ?? []).filter((each) =>
    refs.includes(keyOf({ ...each, name: each.metadata.name, namespace: each.metadata.namespace ?? '' })),
  );
  return Math.max(0, ...live.map((each) => router.weightOf(routing.router, each, goal) ?? 0));
}

function scaleSides(
  { fence }: PlanContext,
  { stable, canary }: Sides,
  counts: Counts,
  way: 'up' | 'down',
): Plan | undefined {
  const toward = (side: DeploymentObject, count: number) => {
    const now = side.spec.replicas ?? 1;
    return (way === 'up' ? count > now : count < now)
      ? scale(side, count, fence, 'its share of the traffic')
      : undefined;
  };
  return act(toward(stable, counts.stable), toward(canary, counts.canary));
}

/**
 * Every canary pod is lost: requests go to stable, which is whole. Not with `dynamicStableScale`, where stable could not carry them.
 */
function takeShelter(
  view: RolloutView,
  context: PlanContext,
  {
    goal,
    counts,
    canary,
  }: { readonly goal: RoutedGoal; readonly counts: Counts; readonly canary: DeploymentObject },
): Plan | undefined {
  const isLost = counts.canary > 0 && (canary.status?.availableReplicas ?? 0) === 0;
  if (!isLost || goal.strategy.dynamicStableScale === true || actualWeight(view, context) === 0)
    return undefined;
  return routeTraffic(view, context, { traffic: goal.traffic, counts: { ...counts, canary: 0 } });
}

function waitForPods(
  view: RolloutView,
  context: PlanContext,
  { goal, counts }: { readonly goal: RoutedGoal; readonly counts: Counts },
): Plan | undefined {
  const { stable } = view;
  const canary = ownCanary(view, context);
  const { workload } = context;
  if (stable === undefined || canary === undefined) return undefined;
  const set = replicaSetOf(view, context.rolloutId);
  if (!isObserved(canary) || !isObserved(stable) || (set === undefined && counts.canary > 0))
    return waitFor('the Deployment controller to have seen the new counts');
  const needed = neededOf(goal.strategy.replicaProgressThreshold, counts.canary);
  const available = canary.status?.availableReplicas ?? 0;
  if (available < needed)
    return waitFor(`${needed} canary pods of ${workload} to be available (${available} are)`);
  if (goal.strategy.dynamicStableScale !== true) return undefined;
  const whole = wantedPods(context, stable);
  const most = context.routing?.maxTrafficWeight ?? 100;
  const carrying = Math.ceil((whole * (most - Math.min(most, goal.traffic.weight))) / most);
  const there = stable.status?.availableReplicas ?? 0;
  return there < carrying
    ? waitFor(`${carrying} stable pods of ${workload} to be available (${there} are)`)
    : undefined;
}

/**
 * Undefined when every request already goes where it shall. A side that shall have no pods gets no weight, and its Service selects the
 * other one's before they go: a Service with no endpoints is never left behind.
 */
function routeTraffic(
  view: RolloutView,
  context: PlanContext,
  { traffic, counts }: { readonly traffic: TrafficState; readonly counts: Counts },
): Plan | undefined {
  const set = replicaSetOf(view, context.rolloutId);
  const current = currentReplicaSet(view, view.stable);
  const home = current === undefined ? undefined : hashOf(current);
  const away = set !== undefined && podsOf(view, set).length > 0 ? hashOf(set) : home;
  const canary = counts.canary > 0 ? away : home;
  const stable = counts.stable > 0 ? home : canary;
  const pinned = act(...pinServices(view, context, { stable, canary }));
  if (pinned !== undefined) return pinned;
  const available = ownCanary(view, context)?.status?.availableReplicas ?? 0;
  const unlisted = lackingEndpoints(view, set, Math.min(available, counts.canary));
  if (unlisted.length > 0) return waitFor(`the endpoints to list ${unlisted.join(', ')}`);
  const weight = counts.canary > 0 ? traffic.weight : 0;
  const routed = planRoutes(view, context, { ...traffic, weight }, { stable, canary });
  return routed.kind === 'done' ? undefined : routed;
}

function shrink(view: RolloutView, context: PlanContext, sides: Sides, counts: Counts): Plan {
  const scaled = scaleSides(context, sides, counts, 'down');
  if (scaled !== undefined) return scaled;
  const extra = podsOf(view, replicaSetOf(view, context.rolloutId)).length - counts.canary;
  if (!isObserved(sides.canary) || extra > 0)
    return waitFor(`surplus canary pods of ${context.workload} to go`);
  return { kind: 'done' };
}

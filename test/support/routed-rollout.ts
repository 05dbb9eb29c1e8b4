import { trafficPlan } from '../../src/activities/traffic-plan';
import type { KubeObject } from '../../src/domain/kube-object';
import type { PlanContext } from '../../src/domain/plans/plan';
import { planAdoption } from '../../src/domain/plans/plan-adoption';
import { planHandover, planRouteHandover } from '../../src/domain/plans/plan-handover';
import { planRemoval, planReturn } from '../../src/domain/plans/plan-return';
import { planRetirement } from '../../src/domain/plans/plan-retirement';
import { planStart } from '../../src/domain/plans/plan-start';
import type { TrafficRouting } from '../../src/domain/routing/spec';
import { afterStep, fullTraffic, noTraffic, type TrafficState } from '../../src/domain/routing/traffic';
import type { CanaryStrategy, RolloutStep } from '../../src/domain/strategy';
import { header, routeOf } from '../domain/routing/routes';
import { chance, drive, type Planner, type PlanRun } from './plan-run';
import { RouteSimulator } from './route-simulator';
import { context, withRoles } from './view-builder';

/** Weights in the HTTPRoute `web`. */
export const routing: TrafficRouting = {
  router: { kind: 'gatewayApi', routes: [{ kind: 'HTTPRoute', name: 'web', useHeaderRoutes: true }] },
  maxTrafficWeight: 100,
  managedRoutes: ['beta'],
};
export const route = routeOf([{ backendRefs: [{ name: 'web-stable', port: 80 }] }]);

const steps: readonly RolloutStep[] = [
  { kind: 'setCanaryScale', scale: { replicas: 2 } },
  { kind: 'setWeight', weight: 20 },
  { kind: 'setHeaderRoute', ...header('beta', 'X-Beta', 'yes') },
  { kind: 'setCanaryScale', scale: { matchTrafficWeight: true } },
  { kind: 'setWeight', weight: 75 },
  { kind: 'setWeight', weight: 25 },
  { kind: 'setHeaderRoute', name: 'beta', match: [] },
  { kind: 'setWeight', weight: 100 },
  { kind: 'setWeight', weight: 0 },
];

/** What the steps so far ask for, step by step. */
export const states = steps.reduce<readonly TrafficState[]>(
  (all, step) => [...all, afterStep(all.at(-1) ?? noTraffic, step) ?? noTraffic],
  [],
);

/** A routed canary with a Service for either role and metadata for either side. */
export function routedCanary(more: Partial<CanaryStrategy> = {}): CanaryStrategy {
  return {
    kind: 'canary',
    steps,
    maxSurge: 1,
    maxUnavailable: 0,
    scaleDownDelayMs: 0,
    routing,
    canaryMetadata: { labels: { role: 'canary' }, annotations: {} },
    stableMetadata: { labels: { role: 'stable' }, annotations: {} },
    ...withRoles,
    ...more,
  };
}

export interface Setup {
  readonly replicas: number;
  readonly isDynamic: boolean;
}

/** The plan that reaches a state of the traffic. */
export function reach(state: TrafficState, { isDynamic }: Pick<Setup, 'isDynamic'>): Planner {
  return trafficPlan(routedCanary({ dynamicStableScale: isDynamic }), state);
}

/** Every step from the start to a promotion. */
export function forward(setup: Setup): readonly Planner[] {
  return [
    planStart,
    ...states.map((state) => reach(state, setup)),
    reach(fullTraffic(100), setup),
    planHandover,
    planRouteHandover,
    planAdoption,
    planRetirement,
  ];
}
/** From this step on there is no way back. */
export const adoption = states.length + 4;
export const back: readonly Planner[] = [planReturn, planRemoval];

/** A rollout that has not begun; its worker dies after `left` actions. */
export function begin(
  setup: Setup,
  left = Infinity,
  {
    seed,
    routes = [route],
    more = {},
  }: { seed?: number; routes?: readonly KubeObject[]; more?: Partial<PlanContext> } = {},
): PlanRun {
  const { replicas, isDynamic: dynamicStableScale } = setup;
  const at = context({ ...withRoles, routing, replicas, dynamicStableScale, ...more });
  return {
    simulator: new RouteSimulator(replicas, at, routes),
    context: at,
    left,
    now: 0,
    ...(seed === undefined ? {} : { random: chance(seed) }),
    check: alwaysSafe(setup),
  };
}

/** The same cluster for the way back: a newer activity, which nobody kills. */
export function turned(run: PlanRun): PlanRun {
  return { ...run, context: { ...run.context, fence: run.context.fence + 1 }, left: Infinity };
}

/** Takes steps until the worker dies; the number of the step it died in. */
export function until(run: PlanRun, planners: readonly Planner[]): number {
  for (const [index, planner] of planners.entries()) if (!drive(run, planner)) return index;
  return planners.length;
}

/** What must hold between any two instructions; throws what does not. */
export function alwaysSafe({ replicas, isDynamic }: Setup): PlanRun['check'] {
  let isPromoted = false;
  return ({ simulator }) => {
    if (replicas === 0) return;
    const { stable } = simulator.view();
    isPromoted ||= stable?.spec.template.metadata?.labels?.['belay.dev/rollout'] === 'r2';
    const weight = simulator.weight();
    const [onStable, onCanary] = ['web-stable', 'web-preview'].map((name) => simulator.serving(name));
    const seen = JSON.stringify({ weight, onStable, onCanary });
    if (sizeOf(onStable) === 0) throw new Error(`Service web-stable selects nothing: ${seen}`);
    if (sizeOf(onCanary) === 0) throw new Error(`Service web-preview selects nothing: ${seen}`);
    if (!isDynamic && !isPromoted && simulator.oldPods() < replicas)
      throw new Error(`stable is not whole: ${seen}`);
    const onOld = (100 - weight) * shareOfOld(onStable) + weight * shareOfOld(onCanary);
    if (simulator.oldPods() < (replicas * onOld) / 100) throw new Error(`too much weight on stable: ${seen}`);
  };
}

type Serving = ReturnType<RouteSimulator['serving']> | undefined;

function sizeOf(serving: Serving): number {
  return (serving?.old ?? 0) + (serving?.fresh ?? 0);
}

function shareOfOld(serving: Serving): number {
  return (serving?.old ?? 0) / sizeOf(serving);
}

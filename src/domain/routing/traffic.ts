import type { SetCanaryScale } from '../routed-counts';
import type { Percent, RolloutStep } from '../strategy';
import type { RouteGoal } from './router';

/** What the steps taken so far ask of traffic and pods: small, and enough to reach the same state again at any time. */
export interface TrafficState {
  readonly weight: Percent;
  /** The `setCanaryScale` in force. */
  readonly scale?: SetCanaryScale;
  readonly headerRoutes: RouteGoal['headerRoutes'];
  readonly mirrorRoutes: RouteGoal['mirrorRoutes'];
  /** A person wants the new version everywhere now, or all steps are taken: `scale` counts no more. */
  readonly isFull?: boolean;
  /** Blue-green: users have been switched to the new version. */
  readonly isSwitched?: boolean;
  /** A canary in a release: it has all traffic by the Services that stable keeps, and the old version stands by at full size. */
  readonly isStandby?: boolean;
}

/** Before the first step. */
export const noTraffic: TrafficState = { weight: 0, headerRoutes: [], mirrorRoutes: [] };

/** The end of the steps: all traffic to the new version, and no route of its own. */
export function fullTraffic(maxWeight: Percent): TrafficState {
  return { ...noTraffic, weight: maxWeight, isFull: true };
}

/** The state after one more step; undefined for steps that change no traffic. */
export function afterStep(state: TrafficState, step: RolloutStep): TrafficState | undefined {
  switch (step.kind) {
    case 'setWeight':
      return { ...state, weight: step.weight };
    case 'setCanaryScale':
      return { ...state, scale: step.scale };
    case 'setHeaderRoute': {
      const { name, match } = step;
      return { ...state, headerRoutes: withRoute(state.headerRoutes, { name, match }) };
    }
    case 'setMirrorRoute': {
      const { kind: _kind, ...route } = step;
      return { ...state, mirrorRoutes: withRoute(state.mirrorRoutes, route) };
    }
    case 'pause':
    case 'analysis':
    case 'experiment':
      return undefined;
  }
}

/** A route of the same name is replaced; one without `match` goes (Argo Rollouts removes it so). */
function withRoute<T extends { readonly name: string; readonly match: readonly unknown[] }>(
  routes: readonly T[],
  route: T,
): readonly T[] {
  const others = routes.filter((each) => each.name !== route.name);
  return route.match.length === 0 ? others : [...others, route];
}

import type { KubeObject } from '../../../src/domain/kube-object';
import type { RouteGoal } from '../../../src/domain/routing/router';

/** A goal for workload `web` of namespace `shop`. */
export function goalOf(changes: Partial<RouteGoal> = {}): RouteGoal {
  return {
    workload: 'web',
    stableService: 'web-stable',
    canaryService: 'web-canary',
    weight: 0,
    maxWeight: 100,
    headerRoutes: [],
    mirrorRoutes: [],
    managedRoutes: [],
    ...changes,
  };
}

/** Goals that differ in everything a goal can say; the property tests take each pair of them. */
export const goals: readonly RouteGoal[] = [
  goalOf(),
  goalOf({ weight: 100 }),
  goalOf({ weight: 33, stableHash: 'aaa', canaryHash: 'bbb' }),
];

export const header = (
  name: string,
  headerName: string,
  exact: string,
): RouteGoal['headerRoutes'][number] => ({
  name,
  match: [{ headerName, headerValue: { exact } }],
});

export const headerGoals: readonly RouteGoal[] = [
  goalOf({ weight: 10, headerRoutes: [header('beta', 'X-Beta', 'yes')], managedRoutes: ['beta'] }),
  goalOf({
    weight: 20,
    headerRoutes: [header('beta', 'X-Beta', 'no'), header('alpha', 'X-Alpha', 'yes')],
    managedRoutes: ['alpha', 'beta'],
  }),
];

export const mirrorGoals: readonly RouteGoal[] = [
  goalOf({
    mirrorRoutes: [{ name: 'copy', percentage: 35, match: [{ path: { prefix: '/' } }] }],
    managedRoutes: ['copy'],
  }),
  goalOf({
    weight: 5,
    mirrorRoutes: [{ name: 'copy', match: [{ headers: { 'X-Test': { exact: '1' } } }] }],
    headerRoutes: [header('beta', 'X-Beta', 'yes')],
    managedRoutes: ['beta', 'copy'],
  }),
];

/** An HTTPRoute or GRPCRoute with these rules. */
export function routeOf(rules: readonly object[], kind = 'HTTPRoute'): KubeObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop', labels: { team: 'shop' } },
    spec: { parentRefs: [{ name: 'edge' }], hostnames: ['shop.example'], rules },
  };
}

export const stableRef = { name: 'web-stable', port: 80 };
export const canaryRef = { name: 'web-canary', port: 80 };

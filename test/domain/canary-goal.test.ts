import { basicCanaryGoal } from '../../src/domain/canary-goal';

// Argo Rollouts' own rows are in conformance.test.ts.
describe('basicCanaryGoal', () => {
  // Argo finds no candidate where ceil is the whole workload and the remainder is exactly one half, and leaves the canary at 0.
  test.each([
    [2, 75, 1],
    [5, 90, 4],
    [10, 95, 9],
    [25, 98, 24],
    [50, 99, 49],
  ])(
    'gives %p pods at %p %% without a surge a canary of %p, where Argo Rollouts gives none',
    (replicas, weight, canary) => {
      const goal = basicCanaryGoal({ replicas, weight, maxSurge: 0, maxUnavailable: 1 });
      expect(goal).toEqual({ stable: replicas - canary, canary });
    },
  );

  test('keeps a pod on both sides wherever two pods are allowed', () => {
    for (let replicas = 1; replicas <= 20; replicas++) {
      for (let weight = 1; weight <= 99; weight++) {
        for (const maxSurge of [0, 1]) {
          if (replicas === 1 && maxSurge === 0) continue;
          const { stable, canary } = basicCanaryGoal({ replicas, weight, maxSurge, maxUnavailable: 1 });
          expect(Math.min(stable, canary)).toBeGreaterThanOrEqual(1);
        }
      }
    }
  });
});

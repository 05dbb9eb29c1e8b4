import { basicCanaryGoal } from '../../src/domain/canary-goal';

/** `replicas/weight/surge→canary/stable`: Argo Rollouts' TestApproximateWeightedNewStableReplicaCounts, all 57 rows. */
const ARGO = `
  0/0/s0→0/0 0/50/s0→0/0 0/100/s0→0/0 0/0/s1→0/0 0/50/s1→0/0 0/100/s1→0/0
  1/0/s0→0/1 1/1/s0→0/1 1/49/s0→0/1 1/50/s0→1/0 1/99/s0→1/0 1/100/s0→1/0
  1/0/s1→0/1 1/1/s1→1/1 1/49/s1→1/1 1/50/s1→1/1 1/99/s1→1/1 1/100/s1→1/0
  2/0/s0→0/2 2/1/s0→1/1 2/50/s0→1/1 2/99/s0→1/1 2/100/s0→2/0 2/0/s1→0/2
  2/1/s1→1/2 2/50/s1→1/1 2/99/s1→2/1 2/100/s1→2/0 3/10/s0→1/2 3/25/s0→1/2
  3/33/s0→1/2 3/34/s0→1/2 3/49/s0→1/2 3/50/s0→2/1 3/10/s1→1/3 3/25/s1→1/3
  3/33/s1→1/2 3/34/s1→1/2 3/49/s1→2/2 3/50/s1→2/2 10/0/s1→0/10 10/1/s0→1/9
  10/14/s0→1/9 10/15/s0→2/8 10/16/s0→2/8 10/99/s0→9/1 10/100/s1→10/0 10/0/s1→0/10
  10/1/s1→1/10 10/18/s1→2/9 10/19/s1→2/9 10/20/s1→2/8 10/23/s1→2/8 10/24/s1→3/8
  10/25/s1→3/8 10/99/s1→10/1 10/100/s1→10/0
`;

describe('basicCanaryGoal', () => {
  test.each(ARGO.trim().split(/\s+/))('agrees with Argo Rollouts: %s', (row) => {
    const [replicas = 0, weight = 0, maxSurge = 0, canary, stable] = (row.match(/\d+/g) ?? []).map(Number);
    expect(basicCanaryGoal({ replicas, weight, maxSurge, maxUnavailable: 1 })).toEqual({ stable, canary });
  });

  test('covers the whole table', () => {
    expect(ARGO.trim().split(/\s+/)).toHaveLength(57);
  });

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

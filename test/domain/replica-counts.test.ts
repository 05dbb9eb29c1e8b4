import { basicCanaryCounts, basicCanaryGoal, routedCanaryCounts } from '../../src/domain/replica-counts';
import type { CanaryCounts, CanarySplit, RoutedCanaryInput } from '../../src/domain/replica-counts';
import { resolveFenceposts } from '../../src/domain/int-or-percent';
import type { IntOrPercent } from '../../src/domain/strategy';

// Argo Rollouts' own rows are in conformance.test.ts.
describe('basicCanaryCounts', () => {
  test('waits for pods that are not available yet instead of going under the bound', () => {
    const base = {
      replicas: 4,
      weight: 50,
      maxSurge: 1,
      maxUnavailable: 0,
      stable: { spec: 4, available: 4 },
    };
    const before = basicCanaryCounts({ ...base, canary: { spec: 1, available: 0 } });
    const after = basicCanaryCounts({ ...base, canary: { spec: 1, available: 1 } });
    expect([before, after]).toEqual([
      { stable: 4, canary: 1 },
      { stable: 3, canary: 1 },
    ]);
  });
});

describe('basicCanaryCounts, called until nothing changes while every pod comes up at once', () => {
  const weights = [0, 1, 5, 20, 33, 50, 75, 90, 99, 100];
  const bounds: readonly (readonly [IntOrPercent, IntOrPercent])[] = [
    [0, 1],
    [1, 0],
    [2, 1],
    [0, 3],
    [3, 0],
    ['25%', '25%'],
    ['0%', '0%'],
    [20, 20],
  ];
  test.each(bounds)(
    'ends at the goal and stays within surge %p and unavailable %p',
    (maxSurge, maxUnavailable) => {
      for (let replicas = 0; replicas <= 7; replicas++) {
        const { surge, unavailable } = resolveFenceposts({ replicas, maxSurge, maxUnavailable });
        for (const weight of weights) {
          for (const [stable, canary] of startsOf(replicas + surge)) {
            const input = { replicas, weight, maxSurge, maxUnavailable };
            const goal = basicCanaryGoal(input);
            const path = walk(input, { stable, canary });
            const lowest = Math.min(stable + canary, replicas - unavailable);
            const isSafe = path.most <= replicas + surge && path.least >= lowest;
            if (!isSafe || path.end?.stable !== goal.stable || path.end.canary !== goal.canary) {
              throw new Error(`${JSON.stringify({ ...input, stable, canary })} went ${JSON.stringify(path)}`);
            }
          }
        }
      }
    },
  );
});

/** Every split of at most `most` pods. */
function startsOf(most: number): readonly (readonly [number, number])[] {
  return Array.from({ length: most + 1 }, (_, canary) => canary).flatMap((canary) =>
    Array.from({ length: most - canary + 1 }, (_, stable) => [stable, canary] as const),
  );
}

/** Follows the counts for at most 100 steps; `end` is missing if they never settle. */
function walk(input: CanarySplit, start: CanaryCounts): { end?: CanaryCounts; most: number; least: number } {
  let now = start;
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 100; step++) {
    const stable = { spec: now.stable, available: now.stable };
    const canary = { spec: now.canary, available: now.canary };
    const next = basicCanaryCounts({ ...input, stable, canary });
    if (next.stable === now.stable && next.canary === now.canary) return { end: now, most, least };
    most = Math.max(most, next.stable + next.canary);
    least = Math.min(least, Math.min(now.stable, next.stable) + Math.min(now.canary, next.canary));
    now = next;
  }
  return { most, least };
}

describe('routedCanaryCounts', () => {
  test.each<readonly [string, RoutedCanaryInput, number]>([
    ['rounds the canary up', { replicas: 10, weight: 1 }, 1],
    [
      'gives a canary without weight no pods, whatever the minimum',
      { replicas: 10, weight: 0, minPodsPerReplicaSet: 2 },
      0,
    ],
    [
      'forgets setCanaryScale on a full promotion',
      { replicas: 3, weight: 20, setCanaryScale: { replicas: 9 }, promoteFull: true },
      3,
    ],
    ['takes an aborted canary away by default', { replicas: 3, weight: 60, isAborted: true }, 0],
    ['lets setCanaryScale give no pods', { replicas: 3, weight: 60, setCanaryScale: { replicas: 0 } }, 0],
    [
      'prefers replicas to weight in setCanaryScale',
      { replicas: 3, weight: 60, setCanaryScale: { replicas: 5, weight: 100 } },
      5,
    ],
  ])('%s', (_name, input, canary) => {
    expect(routedCanaryCounts(input)).toEqual({ stable: input.replicas, canary });
  });
});

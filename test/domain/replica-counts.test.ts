import { basicCanaryCounts, basicCanaryGoal, routedCanaryCounts } from '../../src/domain/replica-counts';
import type {
  BasicCanaryInput,
  CanaryCounts,
  CanarySplit,
  PodCounts,
  RoutedCanaryInput,
} from '../../src/domain/replica-counts';
import { resolveFenceposts } from '../../src/domain/int-or-percent';
import type { IntOrPercent } from '../../src/domain/strategy';

/**
 * The rows without a traffic router of Argo Rollouts' TestCalculateReplicaCountsForCanary (utils/replicaset/canary_test.go):
 * bounds | pods asked for/available => stable and canary expected next | its name there. `older` is a leftover version.
 */
const BASIC = `
  R 10 W 100 surge 3 unavailable 0 | stable 7/8 canary 6/3 => 7 6 | Do not add extra RSs in scaleDownCount when .Spec.Replica < AvailableReplicas
  R 10 W 20 surge 2 unavailable 0 | stable 10/10 canary 0/0 => 10 2 | Use max surge int to scale up canary
  R 10 W 20 surge 20% unavailable 0 | stable 10/10 canary 0/0 => 10 2 | Use max surge percentage to scale up canary
  R 10 W 20 surge 20% unavailable 0 | stable 10/10 canary 2/2 => 8 2 | Scale down extra stable replicas
  R 10 W 30 surge 2 unavailable 0 | stable 10/10 canary 0/0 => 10 2 | Do not go past max surge
  R 10 W 20 surge 0 unavailable 2 | stable 10/10 canary 0/0 => 8 0 | Use max unavailable int to scale down stableRS
  R 10 W 20 surge 0 unavailable 20% | stable 10/10 canary 0/0 => 8 0 | Use max surge percentage to scale down stableRS
  R 10 W 30 surge 0 unavailable 2 | stable 10/10 canary 0/0 => 8 0 | Do not go past max unavailable
  R 10 W 50 surge 2 unavailable 1 | stable 10/10 canary 0/0 => 9 2 | Use Max Surge and Max Unavailable
  R 10 W 0 surge 1 unavailable 1 | stable 10/10 canary 1/1 => 10 0 | Scale canaryRS to zero on setWeight of 0%
  R 10 W 100 surge 1 unavailable 1 | stable 1/1 canary 10/10 => 0 10 | Scale stable to zero on setWeight of 100%
  R 1 W 20 surge 1 unavailable 0 | stable 1/1 canary 0/0 => 1 1 | Do not scale canaryRS down to zero on non-zero weight
  R 1 W 90 surge 1 unavailable 0 | stable 1/1 canary 0/0 => 1 1 | Do not scale canaryRS down to zero on non-100 weight
  R 1 W 49 surge 0 unavailable 1 | stable 1/1 canary 0/0 => 1 0 | Scale canaryRS to zero on <50 weight without surge
  R 1 W 51 surge 0 unavailable 1 | stable 1/1 canary 0/0 => 0 0 | Scale stableRS down to zero on >=50 weight without surge
  R 1 W 51 surge 0 unavailable 1 | stable 0/0 canary 0/0 => 0 1 | Scale canaryRS to one on >=50 weight without surge and stable replicas
  R 10 W 30 surge 1 unavailable 0 | stable 1/1 canary 0/0 older 3/3 => 7 1 | Scale up Stable before canaryRS
  R 10 W 30 surge 0 unavailable 3 | stable 8/5 canary 4/4 => 7 3 | Scale down canaryRS and stable
  R 10 W 100 surge 1 unavailable 0 | stable 10/2 canary 10/8 => 2 9 | Scale down stable and canary available
  R 10 W 30 surge 0 unavailable 1 | stable 8/6 canary 4/2 older 3/3 => 8 4 | Do not scale down canaryRS or stable when older RS count >= scaleDownCount
  R 10 W 5 surge 0 unavailable 1 | stable 10/10 canary 0/0 => 9 0 | Do not round past maxSurge with uneven setWeight divisor
  R 10 W 5 surge 0 unavailable 1 | stable 9/9 canary 0/0 => 9 1 | Do not round past maxSurge with uneven setWeight divisor (part 2)
  R 10 W 10 surge 0% unavailable 0% | stable 10/10 canary 0/0 => 9 0 | Use maxUnavailable of 1 when percentage of maxUnavailable and maxSurge result in 0 replicas
  R 10 W 20 surge 20% unavailable 0 | stable 10/10 canary 0/0 => 10 2 | Ignore setCanaryScale when trafficRouting is missing and use setWeight for replicas
  R 4 W 100 surge 1 unavailable 0 | stable 4/1 canary 0/0 => 4 1 | honor maxSurge during scale up when stableRS unavailable
  R 3 W 99 surge 0 unavailable 2 | stable 3/3 canary 0/0 => 1 0 | scale down to maxunavailable without exceeding maxSurge
  R 3 W 99 surge 0 unavailable 2 | stable 1/1 canary 0/0 => 1 2 | scale down to maxunavailable without exceeding maxSurge (part 2)
  R 4 W 0 surge 1 unavailable 0 | stable 0/0 canary 4/4 => 1 4 | honor maxUnavailable when aborting or reducing weight part 1
  R 4 W 0 surge 1 unavailable 0 | stable 1/0 canary 4/4 => 1 4 | honor maxUnavailable when aborting or reducing weight part 2
  R 4 W 0 surge 1 unavailable 0 | stable 1/1 canary 4/4 => 1 3 | honor maxUnavailable when aborting or reducing weight part 3
  R 4 W 1 surge 4 unavailable 4 | stable 4/4 canary 0/0 full => 0 4 | promote full does not consider weight
  R 4 W 1 surge 3 unavailable 0 | stable 4/4 canary 0/0 full => 4 3 | promote full still honors maxSurge/maxUnavailable
`;
const ROW =
  /^R (\d+) W (\d+) surge (\S+) unavailable (\S+) \| stable (\S+) canary (\S+) (?:older (\S+) |(full) )?=> (\d+) (\d+) \| (.+)$/;

function readRow(line: string) {
  const cells = ROW.exec(line.trim());
  if (cells === null) throw new Error(`not a row: ${line}`);
  const [, replicas, weight, surge, unavailable, stable, canary, older, full, nextStable, nextCanary, name] =
    cells;
  const input: BasicCanaryInput = {
    replicas: Number(replicas),
    weight: Number(weight),
    maxSurge: bound(surge),
    maxUnavailable: bound(unavailable),
    stable: pods(stable),
    canary: pods(canary),
    ...(older === undefined ? {} : { older: pods(older) }),
    promoteFull: full !== undefined,
  };
  return { name, input, next: { stable: Number(nextStable), canary: Number(nextCanary) } };
}

function bound(cell = ''): IntOrPercent {
  return cell.endsWith('%') ? (cell as IntOrPercent) : Number(cell);
}

function pods(cell = ''): PodCounts {
  const [spec = 0, available = 0] = cell.split('/').map(Number);
  return { spec, available };
}

/** The rows of the same table with a traffic router. */
const ROUTED: readonly (readonly [string, RoutedCanaryInput, { stable: number; canary: number }])[] = [
  [
    'For canary replicas, use setCanaryScale.replicas when specified along with trafficRouting (and ignore setWeight)',
    { replicas: 1, weight: 100, setCanaryScale: { replicas: 9 } },
    { stable: 1, canary: 9 },
  ],
  [
    'Use setCanaryScale.weight for canary replicas when specified with trafficRouting (and ignore setWeight)',
    { replicas: 4, weight: 100, setCanaryScale: { weight: 200 } },
    { stable: 4, canary: 8 },
  ],
  [
    'Ignore setCanaryScale replicas/weight when matchTrafficWeight is true',
    { replicas: 10, weight: 20, setCanaryScale: { replicas: 9, weight: 100, matchTrafficWeight: true } },
    { stable: 10, canary: 2 },
  ],
  [
    'aborted with abortScaleDownDelaySeconds:0 and setCanaryScale',
    { replicas: 1, weight: 0, setCanaryScale: { replicas: 1 }, abortScaleDownDelay: 0, isAborted: true },
    { stable: 1, canary: 1 },
  ],
  [
    'aborted with abortScaleDownDelaySeconds>0 and setCanaryScale',
    { replicas: 1, weight: 0, setCanaryScale: { replicas: 1 }, abortScaleDownDelay: 30_000, isAborted: true },
    { stable: 1, canary: 0 },
  ],
  [
    'Honor MinPodsPerReplicaSet when using trafficRouting and starting canary',
    { replicas: 10, weight: 5, minPodsPerReplicaSet: 2 },
    { stable: 10, canary: 2 },
  ],
  [
    'Cap MinPodsPerReplicaSet when it exceeds rollout replicas with trafficRouting',
    { replicas: 1, weight: 100, promoteFull: true, minPodsPerReplicaSet: 2 },
    { stable: 1, canary: 1 },
  ],
];

describe('basicCanaryCounts', () => {
  const rows = BASIC.trim().split('\n').map(readRow);

  test.each(rows)('agrees with Argo Rollouts: $name', ({ input, next }) => {
    expect(basicCanaryCounts(input)).toEqual(next);
  });

  test('covers all 32 rows without a traffic router', () => {
    expect(rows).toHaveLength(32);
  });

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
  test.each(ROUTED)('agrees with Argo Rollouts: %s', (_name, input, expected) => {
    expect(routedCanaryCounts(input)).toEqual(expected);
  });

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

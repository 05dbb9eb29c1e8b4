import { startSequential, tick, verdictOf, type SequentialState } from '../../../src/domain/sequential';
import { config } from './builder';
import { binomial, poisson, seeded } from './random';

/** Whole rollouts through counters of pods: 100 requests a second, 2 pods of the canary and 10 of the baseline, all defaults. */
const usual = config({ warmup: '30s' });
const steps = [0.05, 0.2, 0.5] as const;

interface End {
  readonly kind: 'failed' | 'promoted' | 'undecided';
  readonly seconds: number;
  readonly failing: number;
}

function rollout(share: number, seed: number): End {
  const random = seeded(seed);
  const pods = Array.from({ length: 12 }, (_, index) => ({ pod: `web-${index}`, total: 0, bad: 0 }));
  let state: SequentialState = startSequential(usual);
  let [step, failing] = [0, 0];
  // Pods are ready before the first tick, so that time counts from traffic on.
  for (let at = -10_000; at <= 7_200_000; at += 10_000) {
    const weight = steps[step] ?? 1;
    for (const [index, pod] of pods.entries()) {
      if (at < 0) continue;
      const isCanary = index < 2;
      const served = poisson(random, isCanary ? 500 * weight : 100 * (1 - weight));
      const bad = binomial(random, served, isCanary ? share : 0.001);
      pod.total += served;
      pod.bad += bad;
      if (isCanary) failing += bad;
    }
    const errors = { canary: pods.slice(0, 2), baseline: pods.slice(2) };
    const sample = { index: step, weight, nextWeight: steps[step + 1] ?? 1 };
    state = tick(usual, state, { at, readyAt: -60_000, step: sample, metrics: { errors } });
    const { kind } = verdictOf(usual, state);
    const seconds = at / 1000 + 10;
    if (kind === 'failed') return { kind, seconds, failing };
    if (kind === 'inconclusive') return { kind: 'undecided', seconds, failing };
    if (kind === 'promote') step++;
    if (step === steps.length) return { kind: 'promoted', seconds, failing };
  }
  return { kind: 'undecided', seconds: 7200, failing };
}

function rollouts(
  share: number,
  runs: number,
): { mean: (of: 'seconds' | 'failing') => number; kinds: Set<string> } {
  const ends = Array.from({ length: runs }, (_, seed) => rollout(share, seed + 1));
  return {
    mean: (of) => ends.reduce((sum, end) => sum + end[of], 0) / runs,
    kinds: new Set(ends.map(({ kind }) => kind)),
  };
}

test.each([
  [0.01, 300, 15],
  [0.05, 40, 11],
  [0.2, 35, 35],
])(
  'rolls back a version that fails a share of %p, within %p s and %p failing requests on average',
  (share, seconds, failing) => {
    const { mean, kinds } = rollouts(share, 60);
    expect([...kinds]).toEqual(['failed']);
    expect(mean('seconds')).toBeLessThanOrEqual(seconds);
    expect(mean('failing')).toBeLessThanOrEqual(failing);
  },
);

test('promotes a good version through all steps in about ten minutes', () => {
  const { mean, kinds } = rollouts(0.001, 40);
  expect([...kinds]).toEqual(['promoted']);
  expect(mean('seconds')).toBeLessThanOrEqual(700);
});

test('promotes no version that is five times as bad as the stable one', () => {
  expect(rollouts(0.005, 30).kinds).not.toContain('promoted');
});

import { capOf, type Rule } from '../../../src/domain/sequential';
import { failedShare, meanTicks, simulateMany, usualRule, type World } from './simulation';
import type { Random } from './random';

type Scenario = (tick: number, random: Random) => World;

/** 100 requests a second, 10 s a tick, 5 % of them to the canary; 0.1 % fail. */
const usual: World = { canary: 50, baseline: 950, canaryShare: 0.001, baselineShare: 0.001 };
const plain: Rule = { ...usualRule, cap: Number.POSITIVE_INFINITY };
const anyIncrease: Rule = { ...plain, ratio: 1, harmAbsolute: 0 };
/** As bad as is tolerated at a share of the baseline. */
const line = (share: number) => 1.5 * share + 0.001;
const weights = [0.05, 0.2, 0.5];

// 10,000 rollouts of each are run by `npm run simulate`; here as many as a few seconds allow, each with its own seed.
test.each<[string, Rule, Scenario, number]>([
  ['equal versions', plain, () => usual, 0.002],
  ['equal versions, where any increase counts', anyIncrease, () => usual, 0.01],
  ['a version exactly on the line', plain, () => ({ ...usual, canaryShare: line(0.001) }), 0.01],
  [
    'a version on the line while weights change',
    plain,
    (tick) => {
      const weight = weights[Math.floor((tick - 1) / 60)] ?? 0.5;
      return {
        canary: 1000 * weight,
        baseline: 1000 * (1 - weight),
        canaryShare: line(0.001),
        baselineShare: 0.001,
      };
    },
    0.01,
  ],
  [
    'a version on the line of a busy service',
    plain,
    () => ({ canary: 500, baseline: 9500, canaryShare: line(0.001), baselineShare: 0.001 }),
    0.01,
  ],
  [
    'a share that swings in both',
    anyIncrease,
    (tick) => {
      const share = 0.001 * (1 + 0.9 * Math.sin(tick / 10));
      return { ...usual, canaryShare: share, baselineShare: share };
    },
    0.01,
  ],
  [
    'outages of a third that hit both',
    anyIncrease,
    (tick) => {
      const share = tick % 30 < 3 ? 0.3 : 0.001;
      return { ...usual, canaryShare: share, baselineShare: share };
    },
    0.01,
  ],
  ['both at 20 %', anyIncrease, () => ({ ...usual, canaryShare: 0.2, baselineShare: 0.2 }), 0.01],
  [
    'two requests a second',
    plain,
    () => ({ canary: 1, baseline: 19, canaryShare: line(0.001), baselineShare: 0.001 }),
    0.01,
  ],
  ['bursts of 3, with two ticks at least', usualRule, () => ({ ...usual, burst: 3 }), 0.01],
  ['bursts of 10, with two ticks at least', usualRule, () => ({ ...usual, burst: 10 }), 0.01],
])('rolls back at most 1 %% of: %s', (name, rule, scenario, most) => {
  expect(failedShare(simulateMany(rule, scenario, { runs: 400, seed: name.length }))).toBeLessThanOrEqual(
    most,
  );
});

test('is wrong about bursts without the cap, which is why two ticks are the default', () => {
  const outcomes = simulateMany(plain, () => ({ ...usual, burst: 10 }), { runs: 200 });
  expect(failedShare(outcomes)).toBeGreaterThan(0.3);
});

test.each<[string, number, number, number]>([
  ['1 %', 0.01, 260, 13],
  ['5 %', 0.05, 40, 10],
  ['20 %', 0.2, 35, 35],
  ['100 %', 1, 22, 110],
])('finds a version that fails %s of its requests in time', (_name, canaryShare, seconds, failing) => {
  const outcomes = simulateMany(usualRule, () => ({ ...usual, canaryShare }), { runs: 300, seed: 3 });
  expect(failedShare(outcomes)).toBe(1);
  expect(10 * meanTicks(outcomes)).toBeLessThanOrEqual(seconds);
  expect(outcomes.reduce((sum, each) => sum + each.failing, 0) / outcomes.length).toBeLessThanOrEqual(
    failing,
  );
});

test.each<[string, number, number]>([
  ['1 %', 0.01, 345],
  ['5 %', 0.05, 50],
])('finds a version that breaks after ten good minutes at %s', (_name, bad, seconds) => {
  const late: Scenario = (tick) => ({ ...usual, canaryShare: tick > 60 ? bad : 0.001 });
  const outcomes = simulateMany(plain, late, { runs: 300, seed: 4 });
  expect(10 * (meanTicks(outcomes) - 60)).toBeLessThanOrEqual(seconds);
});

test.each<[string, number, number, number]>([
  ['0.5 pp', 0.05, 0.005, 225],
  ['0.1 pp at half of the traffic', 0.5, 0.001, 255],
])('promotes a good version on a margin of %s', (_name, weight, safeAbsolute, seconds) => {
  const rule = { ...usualRule, safeAbsolute };
  const world = { ...usual, canary: 1000 * weight, baseline: 1000 * (1 - weight) };
  const passed = simulateMany(rule, () => world, { runs: 200, seed: 5 }).map(
    ({ passedAt = 180 }) => passedAt,
  );
  expect((10 * passed.reduce((sum, each) => sum + each, 0)) / passed.length).toBeLessThanOrEqual(seconds);
});

test.each<[string, number, number]>([
  ['on the line', line(0.001), 0.05],
  ['twice as bad as the line', 2 * line(0.001), 0.002],
])('lets at most 5 %% of bad versions pass a step: %s', (_name, canaryShare, most) => {
  // The rollback is switched off, so that the promotion stands alone.
  const rule = { ...usualRule, cap: capOf(1, 1e9) };
  const outcomes = simulateMany(rule, () => ({ ...usual, canary: 500, baseline: 500, canaryShare }), {
    runs: 400,
  });
  const passed = outcomes.filter(({ passedAt }) => passedAt !== undefined).length / outcomes.length;
  expect(passed).toBeLessThanOrEqual(most);
});

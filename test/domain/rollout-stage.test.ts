import { stageOf } from '../../src/domain/rollout-stage';
import type { RolloutStatus, StepMark } from '../../src/domain/rollout-status';
import { noTraffic } from '../../src/domain/routing/traffic';
import type { CanaryStrategy, RolloutStep, Strategy } from '../../src/domain/strategy';

const weight = (percent: number): RolloutStep => ({ kind: 'setWeight', weight: percent });
const pause: RolloutStep = { kind: 'pause', durationMs: 1 };
const canary = { kind: 'canary' } as CanaryStrategy;
const routed = { kind: 'canary', routing: { maxTrafficWeight: 100 } } as CanaryStrategy;

function stage(
  strategy: Strategy,
  steps: readonly (readonly [RolloutStep, StepMark])[],
  traffic = noTraffic,
  replicas?: number,
) {
  const status = { spec: { strategy }, steps: steps.map(([step, mark]) => ({ step, mark })) };
  return stageOf(status as unknown as Pick<RolloutStatus, 'spec' | 'steps'>, traffic, replicas);
}

const at20 = { ...noTraffic, weight: 20 };

test('counts from the last weight that was reached, and looks to the next', () => {
  const steps = [
    [weight(20), 'done'],
    [pause, 'now'],
    [weight(50), 'next'],
  ] as const;
  expect(stage(routed, steps, at20)).toEqual({ index: 1, weight: 0.2, nextWeight: 0.5 });
  expect(stage(routed, steps.slice(0, 2), at20)).toEqual({ index: 1, weight: 0.2, nextWeight: 1 });
});

test('before the first weight the number is 0', () => {
  expect(
    stage(routed, [
      [pause, 'now'],
      [weight(5), 'next'],
    ]),
  ).toEqual({ index: 0, weight: 0, nextWeight: 0.05 });
});

test('says no share while weights move, or while requests are picked or mirrored', () => {
  const moving = [
    [weight(20), 'done'],
    [weight(50), 'now'],
  ] as const;
  expect(stage(routed, moving, { ...noTraffic, weight: 50 })).toEqual({ index: 1, nextWeight: 0.5 });
  const steps = [
    [weight(20), 'done'],
    [pause, 'now'],
  ] as const;
  const mirrored = { ...at20, mirrorRoutes: [{ name: 'm', match: [] }] };
  expect(stage(routed, steps, mirrored)).toEqual({ index: 1, nextWeight: 1 });
});

test('without a router nothing promises a split, and the next share is what whole pods make of it', () => {
  const steps = [
    [weight(5), 'done'],
    [pause, 'now'],
    [weight(10), 'next'],
  ] as const;
  expect(stage(canary, steps, noTraffic, 4)).toEqual({ index: 1, nextWeight: 0.25 });
  expect(stage(canary, steps.slice(0, 2), noTraffic, 4)).toEqual({ index: 1, nextWeight: 1 });
});

test('a router that counts to another number than 100 is reckoned with', () => {
  const thousand = { kind: 'canary', routing: { maxTrafficWeight: 1000 } } as CanaryStrategy;
  const steps = [
    [weight(20), 'done'],
    [pause, 'now'],
    [weight(50), 'next'],
  ] as const;
  expect(stage(thousand, steps, at20)).toEqual({ index: 1, weight: 0.02, nextWeight: 0.05 });
});

test('blue-green has no weights', () => {
  expect(stage({ kind: 'blueGreen' } as Strategy, [])).toEqual({ index: 0 });
});

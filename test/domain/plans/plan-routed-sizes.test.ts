import { trafficPlan } from '../../../src/activities/traffic-plan';
import { planStart } from '../../../src/domain/plans/plan-start';
import { fullTraffic, noTraffic } from '../../../src/domain/routing/traffic';
import { drive, lookBy, type PlanRun } from '../../support/plan-run';
import { begin, forward, reach, routedCanary, until, type Setup } from '../../support/routed-rollout';

const four: Setup = { replicas: 4, isDynamic: false };

/** A rollout that has reached these steps. */
function after(setup: Setup, weight: number, more: Parameters<typeof begin>[2] = {}): PlanRun {
  const run = begin(setup, Infinity, more);
  until(run, [planStart, reach({ ...noTraffic, weight }, setup)]);
  run.simulator.settle();
  return run;
}

describe('sizes', () => {
  it('follow a new count of Git in the middle', () => {
    const run = after(four, 50);
    const grown = { ...run, context: { ...run.context, replicas: 6 }, check: () => undefined };
    drive(grown, reach({ ...noTraffic, weight: 50 }, four));
    expect([grown.simulator.oldPods(), grown.simulator.serving('web-preview').fresh]).toEqual([6, 3]);
    const shrunk = { ...run, context: { ...run.context, replicas: 2 }, check: () => undefined };
    drive(shrunk, reach({ ...noTraffic, weight: 50 }, four));
    shrunk.simulator.settle();
    expect([shrunk.simulator.oldPods(), shrunk.simulator.serving('web-preview').fresh]).toEqual([2, 1]);
  });

  it('follow an autoscaler, which is never fought, in every step', () => {
    const run = begin(four, Infinity, { more: { replicas: undefined } });
    const sizes = [4, 6, 3, 5, 8, 2];
    for (const [index, planner] of forward(four).entries()) {
      const size = sizes[index % sizes.length] ?? 4;
      const isStable = index < forward(four).length - 2;
      if (isStable) run.simulator.meddle('Deployment', 'web', { spec: { replicas: size } });
      run.simulator.settle();
      drive({ ...run, check: () => undefined }, planner);
      const { stable } = run.simulator.view();
      if (isStable) expect([index, stable?.spec.replicas]).toEqual([index, size]);
    }
    expect(run.simulator.leftMarks()).toEqual([]);
  });

  it.each([
    ['setCanaryScale.replicas beats the weight', { replicas: 3 }, 25, 3],
    ['setCanaryScale.weight beats the weight', { weight: 200 }, 25, 8],
    ['matchTrafficWeight undoes both', { matchTrafficWeight: true, replicas: 3 }, 25, 1],
    ['a canary that shall have no pods gets no weight', { replicas: 0 }, 25, 0],
  ])('%s', (_name, scale, weight, count) => {
    const run = begin(four);
    until(run, [planStart, reach({ ...noTraffic, weight, scale }, four)]);
    expect(run.simulator.view().canary?.spec.replicas).toBe(count);
    expect(run.simulator.weight()).toBe(count === 0 ? 0 : weight);
  });

  it('promote --full forgets setCanaryScale', () => {
    const run = begin(four);
    until(run, [planStart, reach({ ...fullTraffic(100), scale: { replicas: 1 } }, four)]);
    expect(run.simulator.view().canary?.spec.replicas).toBe(4);
  });

  it('minPodsPerReplicaSet lifts a small canary', () => {
    const run = begin(four);
    const plan = trafficPlan(routedCanary({ minPodsPerReplicaSet: 3 }), { ...noTraffic, weight: 1 });
    until(run, [planStart, plan]);
    expect(run.simulator.view().canary?.spec.replicas).toBe(3);
  });

  it('replicaProgressThreshold lets a step go on with some of its pods', () => {
    const run = begin(four);
    const plan = trafficPlan(routedCanary({ replicaProgressThreshold: '50%' }), {
      ...noTraffic,
      weight: 100,
    });
    until(run, [planStart]);
    run.simulator.meddle('Deployment', 'web-canary', { spec: { replicas: 4 } });
    run.simulator.settle();
    const next = (available: number): string | undefined => {
      run.simulator.meddle('Deployment', 'web-canary', { status: { availableReplicas: available } });
      return lookBy(run, plan)[0];
    };
    expect(next(1)).toBe('wait for 2 canary pods of web to be available (1 are)');
    expect(next(2)).toMatch(/^pin Service web-preview/);
  });
});

import { planStart } from '../../../src/domain/plans/plan-start';
import { fullTraffic, noTraffic } from '../../../src/domain/routing/traffic';
import { keepingPlan } from '../../../src/activities/traffic-plan';
import { drive, lookBy, type PlanRun } from '../../support/plan-run';
import { begin, forward, reach, until, type Setup } from '../../support/routed-rollout';

const four: Setup = { replicas: 4, isDynamic: false };
const setups: readonly Setup[] = [
  four,
  { replicas: 4, isDynamic: true },
  { replicas: 1, isDynamic: false },
  { replicas: 1, isDynamic: true },
  { replicas: 0, isDynamic: false },
  { replicas: 0, isDynamic: true },
];

/** A rollout that has reached these steps. */
function after(setup: Setup, weight: number, more: Parameters<typeof begin>[2] = {}): PlanRun {
  const run = begin(setup, Infinity, more);
  until(run, [planStart, reach({ ...noTraffic, weight }, setup)]);
  run.simulator.settle();
  return run;
}

/** What a pause at this weight would do next, apart from labels on pods. */
function look(run: PlanRun, weight: number, setup = four): readonly string[] {
  return lookBy(run, keepingPlan(reach({ ...noTraffic, weight }, setup)));
}

describe.each(setups)('a routed canary of $replicas pods, dynamicStableScale $isDynamic', (setup) => {
  it('is promoted, and leaves no weight and no mark', () => {
    const run = begin(setup);
    expect(until(run, forward(setup))).toBe(forward(setup).length);
    run.simulator.settle();
    expect([run.simulator.weight(), run.simulator.leftMarks()]).toEqual([0, []]);
    expect(run.simulator.serving('web-stable')).toEqual({ old: 0, fresh: setup.replicas });
  });

  it('is promoted when its worker dies anywhere and every action may be done twice', () => {
    for (let cut = 0; cut < 60; cut += 2) {
      const run = begin(setup, cut, { seed: cut });
      const died = until(run, forward(setup));
      run.left = Infinity;
      for (const planner of forward(setup).slice(died)) expect(drive(run, planner)).toBe(true);
      run.simulator.settle();
      expect([cut, run.simulator.weight(), run.simulator.leftMarks()]).toEqual([cut, 0, []]);
      if (died >= forward(setup).length) return;
    }
  });
});

describe.each(setups.slice(0, 2))('an idle look, dynamicStableScale $isDynamic', (setup) => {
  it.each([...forward(setup).keys()])('has nothing to do after step %i', (index) => {
    const run = begin(setup);
    const planners = forward(setup);
    until(run, planners.slice(0, index + 1));
    run.simulator.settle();
    for (const planner of [planners[index], forward(setup)[index]]) {
      const again = planner?.(run.simulator.view(), run.context, run.now + 600);
      const later = planner?.(run.simulator.view(), run.context, run.now + 6_000);
      expect([again?.kind, later?.kind]).not.toContain('act');
    }
  });
});

describe('what somebody changes meanwhile', () => {
  const changes: readonly (readonly [string, string, string, object, string])[] = [
    ['the size of stable', 'Deployment', 'web', { spec: { replicas: 2 } }, 'scale web from 2 to 4'],
    [
      'the size of the canary',
      'Deployment',
      'web-canary',
      { spec: { replicas: 0 } },
      'scale web-canary from 0',
    ],
    [
      'the pin of a Service',
      'Service',
      'web-stable',
      { spec: { selector: { 'pod-template-hash': null } } },
      'pin Service web-stable',
    ],
    [
      'a weight',
      'HTTPRoute',
      'web',
      { spec: { rules: [{ backendRefs: [{ name: 'web-stable', port: 80 }] }] } },
      '50 of 100 to the canary in HTTPRoute shop/web',
    ],
  ];
  it.each(changes)('%s is put right', (_name, kind, name, change, first) => {
    const run = after(four, 50);
    expect(look(run, 50)).toEqual(['wait for the pause to end']);
    run.simulator.meddle(kind, name, change);
    expect(look(run, 50)[0]).toContain(first);
    drive(run, reach({ ...noTraffic, weight: 50 }, four));
    expect(look(run, 50)).toEqual(['wait for the pause to end']);
    expect(run.simulator.weight()).toBe(50);
  });

  it('stops when the route is gone', () => {
    const run = after(four, 50);
    run.simulator.meddle('HTTPRoute', 'web', undefined);
    expect(look(run, 50)[0]).toContain('RouteMissing: HTTPRoute shop/web is gone');
  });
});

describe('a canary that has lost all its pods', () => {
  it('gives its weight to stable until one is available again', () => {
    const run = after(four, 50);
    run.simulator.unready('fresh');
    run.simulator.meddle('Deployment', 'web-canary', { status: { availableReplicas: 0 } });
    for (let looks = 0; looks < 10 && run.simulator.weight() > 0; looks++) {
      const plan = reach({ ...noTraffic, weight: 50 }, four)(run.simulator.view(), run.context, 0);
      for (const action of plan.kind === 'act' ? plan.actions : [])
        run.simulator.perform(action, run.context);
    }
    expect([run.simulator.weight(), run.simulator.serving('web-preview')]).toEqual([0, { old: 4, fresh: 0 }]);
    expect(look(run, 50)).toEqual(['wait for 2 canary pods of web to be available (0 are)']);
    run.simulator.settle();
    drive(run, reach({ ...noTraffic, weight: 50 }, four));
    expect([run.simulator.weight(), run.simulator.serving('web-preview')]).toEqual([
      50,
      { old: 0, fresh: 2 },
    ]);
  });

  it('keeps its weight with dynamicStableScale, where stable could not carry it', () => {
    const run = after({ ...four, isDynamic: true }, 50);
    run.simulator.meddle('Deployment', 'web-canary', { status: { availableReplicas: 0 } });
    expect(look(run, 50, { ...four, isDynamic: true })).toEqual([
      'wait for 2 canary pods of web to be available (0 are)',
    ]);
  });
});

describe('dynamicStableScale', () => {
  const setup: Setup = { replicas: 10, isDynamic: true };

  it('brings stable back before the weight that it shall carry', () => {
    const run = after(setup, 80);
    expect(run.simulator.oldPods()).toBe(2);
    expect(look(run, 20, setup)).toEqual(['scale web from 2 to 8 for its share of the traffic']);
    run.simulator.meddle('Deployment', 'web', { spec: { replicas: 8 } });
    run.simulator.settle(1);
    expect(look(run, 20, setup)[0]).toMatch(/^wait for (8 stable pods|the Deployment controller)/);
    expect(run.simulator.weight()).toBe(80);
  });

  it('leaves no Service without pods when stable has none', () => {
    const run = begin(setup);
    until(run, [planStart, reach(fullTraffic(100), setup)]);
    expect([run.simulator.oldPods(), run.simulator.serving('web-stable')]).toEqual([
      0,
      { old: 0, fresh: 10 },
    ]);
  });
});

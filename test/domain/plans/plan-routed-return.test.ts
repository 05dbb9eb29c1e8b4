import type { KubeObject } from '../../../src/domain/kube-object';
import { marks } from '../../../src/domain/marks';
import { planRemoval, planReturn } from '../../../src/domain/plans/plan-return';
import { planStart } from '../../../src/domain/plans/plan-start';
import { fullTraffic, noTraffic } from '../../../src/domain/routing/traffic';
import type { TrafficRouting } from '../../../src/domain/routing/spec';
import { drive, type Planner, type PlanRun } from '../../support/plan-run';
import { RouteSimulator } from '../../support/route-simulator';
import {
  adoption,
  back,
  begin,
  forward,
  reach,
  route,
  turned,
  until,
  type Setup,
} from '../../support/routed-rollout';
import { told } from '../../support/view-told';

const four: Setup = { replicas: 4, isDynamic: false };
const dynamic: Setup = { replicas: 10, isDynamic: true };
const setups: readonly Setup[] = [
  four,
  { replicas: 4, isDynamic: true },
  { replicas: 1, isDynamic: false },
  { replicas: 1, isDynamic: true },
  { replicas: 0, isDynamic: true },
  dynamic,
];

/** Turned back at this weight. */
function at(weight: number, setup = four, more: Parameters<typeof begin>[2] = {}): PlanRun {
  const run = begin(setup, Infinity, more);
  until(run, [planStart, reach({ ...noTraffic, weight }, setup)]);
  run.simulator.settle();
  return turned(run);
}

function summaryOf(setup: Setup): unknown {
  return new RouteSimulator(setup.replicas, begin(setup).context, [route]).summary();
}

describe.each(setups)('the way back of $replicas pods, dynamicStableScale $isDynamic', (setup) => {
  it('ends as it began from anywhere, whatever is done twice', () => {
    for (let cut = 0; cut < 60; cut += setup.replicas > 4 ? 5 : 1) {
      const run = begin(setup, cut, { seed: cut });
      if (until(run, forward(setup)) >= adoption) return;
      const returning = turned(run);
      for (const planner of back) expect(drive(returning, planner)).toBe(true);
      run.simulator.settle();
      expect([cut, run.simulator.summary()]).toEqual([cut, summaryOf(setup)]);
      expect([run.simulator.weight(), run.simulator.leftMarks()]).toEqual([0, []]);
    }
  });

  it('ends so as well when its own worker dies in the middle', () => {
    for (let cut = 0; cut < 14; cut++) {
      const run = { ...at(setup.replicas === 1 ? 100 : 50, setup), left: cut };
      const died = until(run, back);
      const again = turned(run);
      for (const planner of back.slice(died)) expect(drive(again, planner)).toBe(true);
      run.simulator.settle();
      expect([cut, run.simulator.summary()]).toEqual([cut, summaryOf(setup)]);
      expect([run.simulator.weight(), run.simulator.leftMarks()]).toEqual([0, []]);
    }
  });

  it('has nothing left to do when it is over', () => {
    const run = at(50, setup);
    until(run, back);
    for (const planner of [planRemoval, planRemoval])
      expect(told(planner(run.simulator.view(), run.context))).toEqual(['done']);
  });
});

describe('what a person did before the way back', () => {
  const meddled: readonly (readonly [string, string, string, object | undefined])[] = [
    ['scaled stable down', 'Deployment', 'web', { spec: { replicas: 1 } }],
    ['scaled the canary up', 'Deployment', 'web-canary', { spec: { replicas: 9 } }],
    ['un-paused stable', 'Deployment', 'web', { spec: { paused: null } }],
    ['unpinned a Service', 'Service', 'web-stable', { spec: { selector: { 'pod-template-hash': null } } }],
    [
      'took the mark off the route',
      'HTTPRoute',
      'web',
      { metadata: { annotations: { [marks.route]: null } } },
    ],
    [
      'wrote a weight of 100',
      'HTTPRoute',
      'web',
      {
        spec: {
          rules: [
            {
              backendRefs: [
                { name: 'web-stable', port: 80, weight: 0 },
                { name: 'web-preview', port: 80, weight: 100 },
              ],
            },
          ],
        },
      },
    ],
    ['deleted the route', 'HTTPRoute', 'web', undefined],
    ['took stable out of the route', 'HTTPRoute', 'web', { spec: { rules: [{ backendRefs: [] }] } }],
  ];
  it.each(meddled)('%s: it ends as it began', (_name, kind, name, change) => {
    const run = { ...at(50), check: () => undefined };
    run.simulator.meddle(kind, name, change);
    until(run, back);
    run.simulator.settle();
    expect(run.simulator.summary()).toEqual(summaryOf(four));
    expect([run.simulator.weight(), run.simulator.leftMarks()]).toEqual([0, []]);
  });
});

describe('the order of the way back', () => {
  it('raises the fence first, on the route too', () => {
    const run = at(50);
    const { fence } = run.context;
    expect(told(planReturn(run.simulator.view(), run.context))).toEqual(
      ['web', 'web-canary', 'web-stable', 'web-preview', 'web'].map((name) => `fence ${name} at ${fence}`),
    );
  });

  it('takes the weight and the pins back together, before any pod goes', () => {
    const run = at(50);
    let isBack = false;
    const check = ({ simulator }: PlanRun): void => {
      isBack ||= simulator.weight() === 0;
      const { canary } = simulator.view();
      if (!isBack && (canary?.spec.replicas ?? 0) < 2) throw new Error('the canary shrank before its weight');
    };
    until({ ...run, check }, back);
    expect(isBack).toBe(true);
  });

  it('waits until the router has taken it', () => {
    const run = at(50);
    for (let looks = 0; looks < 3; looks++) {
      const plan = planReturn(run.simulator.view(), run.context);
      for (const action of plan.kind === 'act' ? plan.actions : [])
        run.simulator.perform(action, run.context);
    }
    expect(told(planReturn(run.simulator.view(), run.context))[0]).toMatch(/^wait for the router to take/);
  });

  it('takes managed routes away with the weight', () => {
    const run = begin(four);
    until(run, forward(four).slice(0, 4));
    const rules = (): number =>
      (run.simulator.object('HTTPRoute', 'web')?.['spec'] as { rules: readonly unknown[] }).rules.length;
    expect(rules()).toBe(2);
    drive(turned(run), planReturn);
    expect(rules()).toBe(1);
  });
});

describe('several routes', () => {
  const names = ['a-gone', 'web', 'z-api'];
  const several: TrafficRouting = {
    router: { kind: 'gatewayApi', routes: names.map((name) => ({ kind: 'HTTPRoute', name })) },
    maxTrafficWeight: 100,
    managedRoutes: [],
  };
  const named = (name: string): KubeObject => ({ ...route, metadata: { ...route.metadata, name } });
  const run = (): PlanRun => at(50, four, { routes: names.map(named), more: { routing: several } });

  it.each<readonly [string, object | undefined]>([
    ['is gone', undefined],
    ['names stable no more', { spec: { rules: [{ backendRefs: [{ name: 'other' }] }] } }],
  ])('lose their weight although one %s', (_name, change) => {
    const turning = { ...run(), check: () => undefined };
    turning.simulator.meddle('HTTPRoute', 'a-gone', change);
    expect(turning.simulator.weight()).toBe(50);
    expect(drive(turning, planReturn)).toBe(true);
    expect(turning.simulator.weight()).toBe(0);
    expect(turning.simulator.view().canary?.spec.replicas).toBe(2);
  });

  it('are told of when one keeps a weight that nobody can take back', () => {
    const turning = run();
    const stable = { name: 'web-stable', port: 80, weight: 50 };
    const twice = [stable, stable, { name: 'web-preview', port: 80, weight: 50 }];
    turning.simulator.meddle('HTTPRoute', 'a-gone', { spec: { rules: [{ backendRefs: twice }] } });
    expect(() => drive({ ...turning, check: () => undefined }, planReturn)).toThrow(
      /^RouteUnusable: HTTPRoute shop\/a-gone, .* more than once/,
    );
    const weights = names.slice(1).map((name) => JSON.stringify(turning.simulator.object('HTTPRoute', name)));
    for (const text of weights) expect(text).toContain('"weight":0');
  });
});

describe('the way back with dynamicStableScale', () => {
  it('gives stable only as much as its available pods can carry, and never takes it back', () => {
    const run = at(80, dynamic);
    const weights: number[] = [];
    const check = (each: PlanRun): void => {
      run.check(each);
      weights.push(each.simulator.weight());
    };
    drive({ ...run, check }, planReturn);
    expect(weights.at(-1)).toBe(0);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
  });

  it('goes up step by step with the pods', () => {
    const run = at(80, dynamic);
    const look: Planner = planReturn;
    const next = (available: number): number => {
      for (let looks = 0; looks < 6; looks++) {
        run.simulator.settle(2);
        run.simulator.meddle('Deployment', 'web', { status: { availableReplicas: available } });
        const plan = look(run.simulator.view(), run.context, 0);
        for (const action of plan.kind === 'act' ? plan.actions : [])
          run.simulator.perform(action, run.context);
      }
      return run.simulator.weight();
    };
    expect([2, 3, 7, 5, 10].map(next)).toEqual([80, 70, 30, 30, 0]);
  });

  it('is at once when no pod of the canary is ready', () => {
    const run = { ...at(80, dynamic), check: () => undefined };
    run.simulator.unready('fresh');
    for (let looks = 0; looks < 4; looks++) {
      const plan = planReturn(run.simulator.view(), run.context);
      for (const action of plan.kind === 'act' ? plan.actions : [])
        run.simulator.perform(action, run.context);
    }
    expect(run.simulator.weight()).toBe(0);
    expect(run.simulator.serving('web-preview').old).toBe(2);
  });

  it('leaves no Service without pods when stable had none', () => {
    const run = begin(dynamic);
    until(run, [planStart, reach(fullTraffic(100), dynamic)]);
    expect(run.simulator.oldPods()).toBe(0);
    expect(drive(turned(run), planReturn)).toBe(true);
    expect([run.simulator.weight(), run.simulator.serving('web-stable')]).toEqual([0, { old: 10, fresh: 0 }]);
  });
});

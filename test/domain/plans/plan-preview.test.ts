import { keepingPlan, trafficPlan } from '../../../src/activities/traffic-plan';
import { planContext } from '../../../src/domain/plans/context';
import { planAdoption } from '../../../src/domain/plans/plan-adoption';
import { planHandover } from '../../../src/domain/plans/plan-handover';
import { planPreview } from '../../../src/domain/plans/plan-preview';
import { planRemoval, planReturn } from '../../../src/domain/plans/plan-return';
import { planRetirement } from '../../../src/domain/plans/plan-retirement';
import { planStart } from '../../../src/domain/plans/plan-start';
import type { RolloutSpec } from '../../../src/domain/rollout-status';
import { noTraffic } from '../../../src/domain/routing/traffic';
import type { BlueGreenStrategy } from '../../../src/domain/strategy';
import { chance, drive, lookBy, type Planner, type PlanRun } from '../../support/plan-run';
import { RouteSimulator } from '../../support/route-simulator';
import { turned, until } from '../../support/routed-rollout';
import { canary, context, deployment, view, withRoles } from '../../support/view-builder';
import { told } from '../../support/view-told';

const strategy: BlueGreenStrategy = {
  kind: 'blueGreen',
  activeService: 'web-stable',
  previewService: 'web-preview',
  previewReplicaCount: 1,
  autoPromotionEnabled: true,
  maxUnavailable: 0,
  scaleDownDelayMs: 0,
};
const preview = trafficPlan(strategy, noTraffic);
const full = trafficPlan(strategy, { ...noTraffic, isFull: true });
const switched = trafficPlan(strategy, { ...noTraffic, isFull: true, isSwitched: true });
const forward: readonly Planner[] = [
  planStart,
  preview,
  full,
  planHandover,
  switched,
  planAdoption,
  planRetirement,
];
const handover = forward.indexOf(planHandover);
const adoption = forward.indexOf(planAdoption);
const back: readonly Planner[] = [planReturn, planRemoval];

function begin(left = Infinity, seed?: number): PlanRun {
  const { rolloutId, fence } = context();
  const spec = { strategy, application: 'shop', namespace: 'shop', name: 'web', rolloutId } as RolloutSpec;
  const at = planContext({ spec, fence, replicas: 4 });
  return {
    simulator: new RouteSimulator(4, at, []),
    context: at,
    left,
    now: 0,
    ...(seed === undefined ? {} : { random: chance(seed) }),
    check: safe(),
  };
}

/** Users are on one whole version, and the active version stays whole until the other is stable. */
function safe(): PlanRun['check'] {
  let isPromoted = false;
  return ({ simulator }) => {
    isPromoted ||= simulator.view().stable?.spec.template.metadata?.labels?.['belay.dev/rollout'] === 'r2';
    const active = simulator.serving('web-stable');
    const seen = JSON.stringify({ active, isPromoted, old: simulator.oldPods() });
    if (active.old + active.fresh < 4) throw new Error(`users have too few pods: ${seen}`);
    if (simulator.serving('web-preview').old + simulator.serving('web-preview').fresh === 0)
      throw new Error('the preview Service selects nothing');
    if (!isPromoted && simulator.oldPods() < 4) throw new Error(`the active version is not whole: ${seen}`);
  };
}

describe('blue-green', () => {
  it('shows the preview at its size, and users nothing of it', () => {
    const run = begin();
    until(run, forward.slice(0, 2));
    expect(run.simulator.serving('web-preview')).toEqual({ old: 0, fresh: 1 });
    expect(run.simulator.serving('web-stable')).toEqual({ old: 4, fresh: 0 });
  });

  it('switches users at its full size', () => {
    const run = begin();
    until(run, forward.slice(0, handover + 1));
    expect(run.simulator.serving('web-stable')).toEqual({ old: 0, fresh: 4 });
    expect(run.simulator.oldPods()).toBe(4);
  });

  it('keeps users on the new version while it is analysed', () => {
    const run = begin();
    until(run, forward.slice(0, handover + 1));
    const keep = keepingPlan(switched);
    expect(lookBy(run, keep)).toEqual(['wait for the pause to end']);
    run.simulator.meddle('Service', 'web-stable', { spec: { selector: { 'pod-template-hash': 'h0' } } });
    expect(lookBy(run, keep)).toEqual(['pin Service web-stable to h1']);
    run.simulator.meddle('Deployment', 'web', { spec: { replicas: 1 } });
    expect(lookBy(run, keep)).toEqual(['scale web from 1 to 4 for the way back']);
  });

  it('is promoted when its worker dies anywhere and every action may be done twice', () => {
    for (let cut = 0; cut < 40; cut++) {
      const run = begin(cut, cut);
      const died = until(run, forward);
      run.left = Infinity;
      for (const planner of forward.slice(died)) expect(drive(run, planner)).toBe(true);
      run.simulator.settle();
      expect(run.simulator.serving('web-stable')).toEqual({ old: 0, fresh: 4 });
      expect(run.simulator.leftMarks()).toEqual([]);
      if (died >= forward.length) return;
    }
  });

  it('ends as it began when it turns back anywhere, after the switch too', () => {
    const untouched = begin().simulator.summary();
    let furthest = 0;
    for (let cut = 0; cut < 40; cut++) {
      const run = begin(cut, cut);
      const died = until(run, forward);
      if (died >= adoption) break;
      furthest = died;
      until(turned(run), back);
      run.simulator.settle();
      expect([cut, run.simulator.summary()]).toEqual([cut, untouched]);
    }
    expect(furthest).toBeGreaterThanOrEqual(handover);
    const run = begin();
    until(run, forward.slice(0, adoption));
    until(turned(run), back);
    run.simulator.settle();
    expect(run.simulator.summary()).toEqual(untouched);
  });

  it.each([...forward.keys()])('has nothing to do after step %i', (index) => {
    const run = begin();
    until(run, forward.slice(0, index + 1));
    run.simulator.settle();
    expect(told(forward[index]?.(run.simulator.view(), run.context, run.now) ?? { kind: 'done' })).toEqual([
      'done',
    ]);
  });

  it('does not fight an autoscaler, and takes its newest size over before the switch', () => {
    const run = { ...begin(), check: () => undefined };
    const at = { ...run, context: { ...run.context, replicas: undefined } };
    until(at, forward.slice(0, 3));
    run.simulator.meddle('Deployment', 'web', { spec: { replicas: 6 } });
    run.simulator.settle();
    until(at, [planHandover, switched]);
    expect(run.simulator.view().stable?.spec.replicas).toBe(6);
    expect(run.simulator.serving('web-stable')).toEqual({ old: 0, fresh: 6 });
  });
});

describe('a preview', () => {
  const stable = deployment('web', 4);
  it.each([
    ['stops when the workload is gone', [canary(1)], /^WorkloadMissing/],
    ['stops when the canary is gone', [stable], /^CanaryMissing/],
    ['gives both their sizes', [stable.spec({ replicas: 3 }), canary(0)], /^scale web from 3 to 4/],
    [
      'waits for the controller',
      [stable, canary(2).meta({ generation: 2 })],
      /^wait for the Deployment controller/,
    ],
  ])('%s', (_name, objects, first) => {
    expect(told(planPreview(view(...objects), context(withRoles), 2))[0]).toMatch(first);
  });

  it('of no pods leaves its Service on the active version', () => {
    const run = begin();
    const none: Planner = (seen, at) => planPreview(seen, at, 0);
    until(run, [planStart, none]);
    expect(run.simulator.serving('web-preview')).toEqual({ old: 4, fresh: 0 });
  });
});

import type { Plan, PlanContext } from '../../../src/domain/plans/plan';
import { chance } from '../../support/plan-run';
import { planAdoption } from '../../../src/domain/plans/plan-adoption';
import { planHandover } from '../../../src/domain/plans/plan-handover';
import { planRetirement } from '../../../src/domain/plans/plan-retirement';
import { planRemoval, planReturn } from '../../../src/domain/plans/plan-return';
import { planStart } from '../../../src/domain/plans/plan-start';
import { planWeight } from '../../../src/domain/plans/plan-weight';
import type { RolloutView } from '../../../src/domain/rollout-view';
import { context, withRoles } from '../../support/view-builder';
import { Simulator } from '../../support/view-simulator';

type Planner = (view: RolloutView, context: PlanContext) => Plan;

const weigh =
  (weight: number): Planner =>
  (view, at) =>
    planWeight(view, at, { weight, strategy: { maxSurge: 1, maxUnavailable: 0 } });
const forward: readonly Planner[] = [
  planStart,
  weigh(25),
  weigh(75),
  weigh(100),
  planHandover,
  planAdoption,
  planRetirement,
];
const back: readonly Planner[] = [planReturn, planRemoval];
/** From here on there is no way back: stable has the new template. */
const adoption = forward.indexOf(planAdoption);

interface Run {
  readonly simulator: Simulator;
  readonly at: PlanContext;
  /** Actions that may still be done before the worker dies. */
  left: number;
}

/** Drives a plan: one action of each look is done, with the controllers anywhere between idle and finished. True when done. */
function drive(run: Run, planner: Planner, random?: (below: number) => number): boolean {
  for (let looks = 0; looks < 300; looks++) {
    const plan = planner(run.simulator.view(), run.at);
    if (plan.kind === 'done') return true;
    if (plan.kind === 'failed') throw new Error(plan.sentence);
    if (plan.kind === 'act') {
      if (run.left-- <= 0) return false;
      const action = plan.actions[random?.(plan.actions.length) ?? 0];
      if (action !== undefined) run.simulator.perform(action, run.at);
    }
    run.simulator.settle(plan.kind === 'wait' ? 2 : random?.(3));
  }
  throw new Error(`no end: ${JSON.stringify(planner(run.simulator.view(), run.at))}`);
}

function start(cut: number): Run {
  const simulator = new Simulator(4);
  return { simulator, at: context(withRoles), left: cut };
}

/** All steps until the worker dies; the number of the step it died in. */
function until(run: Run, random?: (below: number) => number): number {
  for (const [index, planner] of forward.entries()) if (!drive(run, planner, random)) return index;
  return forward.length;
}

const promoted = (() => {
  const run = start(Infinity);
  until(run);
  run.simulator.settle();
  return run.simulator.summary();
})();
const untouched = new Simulator(4).summary();
const cuts = Array.from({ length: 40 }, (_, cut) => cut);

describe('a rollout that is cut off after any action', () => {
  it('is done in fewer actions than are cut here', () => {
    const run = start(cuts.length);
    expect(until(run)).toBe(forward.length);
  });

  it.each(cuts)('ends promoted when it goes on after %i actions', (cut) => {
    for (let seed = 0; seed < 5; seed++) {
      const random = chance(cut * 100 + seed);
      const run = start(cut);
      const died = until(run, random);
      run.left = Infinity;
      for (const planner of forward.slice(died)) expect(drive(run, planner, random)).toBe(true);
      run.simulator.settle();
      expect(run.simulator.summary()).toEqual(promoted);
    }
  });

  it.each(cuts)('ends as it began when it turns back after %i actions', (cut) => {
    for (let seed = 0; seed < 5; seed++) {
      const random = chance(cut * 100 + seed);
      const run = start(cut);
      if (until(run, random) >= adoption) continue;
      const returning = { ...run, at: { ...run.at, fence: run.at.fence + 1 }, left: Infinity };
      for (const planner of back) expect(drive(returning, planner, random)).toBe(true);
      run.simulator.settle();
      expect(run.simulator.summary()).toEqual(untouched);
    }
  });

  it.each([...forward.keys()])('finds nothing to do in step %i when it is done again', (index) => {
    const run = start(Infinity);
    for (const planner of forward.slice(0, index + 1)) drive(run, planner);
    expect(forward[index]?.(run.simulator.view(), run.at)).toEqual({ kind: 'done' });
  });

  it('starts every pod of the new version once, and none of the old one', () => {
    const run = start(Infinity);
    until(run);
    expect(run.simulator.started).toEqual(['', '', '', '', 'r2', 'r2', 'r2', 'r2']);
  });
});

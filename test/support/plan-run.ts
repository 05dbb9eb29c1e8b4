import type { Plan, PlanContext } from '../../src/domain/plans/plan';
import type { RolloutView } from '../../src/domain/rollout-view';
import type { RouteSimulator } from './route-simulator';
import { actionsOf, told } from './view-told';

/** One step of a rollout: its plan, with a clock. */
export type Planner = (view: RolloutView, context: PlanContext, now: number) => Plan;

/** A small generator of repeatable chance (mulberry32). */
export function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** A rollout on its way through the simulator. */
export interface PlanRun {
  readonly simulator: RouteSimulator;
  readonly context: PlanContext;
  /** Actions that may still be done before the worker dies. */
  left: number;
  now: number;
  readonly random?: (below: number) => number;
  /** Called after every action and every round of the controllers; throws what is not allowed. */
  readonly check: (run: PlanRun) => void;
}

/**
 * Drives a plan: one action of each look is done, at times twice, with the controllers anywhere between idle and finished. True when
 * it is done, false when the worker died.
 */
export function drive(run: PlanRun, planner: Planner): boolean {
  const { simulator, context, random } = run;
  for (let looks = 0; looks < 400; looks++) {
    run.now += 600;
    const plan = planner(simulator.view(), context, run.now);
    if (plan.kind === 'done') return true;
    if (plan.kind === 'failed') throw new Error(`${plan.code}: ${plan.sentence}`);
    if (plan.kind === 'act') {
      if (run.left-- <= 0) return false;
      const action = plan.actions[random?.(plan.actions.length) ?? 0];
      const times = 1 + (random?.(2) ?? 0);
      for (let time = 0; action !== undefined && time < times; time++) simulator.perform(action, context);
      run.check(run);
    }
    const rounds = plan.kind === 'wait' ? 2 : (random?.(3) ?? 20);
    for (let round = 0; round < rounds; round++) {
      simulator.settle(1);
      run.check(run);
    }
  }
  throw new Error(`no end: ${JSON.stringify(planner(simulator.view(), context, run.now + 600))}`);
}

/** What a plan would do next, once pods have their labels. */
export function lookBy(run: PlanRun, planner: Planner): readonly string[] {
  for (;;) {
    const plan = planner(run.simulator.view(), run.context, (run.now += 600));
    const labels = actionsOf(plan).filter(({ why }) => why.startsWith('label'));
    if (labels.length === 0) return told(plan);
    for (const action of labels) run.simulator.perform(action, run.context);
  }
}

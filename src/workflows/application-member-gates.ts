import { condition } from '@temporalio/workflow';
import type { Treatment } from '../domain/decide-sync';
import type { RolloutOutcome } from '../domain/rollout-status';
import type { RolloutGate } from '../messages/release';
import { heal } from './application-heal';
import { passGate } from './application-member-pass';
import { abortRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';
import { takeEnd } from './rollout-ends';
import { findTerminated, type Started } from './start-rollout';

const describeEveryMs = 60_000;

type Outcomes = Map<string, RolloutOutcome>;

/** Calls off the rollouts that wait at their gates, and waits until the traffic of each is back or it has ended. */
export async function turnBack(run: ApplicationRun, reason: string): Promise<void> {
  const outcomes: Outcomes = new Map();
  const left = (): readonly Started[] =>
    run.member.gated.filter(
      (each) => !outcomes.has(each.workload.name) && gateOf(run, each) !== 'trafficBack',
    );
  if (left().length > 0) abortRollouts(run, reason);
  while (left().length > 0) {
    await untilNews(run, () => left().length === 0);
    takeEnds(run, outcomes);
  }
  run.member.gated = run.member.gated.filter(({ workload }) => !outcomes.has(workload.name));
}

/**
 * Lets the rollouts go on from their gates, and waits for their ends. One that has turned back by itself meanwhile goes on from there.
 * `treatments`: how workloads are treated when drift is healed while stable adopts the new pods.
 */
export async function passGates(
  run: ApplicationRun,
  at: RolloutGate['at'],
  treatments: Readonly<Record<string, Treatment>> = {},
): Promise<ReadonlyMap<string, RolloutOutcome>> {
  const outcomes: Outcomes = new Map();
  let told = new Map<string, RolloutGate['at']>();
  const left = (): readonly Started[] =>
    run.member.gated.filter(({ workload }) => !outcomes.has(workload.name));
  const wayOf = (each: Started): RolloutGate['at'] =>
    gateOf(run, each) === 'trafficBack' ? 'trafficBack' : at;
  const isNews = (): boolean =>
    run.hints.size > 0 || left().some((each) => told.get(each.workflowId) !== wayOf(each));
  while (left().length > 0) {
    for (const each of left()) {
      const way = wayOf(each);
      if (told.get(each.workflowId) === way) continue;
      told.set(each.workflowId, way);
      passGate(each.workflowId, way);
    }
    if (!(await untilNews(run, isNews))) told = new Map();
    takeEnds(run, outcomes);
    if (run.hints.size > 0 && left().length > 0) await heal(run, treatments);
  }
  for (const { spec } of run.member.gated) run.member.gates.delete(spec.rolloutId);
  run.member.gated = [];
  return outcomes;
}

/** Takes the ends of rollouts that had waited at their gates. */
export function takeEnds(run: ApplicationRun, outcomes: Outcomes): void {
  for (const each of run.member.gated) takeEnd(run, each, outcomes);
}

/** Until one has ended or there is other news; false: nothing for a while, and those that were terminated are cleaned up after. */
async function untilNews(run: ApplicationRun, isNews: () => boolean): Promise<boolean> {
  const summary = 'a slow look whether the rollouts still run';
  const isThere = (): boolean =>
    isNews() || run.member.gated.some(({ spec }) => run.ended.has(spec.rolloutId));
  if (await condition(isThere, describeEveryMs, { summary })) return true;
  await findTerminated(run, run.member.gated);
  return false;
}

function gateOf(run: ApplicationRun, { spec }: Started): RolloutGate['at'] | undefined {
  return run.member.gates.get(spec.rolloutId)?.at;
}

import type { RolloutOutcome } from '../domain/rollout-status';
import type { Want } from '../domain/release/state';
import type { ApplicationRun } from './application-run';
import type { Started } from './start-rollout';

const forward: readonly Want[] = ['deliver', 'commit'];

/** Whether what is being brought out for a release goes back without a fault of its own. */
export function isTurned(run: ApplicationRun): boolean {
  const { state, member, isGoingBack, asked } = run;
  if (member.delivering === undefined || isGoingBack) return false;
  const directive = state.release?.directive;
  return (
    directive?.release !== member.delivering ||
    !forward.includes(directive.want) ||
    member.lost !== undefined ||
    asked.some((each) => each.kind === 'delete')
  );
}

/** Why, for those who are called off. */
export function whyTurned({ state, member, asked }: ApplicationRun): string {
  const { release, reason } = state.release?.directive ?? {};
  if (asked.some((each) => each.kind === 'delete')) return 'the application is deleted';
  if (member.lost !== undefined) return `${release ?? 'its release'} is gone (${member.lost})`;
  return `${member.delivering ?? 'the release'} goes back${reason === undefined ? '' : `: ${reason}`}`;
}

/** Whether its release holds it: nothing new is begun. */
export function isPaused(run: ApplicationRun): boolean {
  const { state, member } = run;
  return member.delivering !== undefined && state.release?.directive.isPaused === true && !isTurned(run);
}

/** Whether a rollout of a member goes back by itself. */
export function hasFallen(run: ApplicationRun, started: readonly Started[]): boolean {
  return started.some(({ spec }) => run.member.gates.get(spec.rolloutId)?.at === 'trafficBack');
}

/**
 * Whether each rollout has gone as far as it can by itself: to its end, or at the gate of a release; once one of them
 * turns back, to the gate of the way back.
 */
export function areOut(
  run: ApplicationRun,
  started: readonly Started[],
  { outcomes, isBack }: { readonly outcomes: ReadonlyMap<string, RolloutOutcome>; readonly isBack: boolean },
): boolean {
  const mustBeBack = isBack || hasFallen(run, started);
  return started.every(({ workload, spec }) => {
    const at = run.member.gates.get(spec.rolloutId)?.at;
    return outcomes.has(workload.name) || at === 'trafficBack' || (at === 'ready' && !mustBeBack);
  });
}

/** The ends of rollouts, and for those that wait at a gate how they will end when they may go on. */
export function expectedEnds(
  run: ApplicationRun,
  started: readonly Started[],
  outcomes: ReadonlyMap<string, RolloutOutcome>,
): ReadonlyMap<string, RolloutOutcome> {
  const expected = new Map(outcomes);
  for (const { workload, spec } of started) {
    const gate = run.member.gates.get(spec.rolloutId);
    if (gate === undefined || expected.has(workload.name)) continue;
    const back = gate.outcome ?? ({ kind: 'aborted', by: 'belay' } as const);
    expected.set(workload.name, gate.at === 'ready' ? { kind: 'promoted', way: 'adopted' } : back);
  }
  return expected;
}

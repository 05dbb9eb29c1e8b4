import { condition } from '@temporalio/workflow';
import type { RevisionPlan } from '../domain/revision-plan';
import { lookedAt } from '../domain/revision-source';
import { hasFallen, isTurned } from './application-member-turn';
import { isLate, isNewer } from './application-rollouts';
import type { ApplicationRun } from './application-run';
import { callOff } from './call-off';

/** How a wait ended: by itself, or because something else is wanted. */
export type Interrupted<T> =
  | T
  | { readonly kind: 'superseded' }
  | { readonly kind: 'late' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'stopped' };

type Reason = 'superseded' | 'late' | 'deleted' | 'stopped';

/**
 * Does something that may take long in the middle of a sync. A newer revision, a deletion of the application and the deadline of the
 * sync call it off: it is cancelled, and waited for.
 */
export function untilNews<T>(
  run: ApplicationRun,
  plan: RevisionPlan,
  begin: () => Promise<T>,
): { readonly ended: Promise<Interrupted<T>>; readonly stop: () => void } {
  const looked = lookedAt(plan.revision, plan.pins);
  let isStopped = false;
  let reason: Reason = 'stopped';
  const isUnwanted = (): boolean => {
    const why = isStopped ? 'stopped' : whyNot(run, looked);
    reason = why ?? reason;
    return why !== undefined;
  };
  const ended = async (): Promise<Interrupted<T>> => {
    const end = await callOff(begin, isUnwanted, (isNews) => untilDeadline(run, isNews));
    return end.kind === 'ended' ? end.value : { kind: reason };
  };
  return { ended: ended(), stop: () => void (isStopped = true) };
}

function whyNot(run: ApplicationRun, looked: string): Reason | undefined {
  if (run.asked.some((each) => each.kind === 'delete')) return 'deleted';
  if (isLate(run)) return 'late';
  if (isTurned(run) || hasFallen(run, run.member.gated)) return 'stopped';
  return isNewer(run, looked) ? 'superseded' : undefined;
}

/** At its deadline a sync is late, which is looked at once more then. */
async function untilDeadline({ deadline }: ApplicationRun, isNews: () => boolean): Promise<void> {
  if (deadline === undefined) return condition(isNews);
  const left = Math.max(1, deadline.at - Date.now());
  if (!(await condition(isNews, left, { summary: 'deadline of the sync' }))) await condition(isNews);
}

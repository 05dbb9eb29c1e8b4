import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { RevisionPlan } from '../domain/revision-plan';
import { lookedAt } from '../domain/revision-source';
import { isLate, isNewer } from './application-rollouts';
import type { ApplicationRun } from './application-run';

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
  const scope = new CancellationScope();
  let isOver = false;
  let isStopped = false;
  const work = scope.run(begin).finally(() => (isOver = true));
  work.catch(() => undefined); // awaited below
  const why = (): Reason | undefined => {
    if (isStopped) return 'stopped';
    if (run.asked.some((each) => each.kind === 'delete')) return 'deleted';
    if (isLate(run)) return 'late';
    return isNewer(run, looked) ? 'superseded' : undefined;
  };
  const watch = async (): Promise<Interrupted<T>> => {
    const isNews = (): boolean => isOver || why() !== undefined;
    const left = run.deadline === undefined ? undefined : Math.max(1, run.deadline.at - Date.now());
    if (left === undefined) await condition(isNews);
    else if (!(await condition(isNews, left, { summary: 'deadline of the sync' }))) await condition(isNews);
    const reason = isOver ? undefined : why();
    if (!isOver) scope.cancel();
    try {
      return await work;
    } catch (error: unknown) {
      if (reason === undefined || !isCancellation(error)) throw error;
      return { kind: reason };
    }
  };
  return { ended: watch(), stop: () => void (isStopped = true) };
}

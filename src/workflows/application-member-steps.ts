import { condition } from '@temporalio/workflow';
import type { RevisionPlan } from '../domain/revision-plan';
import { isPaused } from './application-member-turn';
import type { ApplicationRun } from './application-run';

/**
 * When a sync in steps began. A member remembers it where Jobs can take back what its hooks do, and goes on with it when it tries
 * again: hooks that have run are found by it, and undone by it.
 */
export function beganAt(run: ApplicationRun, plan: RevisionPlan): number {
  const now = Date.now();
  const { release } = run.state;
  const canUndo = (plan.steps ?? []).some(({ undoable = [] }) => undoable.length > 0);
  if (run.member.delivering === undefined || release?.delivers === undefined || !canUndo) return now;
  const undo = release.delivers.undo ?? now;
  run.change({ release: { ...release, delivers: { ...release.delivers, undo } } });
  return undo;
}

/** No step begins while the release is paused. */
export async function untilResumed(run: ApplicationRun): Promise<void> {
  if (isPaused(run)) await condition(() => !isPaused(run));
}

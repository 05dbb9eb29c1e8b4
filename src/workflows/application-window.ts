import type { RevisionPlan } from '../domain/revision-plan';
import type { ApplicationRun } from './application-run';

/**
 * Whether the sync windows of the project hold this sync back (Argo CD: `sync_windows.md`); then it is looked at again when the window
 * changes. A revert is never held back: the version that it names is running already.
 */
export function isHeldByWindow(run: ApplicationRun, { revision }: RevisionPlan, isAsked: boolean): boolean {
  const { window, state } = run;
  const isRevert = state.lastRevert?.revision === revision;
  if (window === undefined || window.open || isRevert || (isAsked && window.manual)) {
    forgetWindow(run);
    return false;
  }
  const { why, until } = window;
  if (state.window?.why !== why) run.tell(`not synced to ${revision.slice(0, 12)}: ${why}`);
  run.change({ window: { why, ...(until === undefined ? {} : { until }) } });
  if (until !== undefined) run.lookAgain(until);
  return true;
}

/** Nothing waits for a window any more. */
export function forgetWindow(run: ApplicationRun): void {
  if (run.state.window === undefined) return;
  const { window: _window, ...state } = run.state;
  run.state = state;
  run.show();
}

import type { DeletePolicy } from './marks';
import type { SyncTask } from './plan';

/** When hooks are deleted: before their step creates them anew, and when the sync as a whole has ended. */
export type HookOccasion = 'creation' | 'success' | 'failure';

const policies: Readonly<Record<HookOccasion, DeletePolicy>> = {
  creation: 'BeforeHookCreation',
  success: 'HookSucceeded',
  failure: 'HookFailed',
};

/**
 * The hooks among `tasks` that go at this occasion, if they are there. As in Argo CD (`sync_context.go`), `HookSucceeded` and
 * `HookFailed` are about the result of the sync, not of the hook alone: pass the tasks of all steps that have run, when nothing
 * runs any more. What was there before the step that creates it, and is no leftover of this sync, goes at `creation`.
 */
export function hooksToDelete(tasks: readonly SyncTask[], occasion: HookOccasion): readonly SyncTask[] {
  return tasks.filter(({ isHook, marks }) => isHook && marks.deletePolicies.includes(policies[occasion]));
}

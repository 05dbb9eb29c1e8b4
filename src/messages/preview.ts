import type { PlannedRestore } from '../domain/write-back/planned-restores';
import type { TreeChange } from '../ports/git';

/** Workflow type of one preview of an undo: short, so that no list of files is kept in an application's own history. */
export const previewWorkflow = 'preview';

/** `preview/<application>/<unique id>`. */
export function previewId(application: string, id: string): string {
  return `preview/${application}/${id}`;
}

export interface PreviewInput {
  readonly restores: readonly PlannedRestore[];
}

/** A write with the files that it would change. */
export interface PreviewedRestore extends PlannedRestore {
  readonly changes: readonly TreeChange[];
}

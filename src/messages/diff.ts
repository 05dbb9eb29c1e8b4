import type { ApplicationSpec } from '../domain/application-spec';
import type { Treatment } from '../domain/decide-sync';

/** Workflow type of one comparison: short, so that no diff is kept in an application's own history. */
export const diffWorkflow = 'diff';

/** `diff/<application>/<unique id>`. */
export function diffId(application: string, id: string): string {
  return `diff/${application}/${id}`;
}

export interface DiffInput {
  /** Id of the cluster whose workers compare. */
  readonly cluster: string;
  readonly spec: ApplicationSpec;
  /** A commit, branch or tag. */
  readonly revision: string;
  /** Revisions of the application's other sources. */
  readonly pins?: readonly string[];
  /** How its workloads stand: those in `rolling` are left out. */
  readonly treatments: Readonly<Record<string, Treatment>>;
}

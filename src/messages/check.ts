import type { ApplicationSpec } from '../domain/application-spec';
import type { Problem } from '../domain/problem';

/** Workflow type of one check of a revision: short, so that none is kept in an application's own history. */
export const checkWorkflow = 'check';

/** `check/<application>/<unique id>`. */
export function checkId(application: string, id: string): string {
  return `check/${application}/${id}`;
}

/** The name under which a forge shows how a commit stands for an application. */
export function statusContext(application: string): string {
  return `belay/${application}`;
}

export interface CheckInput {
  /** Id of the cluster whose workers check. */
  readonly cluster: string;
  readonly spec: ApplicationSpec;
  /** Commits, branches, tags or refs: the first one that there is, is checked. */
  readonly names: readonly string[];
  /** Revisions of the application's other sources. */
  readonly pins?: readonly string[];
  /** Unique: which run of its check Jobs this is. */
  readonly run: string;
  /** False: check Jobs are left out, as for a pull request from a fork, whose authors may be anybody. */
  readonly jobs: boolean;
  /** Tell the forge how the commit stands. */
  readonly status: boolean;
}

export interface CheckResult {
  readonly revision: string;
  /** With any, the revision would be refused. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Names of the check Jobs that ran. */
  readonly ran: readonly string[];
  /** Names of those that were left out. */
  readonly skipped: readonly string[];
  /** Whether the forge was told, in words; absent: it was not asked for. */
  readonly status?: string;
}

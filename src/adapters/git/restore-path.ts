import { setTimeout as sleep } from 'node:timers/promises';
import type { RestoreRequest, RestoreResult } from '../../ports/git';
import type { Credentials } from './credentials';
import { complaintOf } from './errors';
import type { Source } from './fetch';
import type { Identity } from './identity';
import { invalid } from './invalid';
import { branchRef } from './objects';
import { readLevels } from './path-levels';
import type { Publish } from './publish-commit';
import { pushCommit } from './push-commit';
import { refusal } from './refusal';
import { replacePaths } from './replace-paths';
import { findRun, takenBack } from './restore-history';
import { lookAtTarget } from './restore-target';
import { changing, isBadElsewhere, look, missingAt, type BranchView, type PartView } from './restore-view';
import { writeRestore } from './write-restore';

const attempts = 10;

/** What a write-back works with. */
export interface RestoreContext extends Source {
  readonly write: Credentials;
  readonly identity: Identity;
  /** Has the forge make the commit, so that it signs it; absent: the commit is pushed as it is. */
  readonly publish?: Publish | undefined;
}

/**
 * Brings paths back to what they are at their good revisions, all in one commit or none. Every attempt starts from the branch as it is now and decides anew, so a
 * crash at any point and a push by anybody else need no repair: the goal first, then our trailer, then whether what is bad is still
 * there, then whether others' commits may go back with it.
 */
export async function restorePath(context: RestoreContext, request: RestoreRequest): Promise<RestoreResult> {
  checkOnto(request);
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptRestore(context, request);
    } catch (error: unknown) {
      const complaint = complaintOf(error);
      const refused = complaint === 'branch missing' ? refusal(complaint, error, request) : undefined;
      if (refused !== undefined) return refused;
      if (complaint !== 'race' || attempt === attempts) throw error;
    }
    const delay = Math.min(100 * 1.6 ** attempt, 5000) * (0.5 + Math.random());
    await sleep(delay, undefined, context.signal === undefined ? {} : { signal: context.signal });
  }
}

async function attemptRestore(context: RestoreContext, request: RestoreRequest): Promise<RestoreResult> {
  const view = await look(context, request);
  const { head, atHead, parts } = view;
  const missing = missingAt(parts, atHead);
  const ours = await findRun(context, request, view);
  if (missing.size === 0) {
    // For a pull request it does not matter who brought the paths back: there is nothing left to merge.
    if (ours === undefined || request.onto !== undefined) return { kind: 'already', revision: head };
    const { others } = await takenBack(context, await changedBy(context, view, ours), `${ours}^`);
    return { kind: 'pushed', revision: ours, alsoReverted: others.map(({ revision }) => revision) };
  }
  // Ours is in the history and the paths are bad again: a person brought that back, and one run writes once.
  if (!isBadElsewhere(view, missing) || ours !== undefined) return { kind: 'superseded', revision: head };
  const taken = await takenBack(context, changing(parts, atHead), head);
  const alsoReverted = taken.others.map(({ revision }) => revision);
  if (request.others === 'refuse' && alsoReverted.length > 0)
    return { kind: 'mixed', revision: head, others: alsoReverted };
  const tree = await replacePaths(context.mirror, atHead, missing, context.signal);
  const { ref, expected, done } = await lookAtTarget(context, request, { view, tree });
  if (done) return { kind: 'pushed', revision: expected, alsoReverted };
  const revision = await writeRestore(context, { request, view, taken, tree });
  const pushed = await pushCommit(context, { request, revision, parent: head, ref, expected });
  return pushed.kind === 'pushed' ? { ...pushed, alsoReverted } : pushed;
}

/** The parts that our commit brought back: others were back already, and nothing of them was taken. */
async function changedBy(
  { mirror, signal }: RestoreContext,
  { parts }: BranchView,
  ours: string,
): Promise<readonly PartView[]> {
  const place = { commit: `${ours}^`, paths: parts.flatMap(({ paths }) => paths) };
  const [before] = await readLevels(mirror, [place], signal);
  return before === undefined ? parts : changing(parts, before);
}

function checkOnto({ branch, onto }: RestoreRequest): void {
  if (onto === undefined || branchRef(onto) !== branch) return;
  throw invalid(`${onto} is the tracked branch itself; name another one for the pull request`, { branch });
}

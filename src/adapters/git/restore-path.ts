import { setTimeout as sleep } from 'node:timers/promises';
import type { RestoreRequest, RestoreResult } from '../../ports/git';
import { PortError } from '../../ports/port-error';
import type { Credentials } from './credentials';
import { complaintOf } from './errors';
import { displayUrl } from './remote-url';
import { fetchBranch, fetchCommit, type Source } from './fetch';
import type { Identity } from './identity';
import { atPath, branchRef, fullRevision, lookUp, treePath } from './objects';
import type { Publish } from './publish-commit';
import { pushCommit } from './push-commit';
import { refusal } from './refusal';
import { alsoReverted, findRun } from './restore-history';
import { writeRestore } from './write-restore';

const attempts = 10;

/** What a write-back works with. */
export interface RestoreContext extends Source {
  readonly write: Credentials;
  readonly identity: Identity;
  /** Has the forge make the commit, so that it signs it; absent: the commit is pushed as it is. */
  readonly publish?: Publish | undefined;
}

/** The branch as one attempt saw it. */
export interface BranchView {
  readonly head: string;
  readonly path: string;
  readonly good: string;
  readonly goodTree: string;
  /** Absent when the repository lost the bad commit. */
  readonly bad?: string;
  readonly headTree: string | undefined;
  readonly badTree: string | undefined;
}

/**
 * Brings a path back to its good tree. Every attempt starts from the branch as it is now and decides anew, so a crash at any point
 * and a push by anybody else need no repair: the goal first, then our trailer, then whether the bad tree is still there.
 */
export async function restorePath(context: RestoreContext, request: RestoreRequest): Promise<RestoreResult> {
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
  const { head, goodTree, headTree, badTree } = view;
  const ours = await findRun(context, request, view);
  if (headTree === goodTree) {
    if (ours === undefined) return { kind: 'already', revision: head };
    return { kind: 'pushed', revision: ours, alsoReverted: await alsoReverted(context, view, `${ours}^`) };
  }
  // Ours is in the history and the path is bad again: a person brought it back, and one run writes once.
  if (view.bad === undefined || headTree !== badTree || ours !== undefined)
    return { kind: 'superseded', revision: head };
  const reverted = await alsoReverted(context, view, head);
  const revision = await writeRestore(context, request, view, reverted);
  const ref = branchRef(request.branch);
  const pushed = await pushCommit(context, { request, revision, parent: head, ref, expected: head });
  return pushed.kind === 'pushed' ? { ...pushed, alsoReverted: reverted } : pushed;
}

async function look(context: RestoreContext, request: RestoreRequest): Promise<BranchView> {
  const { mirror, signal } = context;
  const path = treePath(request.paths[0] ?? '.');
  const good = fullRevision(request.goodRevision);
  const bad = fullRevision(request.badRevision);
  const ref = await fetchBranch(context, branchRef(request.branch));
  const names = [
    `${ref}^{commit}`,
    atPath(ref, path),
    `${good}^{commit}`,
    atPath(good, path),
    `${bad}^{commit}`,
    atPath(bad, path),
  ];
  let found = await lookUp(mirror, names, signal);
  if (found[2] === undefined) await fetchCommit(context, good);
  if (found[4] === undefined) await fetchUnlessGone(context, bad);
  if (found[2] === undefined || found[4] === undefined) found = await lookUp(mirror, names, signal);
  const [head, headTree, , goodTree, badCommit, badTree] = found;
  if (goodTree?.type !== 'tree') throw noGoodTree(request, displayUrl(mirror.repoUrl));
  return {
    head: head?.id ?? '',
    path,
    good,
    goodTree: goodTree.id,
    ...(badCommit === undefined ? {} : { bad }),
    headTree: headTree?.id,
    badTree: badTree?.id,
  };
}

/** A force-push may have dropped the bad commit: then nothing at the head is taken for it. */
async function fetchUnlessGone(source: Source, revision: string): Promise<void> {
  try {
    await fetchCommit(source, revision);
  } catch (error: unknown) {
    if (
      complaintOf(error) !== 'object missing' &&
      !(error instanceof PortError && error.code === 'RevisionNotFound')
    )
      throw error;
  }
}

function noGoodTree({ paths, goodRevision }: RestoreRequest, repository: string): PortError {
  const path = paths.join(', ');
  return new PortError(
    `path ${path} is no directory at the good revision ${goodRevision} of ${repository}; there is nothing to go back to, restore it by hand`,
    { code: 'PathNotFound', retry: 'never', facts: { repository, path, revision: goodRevision } },
  );
}

import { normaliseRepoUrl } from '../repo-url';
import { outermost } from '../write-back/written-paths';
import { isGoingBack, membersOf } from './progress';
import type { MemberRestore, MemberState, ReleaseRevert, ReleaseState } from './state';

/** Paths that go back together, from one revision to another. */
interface RevertPart {
  readonly paths: readonly string[];
  readonly good: string;
  readonly bad: string;
}

/** One revert commit: all members of a repository's branch. */
export interface ReleaseWrite {
  readonly repoUrl: string;
  /** Full ref. */
  readonly branch: string;
  readonly members: readonly string[];
  /** At least one; no two go between the same revisions. */
  readonly parts: readonly RevertPart[];
  readonly proposal?: NonNullable<MemberRestore['proposal']>;
  /** What its writer answered. */
  readonly result?: ReleaseRevert;
}

/** What Git is asked for: one commit for each branch, for all that go back; nothing where a newer commit has ended the release. */
export function writesOf(state: ReleaseState): readonly ReleaseWrite[] {
  if (state.verdict?.kind === 'superseded') return [];
  const backs = membersOf(state).filter((each) => isGoingBack(each) && isWritable(each));
  return groupRestores(backs).map((write) => {
    const result = state.reverts?.find((each) => keyOf(each) === keyOf(write));
    return result === undefined ? write : { ...write, result };
  });
}

/** Restores of members by branch, those between the same revisions in one part. */
export function groupRestores(members: readonly MemberState[]): readonly ReleaseWrite[] {
  const writes = new Map<string, ReleaseWrite>();
  for (const { application, restores = [] } of members) {
    for (const restore of restores) {
      const known = writes.get(keyOf(restore));
      writes.set(keyOf(restore), joined(known, application, restore));
    }
  }
  return [...writes.values()];
}

function joined(known: ReleaseWrite | undefined, application: string, restore: MemberRestore): ReleaseWrite {
  const { repoUrl, branch, paths, good, bad } = restore;
  const { members = [], parts = [] } = known ?? {};
  const same = parts.find((part) => part.good === good && part.bad === bad);
  const part = { paths: outermost([...(same?.paths ?? []), ...paths]), good, bad };
  const proposal = stricter(known?.proposal, restore.proposal);
  return {
    repoUrl: known?.repoUrl ?? repoUrl,
    branch,
    members: [...new Set([...members, application])],
    parts: same === undefined ? [...parts, part] : parts.map((each) => (each === same ? part : each)),
    ...(proposal === undefined ? {} : { proposal }),
  };
}

type Proposal = NonNullable<MemberRestore['proposal']>;

/** One commit for several members asks for a pull request as soon as one of them wants that; all their labels and reviewers count. */
function stricter(a: Proposal | undefined, b: Proposal | undefined): Proposal | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = ['always', 'if-refused', 'if-others'] as const;
  const when = order.find((each) => a.when === each || b.when === each) ?? a.when;
  return {
    when,
    labels: [...new Set([...a.labels, ...b.labels])],
    reviewers: [...new Set([...a.reviewers, ...b.reviewers])],
    autoMerge: a.autoMerge && b.autoMerge,
  };
}

function keyOf({ repoUrl, branch }: { readonly repoUrl: string; readonly branch: string }): string {
  return `${normaliseRepoUrl(repoUrl)}#${branch}`;
}

function isWritable({ unwritable, stage }: MemberState): boolean {
  return unwritable === undefined && stage !== 'gone';
}

/**
 * The revisions that a member takes in after the writes, or undefined where it cannot: Git was not written for it, or holds a fix on
 * top, which is the next release's. A revert stands for the revision that it went back from, in the primary source and in the others.
 */
export function settledAt(
  state: ReleaseState,
  { application, revision, pins, unwritable }: MemberState,
): { readonly revision: string; readonly pins?: readonly string[] } | undefined {
  if (unwritable !== undefined || state.verdict?.kind === 'superseded') return undefined;
  const mine = writesOf(state).filter(({ members }) => members.includes(application));
  const now = new Map<string, string>();
  for (const { repoUrl, branch, result } of mine) {
    if (result?.revision === undefined || !isBack(result)) return undefined;
    for (const restore of state.members[application]?.restores ?? [])
      if (keyOf(restore) === keyOf({ repoUrl, branch })) now.set(restore.bad, result.revision);
  }
  const after = (each: string): string => now.get(each) ?? each;
  return { revision: after(revision), ...(pins === undefined ? {} : { pins: pins.map(after) }) };
}

function isBack({ result }: ReleaseRevert): boolean {
  return result === 'pushed' || result === 'already';
}

/** What a person must do in Git, a sentence each. */
export function heldBy(state: ReleaseState): readonly string[] {
  if (state.verdict?.kind === 'superseded') return [];
  const failed = state.verdict?.kind === 'failed' ? state.verdict.member : '';
  const members = membersOf(state).flatMap(({ application, unwritable, stage, ...each }) =>
    unwritable === undefined || stage === 'gone' || !isGoingBack({ application, stage, ...each })
      ? []
      : [`${application}: ${unwritable}; revert in Git yourself, or push a fix`],
  );
  const branches = writesOf(state).flatMap(({ repoUrl, members: of, parts, result }) => {
    switch (result?.result) {
      case 'refused':
        return [`${repoUrl} refused the revert: ${result.why ?? ''}; revert in Git yourself, or push a fix`];
      case 'proposed':
        return [`${repoUrl} waits for a pull request: ${result.why ?? ''}; merge it`];
      case 'already':
        // Nothing of it has changed in Git between the revisions: what failed lies outside the members' paths.
        return of.includes(failed) && parts.every(({ bad }) => bad === result.revision)
          ? [`${repoUrl} has nothing to revert: what failed lies outside the members' paths; push a fix`]
          : [];
      default:
        return [];
    }
  });
  return [...members, ...branches];
}

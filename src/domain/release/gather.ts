import { few } from '../few';
import { dependentsOf } from './graph';
import type { MemberHead, ReleasesState } from './releases-state';
import type { Member } from './spec';

/** How long members of one branch may take to tell the same commit, milliseconds. */
const settleMs = 5_000;

/** What is to be released by itself now: nothing, or something that is waited for, or these applications. */
export type Gathered =
  | { readonly kind: 'nothing'; readonly why?: string }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'start'; readonly members: readonly string[] };

/**
 * Which members come out by themselves: those with automated sync that are behind, unless that very revision went back with a release.
 * It is waited until all known members of a branch have told the same commit, at most 5 s from the first of them; one that tells later
 * comes out next time. What depends on a member that is behind and comes out only when a person asks waits for that.
 */
export function gather(
  state: Pick<ReleasesState, 'members' | 'refused'>,
  members: readonly Member[],
  now: number,
): Gathered {
  const heads = Object.values(state.members);
  const wanting = heads.filter((head) => isWanting(state, head));
  if (wanting.length === 0) return { kind: 'nothing' };
  const branches = new Map(wanting.map(({ branch }) => [branch, newest(heads, branch)]));
  const open = [...branches.values()].filter(({ isComplete }) => !isComplete);
  const until = Math.max(...open.map(({ since }) => since + settleMs));
  if (until > now) return { kind: 'wait', until };
  const manual = heads.filter((head) => head.isBehind && !head.isAutomated).map((head) => head.application);
  const stuck = dependentsOf(members, manual);
  const ready = wanting
    .filter(({ branch, head }) => branches.get(branch)?.head === head)
    .map(({ application }) => application)
    .filter((application) => !stuck.has(application));
  if (ready.length > 0) return { kind: 'start', members: ready };
  const why = `what they depend on is behind and has no automated sync: ${manual.join(', ')}`;
  return stuck.size === 0 ? { kind: 'nothing' } : { kind: 'nothing', why };
}

/** Behind, automated, and not at a revision that went back. */
export function isWanting({ refused = {} }: Pick<ReleasesState, 'refused'>, head: MemberHead): boolean {
  return head.isBehind && head.isAutomated && refused[head.application] !== toldOf(head);
}

/** What a member has told, as one text: its revisions of all sources. */
export function toldOf({ head, pins = [] }: Pick<MemberHead, 'head' | 'pins'>): string {
  return [head, ...pins].join(' ');
}

/** The commit that was told last on a branch, since when, and whether all members of the branch have told it. */
function newest(heads: readonly MemberHead[], branch: string) {
  const same = heads.filter((each) => each.branch === branch);
  const latest = Math.max(...same.map(({ at }) => at));
  const head = same.find(({ at }) => at === latest)?.head ?? '';
  const told = same.filter((each) => each.head === head);
  return { head, since: Math.min(...told.map(({ at }) => at)), isComplete: told.length === same.length };
}

/** Takes in what a member tells; the time is that of its newest commit, however often it tells it. */
export function takeHead(state: ReleasesState, head: MemberHead, now: number): ReleasesState {
  const known = state.members[head.application];
  const isSame = known !== undefined && toldOf(known) === toldOf(head);
  const next = { ...head, at: isSame ? known.at : now };
  return { ...state, members: { ...state.members, [head.application]: next } };
}

/** Why something waits for the release under way, or undefined where nothing does. */
export function queuedBehind(state: ReleasesState): string | undefined {
  const { running } = state;
  if (running === undefined) return undefined;
  const late = lateHeads(state);
  if (late.length === 0) return undefined;
  const isSame = late.every((head) => isStraggler(state, head));
  const shown = few(late.map(({ application }) => application));
  return isSame
    ? `${shown}: the same commit; it did not tell in time`
    : `${shown}: a newer commit; ${running.id} is under way`;
}

/** The commit for which a release under way gives way (`newCommit: restart`), or undefined. */
export function newerCommit(state: ReleasesState): string | undefined {
  return lateHeads(state).find((head) => !isStraggler(state, head))?.head;
}

/** Members that are behind with something else than what is under way. */
function lateHeads(state: ReleasesState): readonly MemberHead[] {
  const revisions = state.running?.revisions ?? {};
  return Object.values(state.members).filter(
    (head) => isWanting(state, head) && revisions[head.application] !== head.head,
  );
}

/** Its commit is the one that others of its branch bring out already. */
function isStraggler(
  { members, running }: ReleasesState,
  { application, branch, head }: MemberHead,
): boolean {
  const revisions = running?.revisions ?? {};
  if (revisions[application] !== undefined) return false;
  return Object.entries(revisions).some(
    ([other, revision]) => revision === head && members[other]?.branch === branch,
  );
}

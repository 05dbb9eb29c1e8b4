import { few } from '../few';
import { entering, isGoingBack, isThere, logged, membersOf, wanting } from './progress';
import { heldBy, settledAt, writesOf } from './revert';
import type { MemberState, ReleaseRevert, ReleaseState } from './state';
import { sentenceOf } from './verdict';

/**
 * The way back, in this order: traffic of all, then objects in reverse waves, then Git (the workflow asks the writers, and `written`
 * takes their answers), then each member takes in what Git says. A member that does not come back is waited for.
 */
export function bringBack(state: ReleaseState, now: number): ReleaseState {
  const all = membersOf(state);
  const backs = all.filter(isGoingBack);
  if (backs.some((each) => each.want === 'back' && !isThere(each))) return state;
  if (backs.some((each) => each.want === 'restore' && !isThere(each))) return state;
  const open = backs.filter(({ want }) => want === 'back');
  if (open.length > 0) return restoreWave(state, open, now);
  if (all.some((each) => !isGoingBack(each) && !(each.want === 'commit' && isThere(each)))) return state;
  if (writesOf(state).some((write) => write.result === undefined)) return state;
  const settling = backs.filter((each) => each.want === 'restore' && settledAt(state, each) !== undefined);
  const left = settling.filter(({ stage }) => stage !== 'gone');
  if (left.length > 0) return wanting(state, left, 'settle');
  return backs.every(isThere) ? ended(state, now) : state;
}

/** All that still have to go back are on their old traffic: the last wave's objects go first. */
function restoreWave(state: ReleaseState, open: readonly MemberState[], now: number): ReleaseState {
  const wave = Math.max(...open.map((each) => each.wave));
  const which = open.filter((each) => each.wave === wave);
  const names = which.map(({ application }) => application);
  return logged(wanting(state, which, 'restore'), now, `traffic is back; restoring ${few(names)}`);
}

/** What is wanted of Git and not yet answered; empty until all objects are back, and for a release that a newer commit has ended. */
export function openWrites(state: ReleaseState) {
  if (!isReadyForGit(state)) return [];
  return writesOf(state).filter(({ result }) => result === undefined);
}

function isReadyForGit(state: ReleaseState): boolean {
  if (state.phase !== 'RollingBack') return false;
  return membersOf(state).every(
    (each) => isThere(each) && (isGoingBack(each) ? each.want !== 'back' : each.want === 'commit'),
  );
}

/** Takes the answer of a branch's writer. */
export function written(state: ReleaseState, revert: ReleaseRevert, now: number): ReleaseState {
  const isSame = ({ repoUrl, branch }: ReleaseRevert): boolean =>
    repoUrl === revert.repoUrl && branch === revert.branch;
  if (state.reverts?.some(isSame) === true) return state;
  const { result, revision = '', why = '' } = revert;
  const texts: { readonly [Result in ReleaseRevert['result']]: string } = {
    pushed: `reverted by ${revision.slice(0, 12)}`,
    already: `was back already at ${revision.slice(0, 12)}`,
    superseded: `has a fix on top, ${revision.slice(0, 12)}: no revert over it`,
    proposed: `waits for a pull request: ${why}`,
    refused: `refused the revert: ${why}`,
  };
  const text = `${revert.repoUrl} ${texts[result]}`;
  return logged({ ...state, reverts: [...(state.reverts ?? []), revert] }, now, text);
}

function ended(state: ReleaseState, now: number): ReleaseState {
  const { verdict } = state;
  const why = verdict === undefined ? '' : `: ${sentenceOf(verdict)}`;
  const held = heldBy(state);
  const all = membersOf(state);
  const kept = all.filter((each) => !isGoingBack(each)).map(({ application }) => application);
  const rest = kept.length === 0 ? '' : `; ${few(kept)} stayed`;
  const message =
    held.length === 0
      ? `rolled back${why}${rest}`
      : `rolled back in the cluster${why}${rest}; ${held.join('; ')}`;
  return { ...entering(state, held.length === 0 ? 'Degraded' : 'Held', now, message), endedAt: now };
}

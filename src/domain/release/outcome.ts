import { toldOf } from './gather';
import { isGoingBack, membersOf } from './progress';
import type { ReleaseOutcome, ReleasesState } from './releases-state';
import { groupRestores, settledAt, writesOf, type ReleaseWrite } from './revert';
import type { ReleaseState } from './state';

const kept = 20;

/**
 * Takes in the end of a release: the history, what can be undone or tried again, the heads that its members have now, and which
 * revisions do not come out again by themselves.
 */
export function takeEnd(state: ReleasesState, ended: ReleaseState): ReleasesState {
  const { running, queued, ...rest } = state;
  const { id, phase, message, startedAt, endedAt = startedAt } = ended;
  // Another one is under way by now: this end was told late, or twice.
  const isOther = running !== undefined && running.id !== id;
  const others = state.history.filter((each) => each.id !== id);
  return {
    ...rest,
    ...(isOther ? { running, ...(queued === undefined ? {} : { queued }) } : {}),
    members: headsAfter(state, ended),
    refused: refusedAfter(state, ended),
    history: [{ id, phase, message, startedAt, endedAt }, ...others].slice(0, kept),
    ...outcomeOf(ended),
  };
}

/** What a member has taken in with the release is what it is at, until it tells something newer. */
function headsAfter(state: ReleasesState, ended: ReleaseState): ReleasesState['members'] {
  const members = { ...state.members };
  for (const member of membersOf(ended)) {
    const head = members[member.application];
    const at = member.want === 'settle' ? settledAt(ended, member) : member;
    const isTaken = member.stage === 'committed' || member.stage === 'settled';
    if (head === undefined || at === undefined || !isTaken) continue;
    if (toldOf(head) === toldOf({ head: at.revision, ...(at.pins === undefined ? {} : { pins: at.pins }) }))
      members[member.application] = { ...head, isBehind: false };
  }
  return members;
}

/** A newer commit has ended it: nothing was wrong with what it brought. */
function refusedAfter(
  { refused = {} }: ReleasesState,
  ended: ReleaseState,
): Readonly<Record<string, string>> {
  const next: Record<string, string> = { ...refused };
  for (const member of membersOf(ended)) {
    const { application, revision, pins } = member;
    if (isGoingBack(member) && ended.verdict?.kind !== 'superseded')
      next[application] = toldOf({ head: revision, ...(pins === undefined ? {} : { pins }) });
    else if (!isGoingBack(member)) delete next[application];
  }
  return next;
}

function outcomeOf(ended: ReleaseState): Pick<ReleasesState, 'failed' | 'good'> {
  if (ended.verdict?.kind === 'superseded') return {};
  if (ended.phase === 'Healthy') return { good: outcome(ended, groupRestores(membersOf(ended))) };
  return { failed: outcome(ended, writesOf(ended)) };
}

function outcome(ended: ReleaseState, writes: readonly ReleaseWrite[]): ReleaseOutcome {
  const all = membersOf(ended);
  const stuck = all.find(({ unwritable }) => unwritable !== undefined);
  return {
    id: ended.id,
    members: all.map(({ application }) => application),
    ...(stuck === undefined ? {} : { unwritable: `${stuck.application}: ${stuck.unwritable ?? ''}` }),
    writes: writes.map(({ repoUrl, branch, members, parts, result }) => ({
      ...{ repoUrl, branch, members, parts },
      ...(result?.result === 'pushed' && result.revision !== undefined ? { revision: result.revision } : {}),
    })),
  };
}

/** A release whose workflow is gone: nobody has told its end, and its members go back by themselves. */
export function takeLoss(state: ReleasesState, how: string, now: number): ReleasesState {
  const { running, queued: _queued, ...rest } = state;
  if (running === undefined) return state;
  const { id, since: startedAt, revisions } = running;
  const message = `its workflow is gone (${how}); its members go back by themselves`;
  const entry = { id, phase: 'Held' as const, message, startedAt, endedAt: now };
  const lost = Object.entries(revisions).map(([application, head]) => {
    const pins = state.members[application]?.pins;
    return [application, toldOf({ head, ...(pins === undefined ? {} : { pins }) })] as const;
  });
  return {
    ...rest,
    refused: { ...state.refused, ...Object.fromEntries(lost) },
    history: [entry, ...state.history].slice(0, kept),
  };
}

import { turnBack } from './decide';
import { hasEnded, isGoingBack, logged, membersOf } from './progress';
import type { ReleaseState, ReleaseVerdict } from './state';

/** Who asks, and why. */
interface Asker {
  readonly requestedBy: string;
  readonly reason?: string;
}

/** Why it cannot be paused now, or undefined. */
export function mayNotPause(state: ReleaseState): string | undefined {
  if (state.pausedBy !== undefined) return `it is paused already, by ${state.pausedBy.by}`;
  return mayNotHold(state, 'there is nothing to pause');
}

export function mayNotResume(state: ReleaseState): string | undefined {
  return state.pausedBy === undefined ? 'it is not paused' : undefined;
}

export function mayNotPromote({ phase, bakedAt, pausedBy }: ReleaseState): string | undefined {
  if (bakedAt === undefined || hasEnded({ phase }) || phase === 'Committing')
    return 'nothing bakes: promote ends the time for which all members run together';
  return pausedBy === undefined ? undefined : 'it is paused; resume it first';
}

export function mayNotAbort(state: ReleaseState): string | undefined {
  return mayNotHold(state, 'use undo');
}

function mayNotHold(state: ReleaseState, remedy: string): string | undefined {
  const { phase, message } = state;
  if (hasEnded(state)) return `it has ended: ${message}`;
  const stays = membersOf(state).filter((each) => !isGoingBack(each));
  if (phase === 'RollingBack' && stays.length === 0) return 'it goes back already';
  const isAdopting = stays.some(({ want }) => want === 'commit');
  return isAdopting ? `its members adopt the new version already; ${remedy}` : undefined;
}

export function paused(state: ReleaseState, { requestedBy: by, reason }: Asker, now: number): ReleaseState {
  if (mayNotPause(state) !== undefined) return state;
  const pausedBy = { by, since: now, ...(reason === undefined ? {} : { reason }) };
  return logged({ ...state, pausedBy }, now, `paused by ${by}${reason === undefined ? '' : `: ${reason}`}`);
}

/** What was left of the bake is left still. */
export function resumed(state: ReleaseState, { requestedBy }: Asker, now: number): ReleaseState {
  const { pausedBy, bakedAt, ...rest } = state;
  if (pausedBy === undefined) return state;
  const left = bakedAt === undefined ? undefined : Math.max(0, bakedAt - pausedBy.since);
  return logged(
    { ...rest, ...(left === undefined ? {} : { bakedAt: now + left }) },
    now,
    `resumed by ${requestedBy}`,
  );
}

/** The bake ends now. */
export function promoted(state: ReleaseState, { requestedBy }: Asker, now: number): ReleaseState {
  if (mayNotPromote(state) !== undefined) return state;
  return logged(
    { ...state, bakedAt: 0 },
    now,
    `promoted by ${requestedBy}: the members have run together for long enough`,
  );
}

/** All goes back, members that have not begun in Git alone; `newer`: a commit that takes its place, so Git stays as it is. */
export function aborted(
  state: ReleaseState,
  { requestedBy: by, reason, newer }: Asker & { readonly newer?: string },
  now: number,
): ReleaseState {
  if (mayNotAbort(state) !== undefined || (newer !== undefined && state.verdict !== undefined)) return state;
  const asked: ReleaseVerdict =
    newer === undefined
      ? { kind: 'aborted', by, ...(reason === undefined ? {} : { reason }), at: now }
      : { kind: 'superseded', by: newer, at: now };
  const back = new Set(membersOf(state).map(({ application }) => application));
  return turnBack(state, { verdict: state.verdict ?? asked, back, now });
}

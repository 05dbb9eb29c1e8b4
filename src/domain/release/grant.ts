import type { Percent } from '../strategy';
import { hasEnded, isGoingBack, isOut } from './progress';
import type { MemberState, ReleaseState } from './state';

type Lockstep = NonNullable<ReleaseState['lockstep']>;
const none: Lockstep = { wanted: {}, granted: 0 };

/** What a rollout of a member would set next. */
export interface Wish {
  /** Workflow id of the rollout. */
  readonly rollout: string;
  readonly application: string;
  readonly weight: Percent | 'done';
}

/** Takes note of a rollout's wish. */
export function takeWish(state: ReleaseState, { rollout, ...wish }: Wish): ReleaseState {
  const { wanted, granted } = state.lockstep ?? none;
  return { ...state, lockstep: { wanted: { ...wanted, [rollout]: wish }, granted } };
}

/** The state with the weight that all may have now: it only rises. */
export function granting(state: ReleaseState): ReleaseState {
  const { lockstep } = state;
  const granted = grantOf(state);
  if (lockstep === undefined || granted === undefined || granted <= lockstep.granted) return state;
  return { ...state, lockstep: { ...lockstep, granted } };
}

/**
 * In lockstep, the smallest weight that any rollout wants, once every member on its way has asked; undefined while one has not, while
 * the release is paused, and when it goes back as a whole. A rollout that is at its last weight still wants that one, so nobody runs
 * ahead of it.
 */
export function grantOf(state: ReleaseState): Percent | undefined {
  if (state.pausedBy !== undefined || hasEnded(state)) return undefined;
  const moving = Object.values(state.members).filter((each) => !isGoingBack(each) && !isOut(each));
  const wishes = wishesOf(state);
  const asked = new Set(wishes.map(({ application }) => application));
  if (moving.length === 0 || moving.some(({ application }) => !asked.has(application))) return undefined;
  const names = new Set(moving.map(({ application }) => application));
  const weights = wishes.flatMap(({ application, weight }) =>
    weight === 'done' || !names.has(application) ? [] : [weight],
  );
  return weights.length === 0 ? undefined : Math.min(...weights);
}

/** Rollouts that may set their weight now. */
export function grantedTo(state: ReleaseState): readonly string[] {
  const { granted } = state.lockstep ?? none;
  if (state.pausedBy !== undefined || hasEnded(state)) return [];
  return wishesOf(state).flatMap(({ rollout, application, weight }) => {
    const member: MemberState | undefined = state.members[application];
    const isLate = member === undefined || isGoingBack(member);
    return isLate || weight === 'done' || weight > granted ? [] : [rollout];
  });
}

function wishesOf({ lockstep }: ReleaseState): readonly Wish[] {
  return Object.entries(lockstep?.wanted ?? {}).map(([rollout, wish]) => ({ rollout, ...wish }));
}

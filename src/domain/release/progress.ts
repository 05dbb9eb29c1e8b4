import type { MemberStage, MemberState, ReleasePhase, ReleaseState, Want } from './state';

const entriesKept = 50;
const textKept = 400;

/** Stages that answer what a member was told. */
const answers: { readonly [W in Exclude<Want, 'free'>]: readonly MemberStage[] } = {
  deliver: ['ready', 'unchanged', 'committed'],
  commit: ['committed'],
  back: ['trafficBack', 'failed', 'restored', 'settled'],
  restore: ['restored', 'settled'],
  settle: ['settled'],
};

/** Whether a member is where it was told to go. One that is gone holds nothing up. */
export function isThere({ want, stage }: MemberState): boolean {
  return stage === 'gone' || (want !== undefined && want !== 'free' && answers[want].includes(stage));
}

/** It goes back, or has gone. */
export function isGoingBack({ want }: MemberState): boolean {
  return want === 'back' || want === 'restore' || want === 'settle';
}

export function hasEnded({ phase }: Pick<ReleaseState, 'phase'>): boolean {
  return phase === 'Healthy' || phase === 'Degraded' || phase === 'Held';
}

/** Members in the order of the release: by waves, in a wave by name. */
export function membersOf({ members }: ReleaseState): readonly MemberState[] {
  return Object.values(members).sort((a, b) => a.wave - b.wave || (a.application < b.application ? -1 : 1));
}

/** Members of the lowest wave that are not all out: who must come out next, and who is on its way. */
export function currentWave(members: readonly MemberState[]): readonly MemberState[] {
  const open = members.filter((each) => !isOut(each));
  const wave = Math.min(...open.map((each) => each.wave));
  return members.filter((each) => each.wave === wave);
}

/** On its new version, or without anything new. */
export function isOut({ want, stage }: MemberState): boolean {
  if (stage === 'gone') return true;
  return (want === 'deliver' || want === 'commit') && answers.deliver.includes(stage);
}

/** Tells members what is wanted of them now. */
export function wanting(state: ReleaseState, which: readonly MemberState[], want: Want): ReleaseState {
  if (which.length === 0) return state;
  const told = which.map((member) => [member.application, { ...member, want }] as const);
  return { ...state, members: { ...state.members, ...Object.fromEntries(told) } };
}

/** A phase begins, with a sentence for people that the log keeps too. */
export function entering(
  state: ReleaseState,
  phase: ReleasePhase,
  now: number,
  message: string,
): ReleaseState {
  return logged({ ...state, phase, message, since: now }, now, message);
}

/** What the phase is about now; no entry of the log. */
export function saying(state: ReleaseState, message: string): ReleaseState {
  return state.message === message ? state : { ...state, message };
}

/** The log keeps the newest entries. */
export function logged(state: ReleaseState, now: number, text: string): ReleaseState {
  return { ...state, log: [...state.log, { at: now, text: text.slice(0, textKept) }].slice(-entriesKept) };
}

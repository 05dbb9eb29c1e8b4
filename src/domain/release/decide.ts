import { few } from '../few';
import { granting } from './grant';
import { goesBack } from './plan';
import {
  currentWave,
  entering,
  hasEnded,
  isGoingBack,
  isOut,
  isThere,
  logged,
  membersOf,
  wanting,
} from './progress';
import { bringBack } from './roll-back';
import { phaseMessage } from './message';
import { sentenceOf } from './verdict';
import type { MemberState, ReleaseState, ReleaseVerdict } from './state';

/**
 * What follows from what the members have said: what each is told next (`want`), the phase, and why. Pure and level-triggered: called
 * after each message and each time its answer names by `wakeAt`, it goes as far as it can in one go; called again without news it changes
 * nothing.
 */
export function decide(state: ReleaseState, now: number): ReleaseState {
  let current = state;
  for (let next = step(current, now); next !== current; next = step(current, now)) current = next;
  const message = phaseMessage(current);
  return granting(message === current.message ? current : { ...current, message });
}

/** When to decide again although nothing was said; undefined: only news count. */
export function wakeAt({ bakedAt, pausedBy, phase }: ReleaseState): number | undefined {
  if (pausedBy !== undefined || hasEnded({ phase }) || phase === 'Committing') return undefined;
  return bakedAt;
}

/** One decision; the same object when there is none to take. */
function step(state: ReleaseState, now: number): ReleaseState {
  if (hasEnded(state)) return state;
  const blamed = blame(state, now);
  if (blamed !== state) return blamed;
  const all = membersOf(state);
  const stays = all.filter((each) => !isGoingBack(each));
  const forward = bringOut(state, stays, now);
  if (forward !== state) return forward;
  return state.phase === 'RollingBack' ? bringBack(state, now) : state;
}

/** Members that have failed or are gone: they go back, and with them what the policy names. */
function blame(state: ReleaseState, now: number): ReleaseState {
  const fresh = membersOf(state).filter(
    (each) =>
      !isGoingBack(each) && (each.stage === 'failed' || (each.stage === 'gone' && each.want !== 'commit')),
  );
  const first = fresh.toSorted((a, b) => a.since - b.since)[0];
  if (first === undefined) return state;
  const hasBegun = (name: string): boolean => state.members[name]?.want !== undefined;
  const back = new Set(fresh.flatMap(({ application }) => [...goesBack(state.spec, application, hasBegun)]));
  return turnBack(state, { verdict: state.verdict ?? verdictOn(first, now), back, now });
}

function verdictOn({ application, stage, failure, message }: MemberState, at: number): ReleaseVerdict {
  if (stage === 'gone') return { kind: 'memberGone', member: application, at };
  const workload = failure?.workload === undefined ? '' : `${failure.workload}: `;
  const sentence = failure === undefined ? message : `${workload}${failure.sentence}`;
  return { kind: 'failed', member: application, sentence, at };
}

/** Traffic of all of these goes back, told at once; nothing bakes any longer. */
export function turnBack(
  state: ReleaseState,
  {
    verdict,
    back,
    now,
  }: { readonly verdict: ReleaseVerdict; readonly back: ReadonlySet<string>; readonly now: number },
): ReleaseState {
  const { bakedAt: _bakedAt, ...rest } = state;
  const which = membersOf(state).filter((each) => back.has(each.application) && !isGoingBack(each));
  const names = which.map(({ application }) => application);
  const turned = wanting({ ...rest, verdict }, which, 'back');
  const message = `${sentenceOf(verdict)}; going back: ${few(names)}`;
  return turned.phase === 'RollingBack'
    ? logged(turned, now, message)
    : entering(turned, 'RollingBack', now, message);
}

/** Those that stay come out, bake together and adopt the new version; in a release that fails no more than in part, too. */
function bringOut(state: ReleaseState, stays: readonly MemberState[], now: number): ReleaseState {
  if (stays.length === 0) return state;
  if (stays.every(({ want }) => want === 'commit')) return committed(state, stays, now);
  const next = nextOf(state, stays);
  if (next.length > 0) {
    const names = next.map(({ application }) => application);
    return logged(wanting(state, next, 'deliver'), now, `${few(names)}: coming out`);
  }
  const backs = membersOf(state).filter(isGoingBack);
  const isTogether = stays.every(isOut) && backs.every((each) => isThere(each) && each.want !== 'back');
  if (!isTogether || state.pausedBy !== undefined) return state;
  const { bakeMs } = state.spec.options;
  if (state.bakedAt === undefined) return bake({ ...state, bakedAt: now + bakeMs }, now);
  if (now < state.bakedAt) return state;
  const told = wanting(state, stays, 'commit');
  const message = 'all members are good: they adopt the new version';
  return state.phase === 'RollingBack'
    ? logged(told, now, message)
    : entering(told, 'Committing', now, message);
}

function bake(state: ReleaseState, now: number): ReleaseState {
  const { phase, spec } = state;
  if (phase !== 'Progressing' || spec.options.bakeMs === 0) return state;
  return entering(state, 'Baking', now, 'all members are out and run together');
}

function committed(state: ReleaseState, stays: readonly MemberState[], now: number): ReleaseState {
  if (state.phase === 'RollingBack' || !stays.every(isThere)) return state;
  const count = stays.length === 1 ? '1 member' : `${stays.length} members`;
  return { ...entering(state, 'Healthy', now, `${count} released`), endedAt: now };
}

/** Whom to tell next: of the lowest wave that is not out, as many as may be under way; in lockstep all. */
function nextOf({ spec, pausedBy }: ReleaseState, stays: readonly MemberState[]): readonly MemberState[] {
  if (pausedBy !== undefined) return [];
  if (spec.options.mode === 'lockstep') return stays.filter(({ want }) => want === undefined);
  const wave = currentWave(stays);
  const underWay = wave.filter((each) => each.want !== undefined && !isOut(each)).length;
  return wave
    .filter(({ want }) => want === undefined)
    .slice(0, Math.max(0, spec.options.parallel - underWay));
}

import { clock } from '../markdown';
import { few } from '../few';
import { isGoingBack, isOut, isThere, membersOf } from './progress';
import { writesOf } from './revert';
import type { MemberState, ReleaseState } from './state';
import { sentenceOf } from './verdict';

/** What a release does now, a sentence; of one that has ended, how. */
export function phaseMessage(state: ReleaseState): string {
  const { phase, message } = state;
  const all = membersOf(state);
  switch (phase) {
    case 'Progressing':
      return `${pausedIn(state)}${progress(state, all)}`;
    case 'Baking':
      return `${pausedIn(state)}all members are out and run together${until(state)}`;
    case 'Committing':
      return `all members are good; adopting: ${namesOf(all.filter((each) => !isThere(each)))}`;
    case 'RollingBack':
      return `${state.verdict === undefined ? '' : `${sentenceOf(state.verdict)}; `}${backward(state, all)}`;
    default:
      return message;
  }
}

function progress({ spec }: ReleaseState, all: readonly MemberState[]): string {
  const out = `${all.filter(isOut).length} of ${all.length} members are out`;
  const open = all.filter((each) => each.want !== undefined && !isOut(each));
  const coming = open.length === 0 ? '' : `; coming out: ${namesOf(open)}`;
  if (spec.options.mode === 'lockstep') return `in lockstep: ${out}${coming}`;
  const waves = new Set(all.map(({ wave }) => wave)).size;
  const [first] = open;
  return `${first === undefined ? '' : `wave ${first.wave + 1} of ${waves}: `}${out}${coming}`;
}

function backward(state: ReleaseState, all: readonly MemberState[]): string {
  const backs = all.filter(isGoingBack);
  const late = (want: MemberState['want']): readonly MemberState[] =>
    backs.filter((each) => each.want === want && !isThere(each));
  const traffic = late('back');
  if (traffic.length > 0) return `traffic goes back: ${namesOf(traffic)}`;
  const objects = late('restore');
  if (objects.length > 0) return `objects go back: ${namesOf(objects)}`;
  const stays = all.filter((each) => !isGoingBack(each) && !(each.want === 'commit' && isThere(each)));
  if (stays.length > 0) return `${pausedIn(state)}what stays goes on: ${namesOf(stays)}`;
  const open = writesOf(state).filter(({ result }) => result === undefined);
  if (open.length > 0) return `Git goes back: ${few(open.map(({ repoUrl }) => repoUrl))}`;
  return `taking in what Git says: ${namesOf(late('settle'))}`;
}

/** Why a member is where it is: what it waits for, or what it does by its own account. */
export function messageOf(state: ReleaseState, application: string): string {
  const member = state.members[application];
  if (member === undefined) return `${application} has nothing to bring out in this release`;
  if (member.stage === 'gone') return 'it was deleted';
  if (member.want === undefined) return waitsToBegin(state, member);
  if (!isThere(member)) return member.message;
  return waitsForOthers(state, member) ?? member.message;
}

function waitsToBegin(state: ReleaseState, { dependsOn, wave }: MemberState): string {
  const { pausedBy, spec, verdict } = state;
  if (pausedBy !== undefined) return `waits: the release is ${pausedIn(state).replace(/; $/, '')}`;
  const all = membersOf(state).filter((each) => !isGoingBack(each));
  const open = all.filter((each) => each.wave < wave && !isOut(each));
  const needed = open.filter((each) => dependsOn.includes(each.application));
  if (needed.length > 0) return `waits for ${withStages(needed)}, which it depends on`;
  if (open.length > 0) return `waits for ${withStages(open)} of an earlier wave`;
  if (verdict !== undefined) return `has not begun: ${sentenceOf(verdict)}`;
  return `waits for its turn: at most ${spec.options.parallel} members come out at a time`;
}

function waitsForOthers(state: ReleaseState, { want, wave }: MemberState): string | undefined {
  const others = membersOf(state);
  const late = (wanted: readonly MemberState['want'][]): readonly MemberState[] =>
    others.filter((each) => wanted.includes(each.want) && !isThere(each));
  switch (want) {
    case 'deliver': {
      const open = others.filter((each) => !isGoingBack(each) && !isOut(each));
      if (open.length > 0) return `out; waits for ${withStages(open)}`;
      return `out; ${pausedIn(state)}runs together with the others${until(state)}`;
    }
    case 'back': {
      const open = late(['back']);
      if (open.length > 0) return `its traffic is back; waits for the traffic of ${withStages(open)}`;
      const later = late(['restore']).filter((each) => each.wave > wave);
      return later.length > 0 ? `its traffic is back; waits until ${namesOf(later)} is restored` : undefined;
    }
    case 'restore': {
      const open = late(['back', 'restore']);
      if (open.length > 0) return `it is back; waits for ${withStages(open)}`;
      const git = writesOf(state).filter(({ result }) => result === undefined);
      return git.length > 0
        ? `it is back; Git goes back: ${few(git.map(({ repoUrl }) => repoUrl))}`
        : undefined;
    }
    default:
      return undefined;
  }
}

function until({ bakedAt }: ReleaseState): string {
  return bakedAt === undefined || bakedAt === 0 ? '' : ` until ${clock(bakedAt)}`;
}

/** `paused by anna: lunch; `, or nothing. */
function pausedIn({ pausedBy }: ReleaseState): string {
  if (pausedBy === undefined) return '';
  return `paused by ${pausedBy.by}${pausedBy.reason === undefined ? '' : `: ${pausedBy.reason}`}; `;
}

function namesOf(members: readonly MemberState[]): string {
  return few(members.map(({ application }) => application));
}

function withStages(members: readonly MemberState[]): string {
  return few(members.map(({ application, stage }) => `${application} (${stage})`));
}

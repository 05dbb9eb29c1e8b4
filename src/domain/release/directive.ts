import { hasEnded, isGoingBack } from './progress';
import { settledAt } from './revert';
import type { Directive, MemberState, ReleaseState } from './state';
import { sentenceOf } from './verdict';

/** What a member is told now; undefined: nothing yet, or it is not there any more. */
export function directiveOf(state: ReleaseState, member: MemberState): Directive | undefined {
  const { id, spec, pausedBy, verdict, isRetry } = state;
  const want = hasEnded(state) ? 'free' : member.want;
  if (want === undefined || member.stage === 'gone') return undefined;
  const isSettled = member.want === 'settle';
  const { revision, pins } = (isSettled ? settledAt(state, member) : undefined) ?? member;
  const isBack = isGoingBack(member);
  const reason = verdict === undefined || !isBack ? undefined : sentenceOf(verdict).slice(0, 600);
  return {
    release: id,
    want,
    revision,
    ...(pins === undefined ? {} : { pins }),
    isPaused: want === 'deliver' && pausedBy !== undefined,
    isLockstep: spec.options.mode === 'lockstep',
    ...(isRetry === true ? { isRetry } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

import { isGoingBack, logged } from './progress';
import type { MemberReport, MemberState, ReleaseState } from './state';

const textKept = 300;

/** Takes in what a member says of itself; one that is not of this release is ignored. */
export function takeReport(state: ReleaseState, report: MemberReport, now: number): ReleaseState {
  const known = state.members[report.application];
  if (known === undefined || known.stage === 'gone') return state;
  const next = reported(known, report);
  const members = { ...state.members, [report.application]: next };
  const { stage } = next;
  if (stage === known.stage) return { ...state, members };
  const why = stage === 'failed' ? `: ${next.failure?.sentence ?? next.message}` : '';
  return logged({ ...state, members }, now, `${report.application}: ${stage}${why}`);
}

function reported(known: MemberState, { stage, message, since, ...told }: MemberReport): MemberState {
  const { failure: _failure, ...kept } = known;
  // Once its objects are on their way back, what Git must go back to is settled.
  const isOpen = !isGoingBack(known) || known.want === 'back';
  return {
    ...kept,
    stage,
    message: message.slice(0, textKept),
    since,
    ...failureOf(known, told.failure),
    ...(isOpen && told.restores !== undefined ? { restores: told.restores } : {}),
    ...(isOpen && told.unwritable !== undefined ? { unwritable: told.unwritable } : {}),
  };
}

/** A failure is kept while the member goes back, also where it no longer speaks of it. */
function failureOf(known: MemberState, told: MemberState['failure']): Pick<MemberState, 'failure'> {
  const failure = told ?? (isGoingBack(known) ? known.failure : undefined);
  if (failure === undefined) return {};
  return { failure: { ...failure, sentence: failure.sentence.slice(0, textKept) } };
}

import { widestLine, wrap } from './wrap';

/** A release that goes back in one repository. */
export interface RevertedRelease {
  readonly release: string;
  /** Applications whose paths this commit brings back. */
  readonly members: readonly string[];
  /** The application that failed; it may be one of another repository. Absent: a person has ended the release. */
  readonly failed?: string | undefined;
  /** What went wrong, or who ended it and why. */
  readonly sentence: string;
  readonly isAbort: boolean;
}

/** Names of members that are listed. */
const listed = 20;

/** The commit message of a revert for several applications at once: what failed, who goes back, and how to release it again. */
export function releaseRevertMessage(reverted: RevertedRelease): {
  readonly subject: string;
  readonly body: string;
} {
  const { release, members, failed, sentence, isAbort } = reverted;
  const what = isAbort || failed === undefined ? 'aborted' : `${failed} failed`;
  const counted = members.length === 1 ? '1 member' : `${members.length} members`;
  const because = sentence.replace(/[.]$/, '');
  const happened =
    isAbort || failed === undefined
      ? `The release ${release} was aborted: ${because}.`
      : `The release ${release} failed with its member ${failed}: ${because}.`;
  const rest = members.length - listed;
  const names = [...members.slice(0, listed), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
  const body = [
    wrap(happened),
    '',
    wrap(
      `Users' traffic of all members went back to the good versions first; this commit brings the paths of ${names} back to what each had before the release. Nothing outside these paths is changed.`,
    ),
    '',
    'To release it again:',
    '',
    `    belay release retry ${release}`,
    '',
    'or push a fix on top of this commit.',
  ].join('\n');
  return { subject: cut(`Revert release ${release} (${counted}): ${what}`), body };
}

function cut(subject: string): string {
  return subject.length > widestLine ? `${subject.slice(0, widestLine - 1)}…` : subject;
}

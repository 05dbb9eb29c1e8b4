import type { ReleaseVerdict } from './state';

/** Why a release goes back, without a full stop. */
export function sentenceOf(verdict: ReleaseVerdict): string {
  switch (verdict.kind) {
    case 'failed':
      return `${verdict.member} failed: ${verdict.sentence}`;
    case 'aborted':
      return `aborted by ${verdict.by}${verdict.reason === undefined ? '' : `: ${verdict.reason}`}`;
    case 'superseded':
      return `superseded by ${verdict.by.slice(0, 12)}`;
    case 'memberGone':
      return `${verdict.member} was deleted in the middle of it`;
  }
}

/** One word of a closed list, for search attributes and `Belay-Reason`. */
export function reasonOf(verdict: ReleaseVerdict, codeOf: (member: string) => string | undefined): string {
  switch (verdict.kind) {
    case 'failed':
      return codeOf(verdict.member) ?? 'MemberFailed';
    case 'aborted':
      return 'Aborted';
    case 'superseded':
      return 'Superseded';
    case 'memberGone':
      return 'MemberGone';
  }
}

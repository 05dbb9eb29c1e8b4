import type { ProblemCode } from '../../domain/problem';
import type { RefusalReason, RestoreResult } from '../../ports/git';
import { gist, meaningOf } from './errors';
import { displayUrl } from './remote-url';
import type { GitComplaint } from './push-errors';
import { GitFailure } from './run-git';

const codes: Partial<Record<GitComplaint, ProblemCode>> = {
  protected: 'Forbidden',
  unsigned: 'Forbidden',
  hook: 'Forbidden',
  forbidden: 'Forbidden',
  'branch missing': 'RevisionNotFound',
};

const reasons: Partial<Record<GitComplaint, RefusalReason>> = {
  protected: 'protected',
  unsigned: 'unsigned',
  hook: 'hook',
  forbidden: 'forbidden',
  'branch missing': 'branch missing',
};

type Refused = Extract<RestoreResult, { kind: 'refused' }>;

/** The answer "refused" for what no repetition mends; undefined for everything else. */
export function refusal(
  complaint: GitComplaint | 'timeout' | undefined,
  error: unknown,
  { repoUrl, branch }: { readonly repoUrl: string; readonly branch: string },
): Refused | undefined {
  if (complaint === undefined || complaint === 'timeout' || !(error instanceof GitFailure)) return undefined;
  const code = codes[complaint];
  if (code === undefined) return undefined;
  const { what, remedy } = meaningOf(complaint);
  const repository = displayUrl(repoUrl);
  return {
    kind: 'refused',
    why: reasons[complaint] ?? 'other',
    problem: {
      code,
      message: `cannot write ${branch} of ${repository}: ${what} (git: ${gist(error.text)})`,
      value: branch,
      remedy,
    },
  };
}

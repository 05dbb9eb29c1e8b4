import type { FailureReport } from '../rollout-status';
import { widestLine, wrap } from './wrap';

interface Reverted {
  readonly application: string;
  readonly paths: readonly string[];
  readonly workload: string;
  readonly bad: string;
  readonly good: string;
  readonly failure: FailureReport;
  readonly isAbort: boolean;
}

/** The commit message of a revert: what failed, where, and how to redeploy. */
export function revertMessage(reverted: Reverted): { readonly subject: string; readonly body: string } {
  const { application, paths, workload, bad, good, failure, isAbort } = reverted;
  const one = paths.length === 1;
  const short = bad.slice(0, 12);
  const subject =
    `Revert ${application} to ${good.slice(0, 12)}: ${isAbort ? 'aborted' : failure.code}`.slice(
      0,
      widestLine,
    );
  const body = [
    wrap(
      `The rollout of ${workload} at revision ${short} ${isAbort ? 'was aborted' : 'failed'}: ${failure.sentence.replace(/[.]$/, '')}.`,
    ),
    '',
    wrap(
      `Users' traffic went back to the good version first; this commit brings ${paths.join(', ')} back to ${one ? 'its' : 'their'} content at ${good.slice(0, 12)}. Nothing outside ${one ? 'that path' : 'these paths'} is changed.`,
    ),
    '',
    'To deploy the failed revision again:',
    '',
    `    belay retry ${application}`,
    '',
    'or push a fix on top of this commit.',
  ].join('\n');
  return { subject, body };
}

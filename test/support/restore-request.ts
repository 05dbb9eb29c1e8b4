import type { RestoreRequest } from '../../src/ports/git';

/** Takes `web` on `main` back from the bad revision to the good one. */
export function restoreRequest(
  repoUrl: string,
  { good, bad }: { readonly good: string; readonly bad: string },
  more: Partial<RestoreRequest> = {},
): RestoreRequest {
  return {
    repoUrl,
    branch: 'refs/heads/main',
    paths: ['web'],
    goodRevision: good,
    badRevision: bad,
    subject: 'Restore web',
    body: 'It failed.',
    trailers: { 'Belay-Run': 'run-1' },
    ...more,
  };
}

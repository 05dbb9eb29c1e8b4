import type { RestoreRequest } from '../../ports/git';
import type { BranchView, RestoreContext } from './restore-path';
import { oneLine, runTrailer } from './restore-message';

/** The commit that an earlier attempt of this run pushed and whose answer was lost. */
export async function findRun(
  { mirror, signal }: RestoreContext,
  request: RestoreRequest,
  { head, good, bad }: BranchView,
): Promise<string | undefined> {
  const run = request.trailers[runTrailer];
  if (run === undefined) return undefined;
  const trailers = `%(trailers:key=${runTrailer},valueonly,unfold,separator=%x09)`;
  const grep = ['--fixed-strings', `--grep=${runTrailer}: ${oneLine(run)}`];
  const range = [...grep, `${bad ?? good}..${head}`];
  // A count always prints something; simple-git waits another 50 ms for a command that prints nothing.
  if ((await mirror.local(['rev-list', '--count', ...range], { signal })).trim() === '0') return undefined;
  const args = ['log', '--no-color', '--no-show-signature', `--format=%H%x09${trailers}`, ...range];
  const commits = (await mirror.local(args, { signal })).split('\n').map((line) => line.split('\t'));
  return commits.find(([, ...values]) => values.some((value) => value.trim() === oneLine(run)))?.[0];
}

/** Commits after the good one, up to `until`, that changed the path and are not the bad one: what else goes back. */
export async function alsoReverted(
  { mirror, signal }: RestoreContext,
  { path, good, bad }: BranchView,
  until: string,
): Promise<string[]> {
  const pathspec = path === '' ? [] : ['--', `:(top,literal)${path}`];
  const args = ['rev-list', '--first-parent', '--max-count=500', `${good}..${until}`, ...pathspec];
  const revisions = (await mirror.local(args, { signal })).split('\n');
  return revisions.filter((revision) => revision !== '' && revision !== bad);
}

import type { DrillClone } from './clone';

/** The trailer of Belay's reverts that names what they revert. */
const badTrailer = 'Belay-Bad-Revision';

/** Commits on top of a drill's commit that say they revert it, newest first. */
export async function revertsOf(clone: DrillClone, revision: string): Promise<readonly string[]> {
  const format = `--format=%H %(trailers:key=${badTrailer},valueonly,separator=%x20)`;
  const listed = await clone.git.run(['log', format, `${revision}..${await clone.head()}`]);
  return listed
    .split('\n')
    .map((line) => line.trim().split(/[ ,]+/)) // a release names one for each of its members
    .filter(([, ...bad]) => bad.includes(revision))
    .flatMap(([commit = '']) => [commit]);
}

import type { Source } from './fetch';

/** A commit of a list. */
export interface ListedCommit {
  readonly revision: string;
  readonly isMerge: boolean;
  readonly author: Author;
  readonly subject: string;
}

/** Who wrote a commit, in the words of the commit: not to be trusted. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/** Commits of one list; an older one is left out. */
const most = 500;
const format = ['%H', '%P', '%an', '%ae', '%s'].join('%x00');

/**
 * The commits after `from`, up to `to`, that changed the paths, newest first. Of a merge either the branch's own line counts, which
 * the merge has changed, or all but merges: those who have written what was merged.
 */
export async function listCommits(
  { mirror, signal }: Pick<Source, 'mirror' | 'signal'>,
  range: {
    readonly from: string;
    readonly to: string;
    readonly paths: readonly string[];
    readonly line: 'first parents' | 'all but merges';
  },
): Promise<ListedCommit[]> {
  const line = range.line === 'first parents' ? '--first-parent' : '--no-merges';
  const show = ['--no-color', '--no-show-signature', '--encoding=UTF-8', `--format=${format}`];
  const which = [line, `--max-count=${most}`, `${range.from}..${range.to}`, ...pathspecs(range.paths)];
  const output = await mirror.local(['log', ...show, ...which], { signal });
  return output
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => {
      const [revision = '', parents = '', name = '', email = '', subject = ''] = each.split('\0');
      return { revision, isMerge: parents.includes(' '), author: { name, email }, subject };
    });
}

/** Paths in git's spelling as arguments of a command; none for the whole repository. */
export function pathspecs(paths: readonly string[]): string[] {
  return paths.includes('') ? [] : ['--', ...paths.map((path) => `:(top,literal)${path}`)];
}

import type { RestoreRequest } from '../../ports/git';
import { coAuthors } from './co-authors';
import { commitTree } from './commit-tree';
import { fetchMissing } from './fetch';
import { readLevels } from './path-levels';
import type { TakenBack } from './restore-history';
import { restoreMessage } from './restore-message';
import { isWithin } from './restore-parts';
import type { RestoreContext } from './restore-path';
import { missingAt, type BranchView } from './restore-view';

/** What a commit of a write-back is made of. */
export interface RestoreParts {
  readonly request: RestoreRequest;
  readonly view: BranchView;
  readonly taken: TakenBack;
  /** Id of the root's tree. */
  readonly tree: string;
}

/** Writes the commit of a write-back into the mirror, checks it, and gives its id. Nothing is pushed. */
export async function writeRestore(context: RestoreContext, parts: RestoreParts): Promise<string> {
  const { request, view, taken, tree } = parts;
  const authors = await coAuthors(context, request, view, taken);
  const message = restoreMessage(request, { others: taken.others, coAuthors: authors });
  const revision = await commitTree(context, { parent: view.head, tree, message });
  await check(context, view, revision);
  return revision;
}

/** The last look before a push: the paths are as at the good revision, and nothing else differs from the head. */
async function check(context: RestoreContext, { head, parts }: BranchView, revision: string): Promise<void> {
  const { mirror, signal } = context;
  const paths = parts.flatMap((part) => part.paths);
  const [restored] = await readLevels(mirror, [{ commit: revision, paths }], signal);
  const differing = restored === undefined ? paths : [...missingAt(parts, restored).keys()];
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-commit-id', head, revision];
  const changes = parseChanges(await mirror.local(args, { signal }));
  const stray = changes.find(({ path: changed }) => !paths.some((path) => isWithin(path, changed)));
  if (differing.length > 0 || stray !== undefined) {
    const what = stray === undefined ? 'is not as at the good revision' : `would change ${stray.path}`;
    throw new Error(
      `the restored commit ${revision} of ${differing[0] ?? paths.join(', ')} ${what}; nothing was pushed`,
    );
  }
  // Old contents travel with the push, and a blobless mirror may not hold them.
  const ids = changes.filter(({ mode, id }) => mode !== '160000' && !/^0+$/.test(id)).map(({ id }) => id);
  await fetchMissing(context, [...new Set(ids)]);
}

/** Reads `git diff-tree -r -z`: the new mode and object of each path. */
function parseChanges(output: string): { mode: string; id: string; path: string }[] {
  const fields = output.split('\0');
  return Array.from({ length: Math.floor(fields.length / 2) }, (_, index) => {
    const [, mode = '', , id = ''] = (fields[2 * index] ?? '').split(' ');
    return { mode, id, path: fields[2 * index + 1] ?? '' };
  });
}

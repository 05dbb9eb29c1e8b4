import type { RestoreRequest } from '../../ports/git';
import { commitTree } from './commit-tree';
import { fetchMissing } from './fetch';
import { atPath, lookUp } from './objects';
import { replacePath } from './replace-path';
import { restoreMessage } from './restore-message';
import type { BranchView, RestoreContext } from './restore-path';

/** Writes the commit of a write-back into the mirror, checks it, and gives its id. Nothing is pushed. */
export async function writeRestore(
  context: RestoreContext,
  request: RestoreRequest,
  view: BranchView,
  alsoReverted: readonly string[],
): Promise<string> {
  const { mirror, signal } = context;
  const { head, path, goodTree } = view;
  const tree = await replacePath(mirror, { revision: head, path, tree: goodTree }, signal);
  const message = restoreMessage(request, alsoReverted);
  const revision = await commitTree(context, { parent: head, tree, message });
  await check(context, view, revision);
  return revision;
}

/** The last look before a push: the path is the good tree, and nothing else differs from the head. */
async function check(context: RestoreContext, view: BranchView, revision: string): Promise<void> {
  const { mirror, signal } = context;
  const { head, path, goodTree } = view;
  const [restored] = await lookUp(mirror, [atPath(revision, path)], signal);
  const diff = await mirror.local(
    ['diff-tree', '-r', '-z', '--no-renames', '--no-commit-id', head, revision],
    { signal },
  );
  const changes = parseChanges(diff);
  const strays = changes.filter(
    (change) => path !== '' && change.path !== path && !change.path.startsWith(`${path}/`),
  );
  if (restored?.id !== goodTree || strays.length > 0) {
    const what = strays.length > 0 ? `would change ${strays[0]?.path}` : 'is not the good tree';
    throw new Error(`the restored commit ${revision} of ${path} ${what}; nothing was pushed`);
  }
  // Old contents travel with the push, and a blobless mirror may not hold them.
  const ids = [...new Set(changes.filter(({ mode }) => mode !== '160000').map(({ id }) => id))].filter(
    (id) => !/^0+$/.test(id),
  );
  await fetchMissing(context, ids);
}

/** Reads `git diff-tree -r -z`: the new mode and object of each path. */
function parseChanges(output: string): { mode: string; id: string; path: string }[] {
  const fields = output.split('\0');
  return Array.from({ length: Math.floor(fields.length / 2) }, (_, index) => {
    const [, mode = '', , id = ''] = (fields[2 * index] ?? '').split(' ');
    return { mode, id, path: fields[2 * index + 1] ?? '' };
  });
}

import type { Fields } from '../fields';
import { needed, neededMap, neededMaps, urlsOf } from './event-reader';
import type { Push, RefChange } from './push';
import { changeTo, commitOf, told } from './read-forge-push';

type Told = Omit<Push, 'provider'> | 'ignored';

/** Bitbucket Cloud: `repo:push`, with any number of refs. It names no files. */
export function readBitbucket(body: Fields, event: string): Told {
  if (event !== 'repo:push') return 'ignored';
  const repository = neededMap(body, 'repository');
  const fullName = needed(repository, 'full_name');
  const page = repository?.map('links')?.map('html')?.string('href');
  // The name is that of the clone URLs, which the event does not have.
  const written = fullName === undefined ? [page] : [page, `https://bitbucket.org/${fullName}`];
  const urls = urlsOf(repository, 'full_name', written);
  const changes = neededMaps(neededMap(body, 'push'), 'changes').map(cloudChange);
  return told({ urls, changes, branch: repository?.map('mainbranch')?.string('name') });
}

/** The name of a branch is bare here: one that is called `refs/heads/x` is `refs/heads/refs/heads/x`. */
function cloudChange(change: Fields): RefChange | undefined {
  const [old, now] = [change.map('old'), change.map('new')];
  const either = now ?? old;
  if (either === undefined) return change.invalid('new', 'is missing, and so is old');
  const name = needed(either, 'name');
  const folder = either.string('type')?.endsWith('tag') === true ? 'tags' : 'heads';
  if (name === undefined) return undefined;
  return changeTo(`refs/${folder}/${name}`, { before: hashOf(old), after: hashOf(now) });
}

function hashOf(side: Fields | undefined): string | undefined {
  return commitOf(side?.map('target')?.string('hash'));
}

/** Bitbucket Server and Data Center: `repo:refs_changed`, with any number of refs. It names no files. */
export function readBitbucketServer(body: Fields, event: string): Told {
  if (event !== 'repo:refs_changed') return 'ignored';
  const links = neededMap(neededMap(body, 'repository'), 'links');
  const clones = neededMaps(links, 'clone');
  const urls = urlsOf(
    links,
    'clone',
    clones.map((clone) => clone.string('href')),
  );
  const changes = neededMaps(body, 'changes').map((change) => {
    const ref = needed(neededMap(change, 'ref'), 'id');
    const before = commitOf(change.string('fromHash'));
    const after = commitOf(change.string('toHash'));
    return ref === undefined ? undefined : changeTo(ref, { before, after });
  });
  return told({ urls, changes });
}

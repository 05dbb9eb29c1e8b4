import type { CommitAsk, CommitEntry, CommitPublished } from '../../ports/forge';
import { PortError } from '../../ports/port-error';
import { fetchCommit } from './fetch';
import { lookUp } from './objects';
import type { Pushed, PushRequest } from './push-commit';
import { displayUrl } from './remote-url';
import { pathsOf } from './restore-parts';
import type { RestoreContext } from './restore-path';
import { GitFailure } from './run-git';
import { parseTree } from './tree-entries';

/** Has the forge make a commit and move the branch to it, so that the forge signs it. */
export type Publish = (commit: CommitAsk, signal?: AbortSignal) => Promise<CommitPublished>;

type PublishContext = RestoreContext & { readonly publish: Publish };

/**
 * Has the forge make a commit with the trees, the parent and the message of ours, and brings it into the mirror. Only the paths of the
 * request are told: what they name is in the repository already. Throws what `complaintOf` calls a race when the branch moved.
 */
export async function publishCommit(
  context: PublishContext,
  { request, revision, parent, ref, expected }: PushRequest,
): Promise<Pushed> {
  const { mirror, signal } = context;
  const names = [`${parent}^{tree}`, `${revision}^{tree}`];
  const [baseTree = '', tree = ''] = (await lookUp(mirror, names, signal)).map((info) => info?.id ?? '');
  const message = await mirror.local(['log', '-1', '--no-show-signature', '--format=%B', revision], {
    signal,
  });
  const branch = ref.replace(/^refs\/heads\//, '');
  const published = await context.publish(
    {
      repoUrl: request.repoUrl,
      branch,
      expected: expected === '' ? undefined : expected,
      parent,
      baseTree,
      entries: await entriesOf(context, { paths: pathsOf(request), parent, revision }),
      tree,
      message: `${message.trimEnd()}\n`,
    },
    signal,
  );
  switch (published.kind) {
    case 'published':
      await fetchCommit(context, published.revision);
      return { kind: 'pushed', revision: published.revision };
    case 'refused':
      return published;
    case 'moved':
      // In the words of git: the caller tells a race by them.
      throw new GitFailure('failed', `! [rejected] ${branch} (stale info)`);
    case 'unknown':
      throw new PortError(
        `the forge of ${displayUrl(request.repoUrl)} (${published.host}) makes no commits for Belay; name a GitHub in "forges" of the credentials file for it, or leave out "commits" of "identity"`,
        { code: 'InvalidSpec', retry: 'never', facts: { host: published.host } },
      );
  }
}

interface Change {
  /** In git's spelling. */
  readonly paths: readonly string[];
  readonly parent: string;
  readonly revision: string;
}

/** What the forge is to change in the tree of the parent: whole directories where there is one, single files where a path goes. */
async function entriesOf(
  { mirror, signal }: PublishContext,
  { paths, parent, revision }: Change,
): Promise<readonly CommitEntry[]> {
  const list = async (commit: string, options: readonly string[], names: readonly string[]) => {
    const args = ['ls-tree', '-z', '--full-tree', ...options, commit, '--', ...names];
    return parseTree(await mirror.local(args, { signal }));
  };
  // The root has no name: then what lies in it is told.
  const told = paths.includes('')
    ? [...(await list(parent, [], [])), ...(await list(revision, [], []))].map(({ path }) => path)
    : paths;
  const kept = await list(revision, [], [...new Set(told)]);
  const gone = told.filter((path) => kept.every((entry) => entry.path !== path));
  // No name would list everything.
  const removed = gone.length === 0 ? [] : await list(parent, ['-r'], gone);
  return [
    ...kept.map(({ path, mode, id }) => ({ path, mode, id })),
    ...removed.map(({ path, mode }) => ({ path, mode, id: undefined })),
  ];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drillTrailer } from '../../domain/drill/message';
import { gitIn, type PersonGit } from './person-git';

/** How far back drills are looked for. */
const depth = 300;

/** What a commit makes of files: their text, or a blob that exists with its mode; `undefined`: gone. */
export type NewFile = string | { readonly mode: string; readonly blob: string } | undefined;

/** A clone for one drill: bare of a work tree, with a short history and without contents that nobody reads. */
export interface DrillClone {
  readonly git: PersonGit;
  /** The newest commit of the branch that is known here. */
  head(): Promise<string>;
  isDefaultBranch(): Promise<boolean>;
  /** Asks the repository again. */
  refresh(): Promise<void>;
  /** The text of a regular file; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Files below a directory, from the repository's root. */
  list(directory: string): Promise<readonly string[]>;
  /** The id of a path's tree at a commit. */
  tree(revision: string, path: string): Promise<string>;
  /** Commits on top of the head that is known here. */
  commit(files: ReadonlyMap<string, NewFile>, message: string): Promise<string>;
  /** False: the branch has moved on, and nothing was pushed. */
  push(revision: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface CloneOptions {
  readonly repoUrl: string;
  /** Full ref. */
  readonly branch: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Clones one branch into a new temporary directory. */
export async function openClone({ repoUrl, branch, env }: CloneOptions): Promise<DrillClone> {
  const dir = await mkdtemp(join(tmpdir(), 'belay-drill-'));
  const close = () => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  const name = branch.replace(/^refs\/heads\//, '');
  const tracking = `refs/remotes/origin/${name}`;
  try {
    const partial = ['--filter=blob:none', '--depth', String(depth), '--no-tags', '--no-checkout'];
    await gitIn(tmpdir(), env).run([
      'clone',
      '--quiet',
      ...partial,
      '--single-branch',
      '--branch',
      name,
      '--',
      repoUrl,
      dir,
    ]);
  } catch (error: unknown) {
    await close();
    throw error;
  }
  const git = gitIn(dir, env);
  const line = async (...args: readonly string[]) => (await git.run(args)).trim();
  const head = () => line('rev-parse', tracking);
  return {
    git,
    head,
    async isDefaultBranch() {
      const answer = await git.run(['ls-remote', '--symref', 'origin', 'HEAD']);
      return answer.includes(`ref: ${branch}\t`);
    },
    refresh: async () => void (await git.run(['fetch', '--quiet', 'origin', `+${branch}:${tracking}`])),
    async read(path) {
      const listed = await git.run(['ls-tree', tracking, '--', path]);
      return /^100/.test(listed) ? git.run(['show', `${tracking}:${path}`]) : undefined;
    },
    async list(directory) {
      const below = directory === '.' ? [] : ['--', `${directory}/`];
      const listed = await git.run(['ls-tree', '-r', '-z', '--name-only', tracking, ...below]);
      return listed.split('\0').filter((path) => path !== '');
    },
    tree: (revision, path) => line('rev-parse', path === '.' ? `${revision}^{tree}` : `${revision}:${path}`),
    async commit(files, message) {
      await git.run(['read-tree', tracking]);
      await git.run(['update-ref', 'HEAD', tracking]);
      for (const [path, file] of files) await stage(git, path, file);
      const commit = ['commit', '--quiet', '--no-verify', '--cleanup=verbatim', '--file=-'];
      await git.run([...(await someone(git)), ...commit], message);
      return line('rev-parse', 'HEAD');
    },
    async push(revision) {
      const pushed = await git.attempt(['push', '--quiet', 'origin', `${revision}:${branch}`]);
      if (pushed !== undefined) return true;
      const before = await line('rev-parse', `${revision}^`);
      await git.run(['fetch', '--quiet', 'origin', `+${branch}:${tracking}`]);
      const now = await head();
      if (now === revision) return true;
      if (now !== before) return false;
      await git.run(['push', '--quiet', 'origin', `${revision}:${branch}`]); // says why it is refused
      return true;
    },
    close,
  };
}

/** The person's name is git's to know; a machine that drills by a clock may have none. */
async function someone(git: PersonGit): Promise<readonly string[]> {
  if ((await git.attempt(['var', 'GIT_COMMITTER_IDENT'])) !== undefined) return [];
  return ['-c', 'user.name=Belay drill', '-c', 'user.email=belay-drill@localhost'];
}

async function stage(git: PersonGit, path: string, file: NewFile): Promise<void> {
  if (file === undefined) {
    await git.run(['update-index', '--force-remove', '--', path]);
    return;
  }
  const entry = typeof file === 'string' ? await asBlob(git, path, file) : file;
  await git.run(['update-index', '--add', '--cacheinfo', `${entry.mode},${entry.blob},${path}`]);
}

/** A new text keeps the mode of the file that it replaces. */
async function asBlob(git: PersonGit, path: string, content: string) {
  const [found = ''] = (await git.run(['ls-files', '--stage', '-z', '--', path])).split('\0');
  const mode = found.split(' ')[0];
  const blob = (await git.run(['hash-object', '-w', '--stdin'], content)).trim();
  return { mode: mode === undefined || mode === '' ? '100644' : mode, blob };
}

/** Commits of drills that changed something below these paths, newest first: ids by commit. */
export async function drillCommits(
  { git }: DrillClone,
  revision: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const format = `--format=%H %(trailers:key=${drillTrailer},valueonly,separator=%x20)`;
  const listed = await git.run(['log', format, revision, '--', ...paths]);
  const lines = listed.split('\n').map((each) => each.trim().split(' '));
  return new Map(lines.flatMap(([commit = '', id]) => (id === undefined ? [] : [[commit, id] as const])));
}

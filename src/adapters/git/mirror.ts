import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { normaliseRepoUrl } from '../../domain/repo-url';
import type { Access, Credentials } from './credentials';
import { complaintOf } from './errors';
import { gitUrl } from './remote-url';
import { gitEnv, type GitTimeouts } from './git-env';
import { Queues } from './queues';
import { retryLocks } from './retry-locks';
import { catFile, runGit } from './run-git';

/** How one git command of a mirror differs from the plainest. */
export interface MirrorOptions {
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal | undefined;
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Git must not fetch what it misses on the way: a push would do so with the credential that is for writing. */
  readonly noLazyFetch?: boolean;
}

/** The bare, blobless copy of one repository on this machine: a cache that may be deleted at any time. */
export interface Mirror {
  readonly repoUrl: string;
  readonly dir: string;
  /** Runs git on the mirror alone: no network, and a missing object is missing. */
  local(args: readonly string[], options?: MirrorOptions): Promise<string>;
  catFile(args: readonly string[], options?: MirrorOptions): Promise<Buffer>;
  /** Runs git with the remote `origin` and the credential of `credentials`. */
  remote(credentials: Credentials, args: readonly string[], options?: MirrorOptions): Promise<string>;
  /** Runs `task` after every earlier one of this mirror and name in this process has ended. */
  exclusive<T>(name: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Gives the mirror of a repository, made when it is missing. */
export type OpenMirror = (repoUrl: string, signal?: AbortSignal) => Promise<Mirror>;

/** Mirrors live under `dir`, one directory for each repository however its URL is spelled. Several processes may share it. */
export function createMirrors({ dir, timeouts }: { dir: string; timeouts: GitTimeouts }): OpenMirror {
  const queues = new Queues();
  return async (repoUrl, signal) => {
    const url = gitUrl(repoUrl);
    const key = createHash('sha256').update(normaliseRepoUrl(repoUrl)).digest('hex').slice(0, 32);
    const gitDir = join(dir, `${key}.git`);
    if (!existsSync(join(gitDir, 'HEAD'))) {
      await queues.run(`${key} create`, () => createMirror({ dir, gitDir, timeouts, signal }), signal);
    }
    const command = (args: readonly string[], timeout: number, options: MirrorOptions, access?: Access) => ({
      cwd: gitDir,
      args,
      timeout,
      env: {
        ...options.env,
        ...gitEnv({
          dir,
          gitDir,
          timeouts,
          config: options.config,
          ...(access === undefined ? {} : { remote: { url, access, lazy: options.noLazyFetch !== true } }),
        }),
      },
      ...(options.input === undefined ? {} : { input: options.input }),
      signal: options.signal,
      secrets: access?.secrets,
    });
    return {
      repoUrl,
      dir: gitDir,
      exclusive: (name, task, stop) => queues.run(`${key} ${name}`, task, stop),
      local: (args, options = {}) =>
        retryLocks(gitDir, () => runGit(command(args, timeouts.local, options)), options.signal),
      catFile: (args, options = {}) => catFile(command(args, timeouts.local, options)),
      remote: async (credentials, args, options = {}) => {
        const access = await credentials(repoUrl);
        const run = () => runGit(command(args, timeouts.network, options, access));
        return await retryLocks(gitDir, run, options.signal).catch((error: unknown) => {
          if (complaintOf(error) === 'unauthenticated') access.forget?.();
          throw error;
        });
      },
    };
  };
}

interface NewMirror {
  readonly dir: string;
  readonly gitDir: string;
  readonly timeouts: GitTimeouts;
  readonly signal?: AbortSignal | undefined;
}

/** Built aside and moved into place: of two processes one wins, and neither sees half a repository. */
async function createMirror({ dir, gitDir, timeouts, signal }: NewMirror): Promise<void> {
  if (existsSync(join(gitDir, 'HEAD'))) return;
  await mkdir(join(dir, 'home'), { recursive: true });
  const draft = await mkdtemp(join(dir, 'new-'));
  try {
    const args = ['init', '--quiet', '--bare', '--template=', draft];
    await runGit({ cwd: dir, args, env: gitEnv({ dir, timeouts }), timeout: timeouts.local, signal });
    await rename(draft, gitDir);
  } catch (error: unknown) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(join(gitDir, 'HEAD'))) throw error;
  }
}

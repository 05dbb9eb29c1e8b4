import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GitReader, GitWriter, RestoreRequest, SourceTrees } from '../../ports/git';
import { anonymous, type Credentials } from './credentials';
import { toPortError } from './errors';
import { defaultTimeouts, type GitTimeouts } from './git-env';
import { MirrorReader } from './git-reader';
import type { Identity } from './identity';
import { CommitListings } from './commit-listing';
import { KeptRevisions, type KeepRequest } from './keep-revision';
import { createMirrors } from './mirror';
import type { Publish } from './publish-commit';
import { restorePath } from './restore-path';
import { createSourceTrees } from './source-trees';

export {
  anonymous,
  credentialsFrom,
  type Access,
  type Credentials,
  type CredentialSource,
} from './credentials';
export { credentialsFromSecrets, type SecretCredentialOptions } from './secret-credentials';
export type { GitTimeouts } from './git-env';
export type { Identity, Signing } from './identity';
export type { KeepRequest } from './keep-revision';
export type { Publish } from './publish-commit';

/** What Git access needs to know. */
export interface GitOptions {
  /** Directory of the mirrors; several processes may share it, and it may be deleted while none runs. */
  readonly dir: string;
  /** Only the worker of the Git queue has `write`; without it nothing can be pushed that needs a credential. */
  readonly credentials?: { readonly read?: Credentials; readonly write?: Credentials };
  /** What is absent is as Belay is without. */
  readonly identity?: Partial<Identity>;
  /** Has the forge of a repository make our commits, so that it signs them; absent: they are pushed. */
  readonly publish?: Publish;
  readonly timeouts?: Partial<GitTimeouts>;
}

/** Reading and writing sides over the same mirrors. */
export interface Git {
  readonly reader: GitReader;
  readonly writer: GitWriter;
  /** What renderers read. */
  readonly trees: SourceTrees;
  /** Keeps the last good revision of an application restorable even after a force-push drops it. */
  keepRevision(request: KeepRequest, signal?: AbortSignal): Promise<void>;
}

const belay: Identity = { name: 'Belay', email: 'belay@users.noreply.invalid' };

/** Git by the `git` program, through `simple-git`. */
export function createGit(options: GitOptions) {
  const { dir, credentials = {}, publish, timeouts = {} } = options;
  const identity = { ...belay, ...options.identity };
  const { read = anonymous, write = anonymous } = credentials;
  const root = resolve(dir);
  mkdirSync(root, { recursive: true });
  const listings = new CommitListings();
  const kept = new KeptRevisions(listings);
  const open = createMirrors({ dir: root, timeouts: { ...defaultTimeouts, ...timeouts } });
  return {
    reader: new MirrorReader(open, read),
    trees: createSourceTrees(open, read, listings),
    writer: {
      restorePath: async (request: RestoreRequest, signal?: AbortSignal) => {
        try {
          const mirror = await open(request.repoUrl, signal);
          return await restorePath({ mirror, read, write, identity, publish, signal }, request);
        } catch (error: unknown) {
          throw toPortError(error, `write ${request.branch} of`, request.repoUrl);
        }
      },
    },
    keepRevision: async (request: KeepRequest, signal?: AbortSignal) => {
      try {
        const mirror = await open(request.repoUrl, signal);
        await kept.keep({ mirror, read, signal }, request);
      } catch (error: unknown) {
        throw toPortError(error, `keep ${request.revision} of`, request.repoUrl);
      }
    },
  } satisfies Git;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGit, type GitOptions } from '../../src/adapters/git';

/** Git with mirrors of its own in a temporary directory. */
export interface GitSandbox {
  readonly dir: string;
  readonly git: ReturnType<typeof createGit>;
  /** The same mirrors as another process sees them. */
  another(options?: Partial<GitOptions>): ReturnType<typeof createGit>;
  remove(): Promise<void>;
}

/** Creates mirrors that `remove` deletes again. */
export async function createSandbox(options: Partial<GitOptions> = {}): Promise<GitSandbox> {
  const dir = await mkdtemp(join(tmpdir(), 'belay-mirrors-'));
  const another = (more: Partial<GitOptions> = {}) => createGit({ dir, ...options, ...more });
  return {
    dir,
    git: another(),
    another,
    remove: () => rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}

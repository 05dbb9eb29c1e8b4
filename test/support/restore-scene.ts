import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RestoreRequest, RestoreResult } from '../../src/ports/git';
import { commitFiles, createBareRepo, headOf, type BareRepo, type CommitOptions } from './git-repo';
import { createSandbox, type GitSandbox } from './git-sandbox';

type Files = Parameters<typeof commitFiles>[1];

/** A repository whose branch `main` a bad commit has reached, and what takes it back. */
export interface RestoreScene {
  readonly repo: BareRepo;
  readonly sandbox: GitSandbox;
  good: string;
  bad: string;
  /** Another commit on `main`, or where the options say. */
  commit(files: Files, options?: CommitOptions): Promise<string>;
  request(changes?: Partial<RestoreRequest>): RestoreRequest;
  restore(changes?: Partial<RestoreRequest>): Promise<RestoreResult>;
  /** Id of what lies at a path of a revision. */
  id(revision: string, path: string): Promise<string>;
  head(branch?: string): Promise<string>;
  message(revision?: string): Promise<string>;
  /** A server-side hook in shell. */
  hook(name: 'pre-receive' | 'update', script: string): Promise<void>;
  remove(): Promise<void>;
}

/** Ada has pushed a good version of `apps/web`, and then a bad one. */
export async function createRestoreScene(): Promise<RestoreScene> {
  const [repo, sandbox] = await Promise.all([
    createBareRepo(),
    createSandbox({ identity: { name: 'Belay', email: 'belay@example.com' } }),
  ]);
  const commit = (files: Files, options?: CommitOptions) => commitFiles(repo, files, options);
  const scene: RestoreScene = {
    repo,
    sandbox,
    good: await commit({ 'apps/web/a.yaml': 'v: 1\n', 'shared/values.yaml': 's: 1\n', 'README.md': '# x\n' }),
    bad: await commit({ 'apps/web/a.yaml': 'v: 2\n', 'apps/web/new.yaml': 'n: 1\n' }, { message: 'Ship v2' }),
    commit,
    request: (changes = {}) => ({
      repoUrl: repo.url,
      branch: 'refs/heads/main',
      paths: ['apps/web'],
      goodRevision: scene.good,
      badRevision: scene.bad,
      subject: 'Revert web',
      body: 'Step 2 failed.',
      trailers: { 'Belay-App': 'web', 'Belay-Run': 'app/web/run-7' },
      ...changes,
    }),
    restore: (changes) => sandbox.git.writer.restorePath(scene.request(changes)),
    id: (revision, path) => repo.git('rev-parse', `${revision}:${path}`),
    head: async (branch) => (await headOf(repo, branch)) ?? '',
    message: (revision = 'main') => repo.git('log', '-1', '--format=%B', revision),
    hook: async (name, script) => {
      const file = join(repo.dir, 'hooks', name);
      await repo.git('config', 'core.hooksPath', join(repo.dir, 'hooks'));
      await writeFile(file, `#!/bin/sh\n${script}\n`, { flag: 'w' });
      await chmod(file, 0o755);
    },
    remove: async () => void (await Promise.all([repo.remove(), sandbox.remove()])),
  };
  return scene;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { credentialsFrom, type Credentials, type GitOptions } from '../../../../src/adapters/git';
import type { RestoreRequest, RestoreResult } from '../../../../src/ports/git';
import { isPortError } from '../../../../src/ports/port-error';
import { serveHttp, type HttpRemote } from '../../../support/git-http';
import { commitFiles, createBareRepo, type BareRepo } from '../../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../../support/git-sandbox';
import { table, type Behaviour } from './table';
import { restoreRequest } from '../../../support/restore-request';

/** A repository with a bad commit, a server that serves it, and somebody who is to take it back. */
export interface Scene {
  readonly repo: BareRepo;
  readonly http: HttpRemote;
  /** May be changed at any time. */
  readonly passwords: Record<string, 'read' | 'write'>;
  readonly good: string;
  readonly bad: string;
  /** Credentials whose token is read from a file at each use. */
  token(value: string): Promise<Credentials>;
  /** Writes with mirrors of its own: another process, as far as Git can tell. Absent credentials: those that may do everything. */
  writer(options?: Partial<GitOptions>): Promise<GitSandbox['git']>;
  request(more?: Partial<RestoreRequest>): RestoreRequest;
  /** Takes the bad commit back. */
  restore(options?: Partial<GitOptions>): Promise<RestoreResult>;
  remove(): Promise<void>;
}

export const readToken = 'may-read-abc123';
export const writeToken = 'may-write-xyz789';

export async function openScene(): Promise<Scene> {
  const [repo, sandbox] = await Promise.all([createBareRepo(), createSandbox()]);
  const sandboxes = [sandbox];
  const good = await commitFiles(repo, { 'web/a.yaml': 'v: 1\n', 'other/b.yaml': 'v: 1\n' });
  const bad = await commitFiles(repo, { 'web/a.yaml': 'v: 2\n', 'web/new.yaml': 'v: 2\n' });
  const passwords: Record<string, 'read' | 'write'> = { [readToken]: 'read', [writeToken]: 'write' };
  const http = await serveHttp(repo, passwords);
  const token = async (value: string): Promise<Credentials> => {
    const tokenFile = join(sandbox.dir, `token-${value}`);
    await writeFile(tokenFile, `${value}\n`);
    return credentialsFrom([{ tokenFile }]);
  };
  const writer = async (options: Partial<GitOptions> = {}): Promise<GitSandbox['git']> => {
    const access = await token(writeToken);
    const own = await createSandbox({ credentials: { read: access, write: access }, ...options });
    sandboxes.push(own);
    return own.git;
  };
  const request = (more?: Partial<RestoreRequest>): RestoreRequest =>
    restoreRequest(http.url, { good, bad }, more);
  return {
    repo,
    http,
    passwords,
    good,
    bad,
    token,
    writer,
    request,
    restore: async (options) => (await writer(options)).writer.restorePath(request()),
    remove: async () => {
      await http.close();
      await Promise.all([repo.remove(), ...sandboxes.map((each) => each.remove())]);
    },
  };
}

type Group = keyof typeof table;

/**
 * The tests of a group of the table. Each runs what it is given on a scene of its own and compares how that ends with the table; where
 * it says "one commit", also that the branch has exactly one with our trailer, which changes nothing beside the path and brings the
 * good tree back; in all other cases, that there is none.
 */
export function behaviours<G extends Group>(group: G, tryIt: typeof test = test) {
  return (id: keyof (typeof table)[G] & string, run: (scene: Scene) => Promise<RestoreResult>): void => {
    const { server, outcome } = (table[group] as Readonly<Record<string, Behaviour>>)[id] as Behaviour;
    tryIt(`${group}: ${server} → ${outcome}`, async () => {
      const scene = await openScene();
      try {
        const result = await run(scene).catch((error: unknown) => {
          if (isPortError(error)) return error;
          throw error;
        });
        expect(outcomeOf(result)).toBe(outcome);
        await checkBranch(scene, outcome);
        expect(inspect(result, { depth: 9 })).not.toContain(writeToken);
      } finally {
        await scene.remove();
      }
    });
  };
}

async function checkBranch({ repo, good, bad }: Scene, outcome: string): Promise<void> {
  const head = await repo.git('rev-parse', '--verify', '--quiet', 'refs/heads/main').catch(() => undefined);
  if (head === undefined) return;
  const grep = ['--fixed-strings', '--grep=Belay-Run: run-1'];
  const ours = (await repo.git('log', '--format=%H', ...grep, 'main'))
    .split('\n')
    .filter((line) => line !== '');
  expect(ours).toHaveLength(outcome === 'one commit' ? 1 : 0);
  for (const commit of ours) {
    expect(await repo.git('rev-parse', `${commit}:web`)).toBe(await repo.git('rev-parse', `${good}:web`));
    const files = await repo.git('diff-tree', '--no-commit-id', '--name-only', '-r', commit);
    expect(files.split('\n')).toEqual(['web/a.yaml', 'web/new.yaml']);
  }
  if (outcome.startsWith('refused')) expect(head).toBe(bad);
}

const proposable = ['protected', 'hook', 'unsigned'];

/** How a write-back ends, in the words of the table. */
export function outcomeOf(result: unknown): string {
  if (isPortError(result)) {
    const { code, retry, afterMs } = result;
    if (retry === 'never') return code;
    return `${code}, tried again${afterMs === undefined ? '' : ` after ${afterMs / 1000} s`}`;
  }
  const restored = result as RestoreResult;
  switch (restored.kind) {
    case 'pushed':
      return 'one commit';
    case 'already':
      return 'already done, nothing written';
    case 'refused':
      return `refused (${restored.why})${proposable.includes(restored.why) ? '; a pull request if the policy allows one' : ''}`;
    default:
      return `${restored.kind}, nothing written`;
  }
}

import type { Client } from '@temporalio/client';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPorts } from '../../src/worker/ports';
import { serveHttp, type HttpRemote } from '../support/git-http';
import { commitFiles, createBareRepo, headOf, type BareRepo } from '../support/git-repo';
import { serveGithubGit, type GithubGit } from '../support/github-git';

let dir: string;
let repo: BareRepo;
let http: HttpRemote;
let github: GithubGit;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'belay-worker-'));
  repo = await createBareRepo();
  [http, github] = await Promise.all([serveHttp(repo, undefined, '/acme'), serveGithubGit(repo)]);
});
afterEach(async () => {
  await Promise.all([http.close(), github.close()]);
  await repo.remove();
  await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
});

function file(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

/** A restore by the ports of a worker that was given this file of credentials. */
async function restoreWith(credentials: object) {
  const goodRevision = await commitFiles(repo, { 'web/a.yaml': 'v: 1\n' });
  const badRevision = await commitFiles(repo, { 'web/a.yaml': 'v: 2\n' });
  const gitCredentials = file('git.json', JSON.stringify(credentials));
  const ports = openPorts({} as Client, { dataDir: join(dir, 'data'), pollMs: 1000, gitCredentials });
  return ports.gitWriter.restorePath({
    repoUrl: http.url,
    branch: 'refs/heads/main',
    paths: ['web'],
    goodRevision,
    badRevision,
    subject: 'Restore web',
    body: 'It failed.',
    trailers: { 'Belay-Run': 'run-1' },
  });
}
const head = (format: string) => repo.git('log', '-1', `--format=${format}`, 'main');

test('commits and signs as the file of credentials says', async () => {
  const keyFile = join(dir, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  const identity = { name: 'Deploy Bot', email: 'bot@example.com', signing: { format: 'ssh', keyFile } };
  expect(await restoreWith({ identity })).toMatchObject({ kind: 'pushed' });
  expect(await head('%an <%ae> %cn <%ce>')).toBe('Deploy Bot <bot@example.com> Deploy Bot <bot@example.com>');
  expect(await repo.git('cat-file', 'commit', 'main')).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
});

test('commits as Belay where the file says nothing', async () => {
  expect(await restoreWith({})).toMatchObject({ kind: 'pushed' });
  expect(await head('%an <%ae>')).toBe('Belay <belay@users.noreply.invalid>');
});

test('has the forge make the commit where the file says so', async () => {
  const forge = {
    repo: http.url,
    kind: 'github',
    apiUrl: github.apiUrl,
    tokenFile: file('token', 'token-1'),
  };
  const result = await restoreWith({ forges: [forge], identity: { commits: 'forge' } });
  expect(result).toMatchObject({ kind: 'pushed', revision: await headOf(repo) });
  expect(await head('%an %s')).toBe('belay[bot] Restore web');
});

import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { credentialsFrom, type Credentials } from '../../../src/adapters/git';
import type { RestoreRequest } from '../../../src/ports/git';
import { filesBelow } from '../../support/git-files';
import { serveHttp, type HttpRemote, type Passwords } from '../../support/git-http';
import { commitFiles, createBareRepo, headOf, type BareRepo } from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';
import { startSsh, whyNoSsh, type SshServer } from '../../support/git-ssh';
import { restoreRequest } from '../../support/restore-request';

const readToken = 'read-only-abc123';
const writeToken = 'may-write-xyz789';
const passwords: Passwords = { [readToken]: 'read', [writeToken]: 'write' };

let repo: BareRepo;
let sandbox: GitSandbox;
let good: string;
let bad: string;
beforeEach(async () => {
  [repo, sandbox] = await Promise.all([createBareRepo(), createSandbox()]);
  good = await commitFiles(repo, { 'web/a.yaml': 'v: 1\n', 'web/README': 'one' });
  bad = await commitFiles(repo, { 'web/a.yaml': 'v: 2\n', 'web/README': 'two' });
});
afterEach(() => Promise.all([repo.remove(), sandbox.remove()]));

const request = (repoUrl: string): RestoreRequest => restoreRequest(repoUrl, { good, bad });

async function readAndRestore(git: GitSandbox['git'], url: string): Promise<void> {
  expect(await git.reader.resolve(url, 'main')).toEqual({ revision: bad, branch: 'refs/heads/main' });
  expect(await filesBelow(git, url, 'web', good)).toEqual({ 'web/README': 'one', 'web/a.yaml': 'v: 1\n' });
  expect(await git.writer.restorePath(request(url))).toMatchObject({ kind: 'pushed' });
  expect(await repo.git('rev-parse', 'main:web')).toBe(await repo.git('rev-parse', `${good}:web`));
}

describe('over HTTP', () => {
  let http: HttpRemote;
  beforeEach(async () => (http = await serveHttp(repo, passwords)));
  afterEach(() => http.close());

  /** A credential whose token lies in a file that may be rewritten. */
  async function token(value: string, name = value): Promise<Credentials> {
    const tokenFile = join(sandbox.dir, name);
    await writeFile(tokenFile, `${value}\n`);
    return credentialsFrom([{ tokenFile }]);
  }

  test('reads and writes with two credentials', async () => {
    const credentials = { read: await token(readToken), write: await token(writeToken) };
    await readAndRestore(sandbox.another({ credentials }), http.url);
  });

  test('takes few round trips', async () => {
    const git = sandbox.another({
      credentials: { read: await token(readToken), write: await token(writeToken) },
    });
    const during = async (task: () => Promise<unknown>): Promise<number> => {
      const before = http.requests.length;
      await task();
      return http.requests.length - before;
    };
    expect(await during(() => git.reader.resolve(http.url, 'main'))).toBe(2);
    expect(await during(() => filesBelow(git, http.url, 'web', bad))).toBeLessThanOrEqual(8);
    expect(await during(() => filesBelow(git, http.url, 'web', bad))).toBe(0);
    expect(await during(() => filesBelow(git, http.url, 'web', good))).toBeLessThanOrEqual(4);
  });

  test('a wrong token is Unauthenticated, and shows nowhere', async () => {
    const wrong = 'wrong-token-secret';
    const git = sandbox.another({ credentials: { read: await token(wrong) } });
    const attempts = [git.reader.resolve(http.url, 'main'), filesBelow(git, http.url, 'web', good)];
    for (const error of await Promise.all(attempts.map((each) => each.catch((caught: unknown) => caught)))) {
      expect(error).toMatchObject({
        code: 'Unauthenticated',
        message: expect.stringContaining('check the token'),
      });
      const basic = Buffer.from(`x-access-token:${wrong}`).toString('base64');
      for (const text of [String(error), JSON.stringify(error), inspect(error, { depth: 9 })]) {
        expect(text).not.toContain(wrong);
        expect(text).not.toContain(basic);
      }
    }
  });

  test('a new token counts from the next call on', async () => {
    const read = await token('old-token', 'rotated');
    const git = sandbox.another({ credentials: { read } });
    await expect(git.reader.resolve(http.url, 'main')).rejects.toMatchObject({ code: 'Unauthenticated' });
    await token(readToken, 'rotated');
    expect(await git.reader.resolve(http.url, 'main')).toMatchObject({ revision: bad });
  });

  test('a missing token names the place where it was looked for', async () => {
    const read = credentialsFrom([{ tokenVariable: 'BELAY_TEST_NO_SUCH_TOKEN' }]);
    await expect(
      sandbox.another({ credentials: { read } }).reader.resolve(http.url, 'main'),
    ).rejects.toMatchObject({
      code: 'Unauthenticated',
      message: expect.stringContaining('environment variable BELAY_TEST_NO_SUCH_TOKEN'),
    });
  });

  test('no credential at all is Unauthenticated without a prompt', async () => {
    await expect(sandbox.git.reader.resolve(http.url, 'main')).rejects.toMatchObject({
      code: 'Unauthenticated',
    });
  });

  test('a credential that may not write is an answer, not an error', async () => {
    const read = await token(readToken);
    const git = sandbox.another({ credentials: { read, write: read } });
    expect(await git.writer.restorePath(request(http.url))).toMatchObject({
      kind: 'refused',
      problem: { code: 'Forbidden', remedy: 'grant it the missing permission' },
    });
    expect(await headOf(repo)).toBe(bad);
  });

  test('a repository that does not exist is NotFound', async () => {
    const git = sandbox.another({ credentials: { read: await token(readToken) } });
    await expect(git.reader.resolve(`${http.url}-none`, 'main')).rejects.toMatchObject({ code: 'NotFound' });
  });

  test('a dead server is Unreachable', async () => {
    await http.close();
    await expect(sandbox.git.reader.resolve(http.url, 'main')).rejects.toMatchObject({
      code: 'Unreachable',
      retry: 'later',
    });
  });
});

test('a server that never answers is given up, or stopped by the caller', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/r`;
  try {
    const git = sandbox.another({ timeouts: { network: 400, stalled: 1000 } });
    await expect(git.reader.resolve(url, 'main')).rejects.toMatchObject({
      code: 'Unreachable',
      message: expect.stringContaining('took longer than 0.4 s'),
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('cancelled by the caller')), 100);
    const patient = sandbox.another({ timeouts: { stalled: 1000 } }).reader.resolve(url, 'main', stop.signal);
    await expect(patient).rejects.toThrow('cancelled by the caller');
  } finally {
    silent.close();
  }
});

const reason = whyNoSsh();
if (reason !== undefined) console.warn(`SSH tests are skipped: ${reason}`);

(reason === undefined ? describe : describe.skip)('over SSH', () => {
  let ssh: SshServer;
  beforeAll(async () => (ssh = await startSsh()));
  afterAll(() => ssh?.close());

  test('reads and writes with a key and known hosts', async () => {
    const access = credentialsFrom([{ sshKeyFile: ssh.keyFile, knownHostsFile: ssh.knownHostsFile }]);
    await readAndRestore(
      sandbox.another({ credentials: { read: access, write: access } }),
      ssh.url(repo.dir),
    );
  });

  test('a missing key is Unauthenticated', async () => {
    const read = credentialsFrom([{ sshKeyFile: `${ssh.keyFile}-none`, knownHostsFile: ssh.knownHostsFile }]);
    await expect(
      sandbox.another({ credentials: { read } }).reader.resolve(ssh.url(repo.dir), 'main'),
    ).rejects.toMatchObject({
      code: 'Unauthenticated',
    });
  });

  test('an unknown host is never trusted', async () => {
    const read = credentialsFrom([{ sshKeyFile: ssh.keyFile, knownHostsFile: '/dev/null' }]);
    await expect(
      sandbox.another({ credentials: { read } }).reader.resolve(ssh.url(repo.dir), 'main'),
    ).rejects.toMatchObject({
      code: 'Unauthenticated',
      message: expect.stringContaining('known hosts'),
    });
  });

  test('a repository that does not exist is NotFound', async () => {
    const read = credentialsFrom([{ sshKeyFile: ssh.keyFile, knownHostsFile: ssh.knownHostsFile }]);
    await expect(
      sandbox.another({ credentials: { read } }).reader.resolve(ssh.url('/no/such'), 'main'),
    ).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { credentialsFrom, type CredentialSource } from '../../../src/adapters/git';
import type { RestoreRequest } from '../../../src/ports/git';
import { filesBelow } from '../../support/git-files';
import { serveHttp, type HttpRemote } from '../../support/git-http';
import { commitFiles, createBareRepo, headOf, type BareRepo } from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';
import { restoreRequest } from '../../support/restore-request';

const readToken = 'may-read-abc123';
const writeToken = 'may-push-xyz789';
let passwords: Record<string, 'read' | 'only-write'>;
let repo: BareRepo;
let sandbox: GitSandbox;
let http: HttpRemote;
let good: string;
let bad: string;
beforeEach(async () => {
  passwords = { [readToken]: 'read', [writeToken]: 'only-write' };
  [repo, sandbox] = await Promise.all([createBareRepo(), createSandbox()]);
  good = await commitFiles(repo, { 'web/a.yaml': 'v: 1\n' });
  bad = await commitFiles(repo, { 'web/a.yaml': 'v: 2\n' });
  http = await serveHttp(repo, passwords, '/acme');
});
afterEach(() => Promise.all([repo.remove(), sandbox.remove(), http.close()]));

const request = (changes: Partial<RestoreRequest> = {}): RestoreRequest =>
  restoreRequest(http.url, { good, bad }, changes);

function place(name: string, text: string): string {
  const path = join(sandbox.dir, name);
  writeFileSync(path, text);
  return path;
}

const gitWith = (read: CredentialSource, write: CredentialSource) =>
  sandbox.another({
    credentials: { read: credentialsFrom([read], 'read'), write: credentialsFrom([write], 'write') },
  });

/** Everything that is done with a repository. */
async function doAll(git: GitSandbox['git']): Promise<void> {
  expect(await git.reader.resolve(http.url, 'main')).toMatchObject({ revision: bad });
  expect(await git.reader.commit(http.url, bad)).toMatchObject({ revision: bad });
  expect(await filesBelow(git, http.url, 'web', good)).toEqual({ 'web/a.yaml': 'v: 1\n' });
  const restored = await git.writer.restorePath(request());
  expect(restored).toMatchObject({ kind: 'pushed', revision: await headOf(repo) });
  expect(await git.writer.restorePath(request())).toEqual(restored);
}

test('one credential fetches and the other one pushes: neither can do what the other is for', async () => {
  const git = gitWith({ tokenFile: place('r', readToken) }, { tokenFile: place('w', writeToken) });
  await doAll(git);
  // The server would have refused with 403 what was asked with the wrong one.
  const swapped = sandbox.another({
    dir: join(sandbox.dir, 'swapped'),
    credentials: {
      read: credentialsFrom([{ tokenFile: place('w', writeToken) }]),
      write: credentialsFrom([{ tokenFile: place('r', readToken) }]),
    },
  });
  await expect(filesBelow(swapped, http.url, 'web', good)).rejects.toMatchObject({ code: 'Forbidden' });
});

test('both are read again at each use: rotated tokens count without a new start', async () => {
  const git = gitWith({ tokenFile: place('r', readToken) }, { tokenFile: place('w', writeToken) });
  expect(await git.reader.resolve(http.url, 'main')).toMatchObject({ revision: bad });
  for (const token of Object.keys(passwords)) delete passwords[token];
  Object.assign(passwords, { 'fresh-read-token': 'read', 'fresh-write-token': 'only-write' });
  await expect(git.reader.resolve(http.url, 'main')).rejects.toMatchObject({ code: 'Unauthenticated' });
  place('r', 'fresh-read-token');
  await expect(git.writer.restorePath(request())).rejects.toMatchObject({ code: 'Unauthenticated' });
  expect(await headOf(repo)).toBe(bad);
  place('w', 'fresh-write-token');
  expect(await git.writer.restorePath(request())).toMatchObject({ kind: 'pushed' });
});

test('no error and no URL in one holds a token, whoever refuses', async () => {
  const git = gitWith({ tokenFile: place('r', readToken) }, { tokenFile: place('w', 'wrong-token-1') });
  const told = [
    await git.writer.restorePath(request()).catch((error: unknown) => error),
    await git.writer.restorePath(request({ branch: 'refs/heads/none' })).catch((error: unknown) => error),
    await git.reader.resolve(`${http.url}-none`, 'main').catch((error: unknown) => error),
    await gitWith({ tokenFile: place('x', 'wrong-token-2') }, {})
      .reader.resolve(http.url, 'main')
      .catch((error: unknown) => error),
  ];
  await http.close();
  told.push(await git.reader.resolve(http.url, 'main').catch((error: unknown) => error));
  expect(
    told.map((each) => (each as { code?: string; kind?: string }).code ?? (each as { kind: string }).kind),
  ).toEqual(['Unauthenticated', 'refused', 'NotFound', 'Unauthenticated', 'Unreachable']);
  for (const each of told) {
    const shown = `${String(each)}${inspect(each, { depth: 9, showHidden: true })}`;
    for (const secret of [readToken, writeToken, 'wrong-token-1', 'wrong-token-2']) {
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(Buffer.from(`x-access-token:${secret}`).toString('base64'));
    }
  }
});

describe('as a GitHub App', () => {
  let github: Server;
  let apiUrl: string;
  let asked: string[];
  let lifeMs: number;
  beforeEach(async () => {
    asked = [];
    lifeMs = 3_600_000;
    for (const token of Object.keys(passwords)) delete passwords[token];
    // A token that is limited may only fetch. One that is not may only push here: so it shows which was used for what.
    github = createServer((asking, answering) => {
      asked.push(`${asking.method} ${asking.url}`);
      void text(asking).then((body) => {
        const token = `ghs_number_${asked.length}`;
        const { permissions } = JSON.parse(body || '{}') as { readonly permissions?: { contents: string } };
        if (asking.method === 'POST')
          passwords[token] = permissions?.contents === 'read' ? 'read' : 'only-write';
        const issued = { token, expires_at: new Date(Date.now() + lifeMs) };
        answering.writeHead(201).end(JSON.stringify(asking.method === 'POST' ? issued : { id: 2 }));
      });
    });
    await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
    apiUrl = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
  });
  afterEach(
    () =>
      new Promise((resolve) => {
        github.close(resolve);
        github.closeAllConnections();
      }),
  );

  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const app = (installationId?: number): CredentialSource => ({
    apiUrl,
    app: {
      id: 7,
      privateKeyFile: place('app.pem', privateKey),
      ...(installationId === undefined ? {} : { installationId }),
    },
  });
  const tokensAsked = () => asked.filter((each) => each.startsWith('POST')).length;

  test('fetches with a token that may do nothing else, and pushes with another one, each asked for once', async () => {
    await doAll(gitWith(app(2), app()));
    expect(asked).toHaveLength(3);
    expect(asked).toContain(`GET /repos/acme/${http.url.split('/').at(-1)}/installation`);
  });

  test('renews a token before it ends', async () => {
    const git = gitWith(app(2), app(2));
    lifeMs = 4 * 60_000;
    await git.reader.resolve(http.url, 'main');
    await git.reader.resolve(http.url, 'main');
    expect(tokensAsked()).toBe(2);
  });

  test('asks for another token when the server does not take one any more', async () => {
    const git = gitWith(app(2), app(2));
    await git.reader.resolve(http.url, 'main');
    for (const token of Object.keys(passwords)) delete passwords[token];
    await expect(git.reader.resolve(http.url, 'main')).rejects.toMatchObject({
      code: 'Unauthenticated',
      retry: 'later',
    });
    expect(await git.reader.resolve(http.url, 'main')).toMatchObject({ revision: bad });
    expect(tokensAsked()).toBe(2);
  });

  test('sends its proof over plain http to this machine only', async () => {
    const git = gitWith({ ...app(2), apiUrl: 'http://github.example.com/api/v3' }, {});
    await expect(git.reader.resolve(http.url, 'main')).rejects.toMatchObject({
      code: 'InvalidSpec',
      message: expect.stringContaining('would travel unencrypted'),
    });
  });
});

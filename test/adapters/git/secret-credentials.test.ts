import { mkdtemp, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentialsFromSecrets, type SecretCredentialOptions } from '../../../src/adapters/git';
import type { KubeObject } from '../../../src/domain/kube-object';
import { commitFiles, createBareRepo } from '../../support/git-repo';
import { serveHttp } from '../../support/git-http';
import { createSandbox } from '../../support/git-sandbox';
import { startSsh, whyNoSsh } from '../../support/git-ssh';
import { repositorySecret } from '../../support/repository-secrets';

let keyDir: string;
beforeEach(async () => (keyDir = join(await mkdtemp(join(tmpdir(), 'belay-keys-')), 'keys')));
afterEach(() => rm(join(keyDir, '..'), { recursive: true, force: true }));

const open = (secrets: readonly KubeObject[], options: Partial<SecretCredentialOptions> = {}) =>
  credentialsFromSecrets(async () => secrets, { scope: 'read', keyDir, ...options });

const header = (origin: string, text: string) => ({
  [`http.${origin}/.extraHeader`]: `Authorization: ${text}`,
});
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const secrets = [
  repositorySecret('own', { url: 'https://example.com/team/own.git', password: 'own' }),
  repositorySecret('bare', { url: 'https://example.com/team/bare', insecure: 'true' }),
  repositorySecret('all', { url: 'https://example.com', username: 'bot', password: 'all' }, 'repo-creds'),
  repositorySecret('team', { url: 'https://example.com/team', bearerToken: 'team' }, 'repo-creds'),
  repositorySecret('shop', { url: 'https://example.com/team/own', password: 'shop', project: 'shop' }),
  repositorySecret('write', { url: 'https://example.com/team/own', password: 'write' }, 'repository-write'),
  repositorySecret('charts', { url: 'https://example.com/charts', password: 'charts', type: 'helm' }),
  repositorySecret('app', { url: 'https://apps.example.com', githubAppID: '1' }, 'repo-creds'),
  repositorySecret('lines', { url: 'https://lines.example.com/x', password: 'hunter2\nX-Evil: 1' }),
  repositorySecret('ssh', { url: 'git@example.com:team/own', sshPrivateKey: 'KEY' }),
  repositorySecret('none', {}, 'cluster'),
];

test.each([
  ["the repository's own", 'https://example.com/team/own', basic('x-access-token', 'own')],
  ['however the URL is spelled', 'https://ann@EXAMPLE.com:443/team/own.git/', basic('x-access-token', 'own')],
  ["the template's, where the own one has none", 'https://example.com/team/bare', 'Bearer team'],
  ['the longest template', 'https://example.com/team/other', 'Bearer team'],
  ['whole segments', 'https://example.com/teamwork/x', basic('bot', 'all')],
  ['none of a chart repository', 'https://example.com/charts', basic('bot', 'all')],
])('takes %s', async (_, url, expected) => {
  const { config } = await open(secrets)(url);
  expect(config).toMatchObject(header('https://example.com', expected));
});

test.each([
  'https://example.com.evil.org/team/own',
  'https://example.com:8443/team/own',
  'file:///srv/own',
  '/srv/own',
])('%s gets nothing', async (url) => {
  expect(await open(secrets)(url)).toEqual({ env: {} });
});

test('reading and writing have Secrets of their own', async () => {
  const write = open(secrets, { scope: 'write' });
  expect((await write('https://example.com/team/own')).config).toEqual(
    header('https://example.com', basic('x-access-token', 'write')),
  );
  expect(await write('https://example.com/team/other')).toEqual({ env: {} });
});

test('a Secret of a project is only for that project, and comes first there', async () => {
  const { config } = await open(secrets, { projects: ['shop'] })('https://example.com/team/own');
  expect(config).toEqual(header('https://example.com', basic('x-access-token', 'shop')));
});

test('keeps no check of certificates and a proxy to the origin', async () => {
  const [url, proxy] = ['https://example.com/x', 'http://ann:hunter2@proxy:3128'];
  const access = await open([repositorySecret('x', { url, insecure: 'true', proxy })])(url);
  const config = { 'http.https://example.com/.sslVerify': 'false', 'http.https://example.com/.proxy': proxy };
  expect(access).toEqual({ env: {}, config, secrets: ['ann', 'hunter2'] });
});

test('says which Secret cannot be used, and why', async () => {
  await expect(open(secrets)('https://apps.example.com/x')).rejects.toMatchObject({
    code: 'Unauthenticated',
    message:
      'Secret argocd/app: data.githubAppID: a GitHub App is not supported; give a fine-grained access token as password',
  });
  const error: unknown = await open(secrets)('https://lines.example.com/x').catch(
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({
    code: 'Unauthenticated',
    message: 'Secret argocd/lines has a password of several lines; write one line',
  });
});

test('sends nothing over plain http', async () => {
  const url = 'http://example.com/x';
  await expect(open([repositorySecret('x', { url, password: 'p' })])(url)).rejects.toMatchObject({
    code: 'InvalidSpec',
  });
});

test('gives git its keys as files for this user alone, and removes those that were replaced', async () => {
  const url = 'git@example.com:team/own';
  const access = await open(secrets, { knownHostsFile: '/etc/hosts keys' })(url);
  const [name = ''] = await readdir(keyDir);
  const file = join(keyDir, name);
  expect(access.env).toEqual({
    GIT_SSH_COMMAND: `ssh -i '${file}' -o IdentitiesOnly=yes -o 'UserKnownHostsFile=/etc/hosts keys'`,
  });
  expect(await readFile(file, 'utf8')).toBe('KEY\n');
  expect([(await stat(file)).mode & 0o777, (await stat(keyDir)).mode & 0o777]).toEqual([0o600, 0o700]);
  const longAgo = new Date(Date.now() - 86_400_000);
  await utimes(file, longAgo, longAgo);
  await open([repositorySecret('x', { url, sshPrivateKey: 'NEW' })])(url);
  expect(await readdir(keyDir)).toHaveLength(1);
  expect(await readdir(keyDir)).not.toEqual([name]);
});

test('works with git over HTTP, and takes a changed Secret at the next use', async () => {
  const [repo, sandbox] = await Promise.all([createBareRepo(), createSandbox()]);
  const revision = await commitFiles(repo, { a: '1' });
  const http = await serveHttp(repo, { 'read-token': 'read' });
  let password = 'old-token';
  const list = async () => [repositorySecret('x', { url: http.url, password })];
  const git = sandbox.another({
    credentials: { read: credentialsFromSecrets(list, { scope: 'read', keyDir }) },
  });
  try {
    await expect(git.reader.resolve(http.url, 'main')).rejects.toMatchObject({ code: 'Unauthenticated' });
    password = 'read-token';
    expect(await git.reader.resolve(http.url, 'main')).toMatchObject({ revision });
  } finally {
    await Promise.all([http.close(), repo.remove(), sandbox.remove()]);
  }
});

const reason = whyNoSsh();
if (reason !== undefined) console.warn(`SSH tests are skipped: ${reason}`);
(reason === undefined ? test : test.skip)(
  'works with git over SSH, and trusts any host key only where told',
  async () => {
    const [ssh, repo, sandbox] = await Promise.all([startSsh(), createBareRepo(), createSandbox()]);
    const url = ssh.url(repo.dir);
    const sshPrivateKey = (await readFile(ssh.keyFile, 'utf8')).trimEnd();
    const resolve = (fields: Record<string, string>, knownHostsFile: string) => {
      const read = open([repositorySecret('x', { url, sshPrivateKey, ...fields })], { knownHostsFile });
      return sandbox.another({ credentials: { read } }).reader.resolve(url, 'main');
    };
    try {
      const revision = await commitFiles(repo, { a: '1' });
      expect(await resolve({}, ssh.knownHostsFile)).toMatchObject({ revision });
      await expect(resolve({}, '/dev/null')).rejects.toMatchObject({ code: 'Unauthenticated' });
      expect(await resolve({ insecure: 'true' }, '/dev/null')).toMatchObject({ revision });
    } finally {
      await Promise.all([ssh.close(), repo.remove(), sandbox.remove()]);
    }
  },
);

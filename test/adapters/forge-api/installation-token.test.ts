import { createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createForge } from '../../../src/adapters/forge';
import type { GithubApp } from '../../../src/adapters/forge-api/app-key';
import {
  appPlace,
  forgetInstallationToken,
  installationToken,
} from '../../../src/adapters/forge-api/installation-token';
import { startFakeForge, type FakeForge, type Reply } from '../forge/support/fake-forge';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const privateKeyVariable = 'BELAY_TEST_APP_KEY';
const repoUrl = 'https://forge.example/acme/shop.git';

let fake: FakeForge;
let issued: number;
let lifeMs: number;
beforeEach(async () => {
  process.env[privateKeyVariable] = pem;
  issued = 0;
  lifeMs = 60 * 60_000;
  const token = (): Reply => ({
    status: 201,
    body: {
      token: `ghs_sentinel${++issued}`,
      expires_at: new Date(Date.now() + lifeMs).toISOString(),
      permissions: { contents: 'write', pull_requests: 'write' },
      repository_selection: 'selected',
    },
  });
  fake = await startFakeForge(() => ({
    'GET /repos/acme/shop/installation': () => ({ status: 200, body: { id: 17, app_id: 4 } }),
    'POST /app/installations/:id/access_tokens': token,
    'GET /repos/acme/shop/pulls/:number': (_parts, { headers }) =>
      headers.authorization === `Bearer ghs_sentinel${issued}`
        ? { status: 200, body: { number: 7, html_url: 'https://forge.example/7', state: 'open' } }
        : { status: 401, body: { message: `Bad credentials ${headers.authorization}` } },
  }));
});
afterEach(async () => {
  delete process.env[privateKeyVariable];
  await fake.close();
});

const tokenOf = (app: Partial<GithubApp> = {}, url = repoUrl) => {
  const place = appPlace(url, fake.apiUrl);
  if (place === undefined) throw new Error(`${url} is on no host`);
  return installationToken({ id: 4, privateKeyVariable, ...app }, place);
};
const asked = () => fake.seen.map(({ method, path }) => `${method} ${path}`);

test('a token is for one repository, of the installation that has it', async () => {
  expect(await tokenOf()).toBe('ghs_sentinel1');
  expect(asked()).toEqual(['GET /repos/acme/shop/installation', 'POST /app/installations/17/access_tokens']);
  expect(fake.seen[1]?.body).toEqual({ repositories: ['shop'] });
});

test('the App proves itself by its key, for less than 10 minutes', async () => {
  const before = Math.floor(Date.now() / 1000);
  await tokenOf({ id: 'Iv1.abc', installationId: 99 });
  expect(asked()).toEqual(['POST /app/installations/99/access_tokens']);
  const jwt = (fake.seen[0]?.headers.authorization ?? '').replace(/^Bearer /, '');
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
  expect(read(head)).toEqual({ alg: 'RS256', typ: 'JWT' });
  const { iat, exp, iss } = read(claims) as { iat: number; exp: number; iss: string };
  expect(iss).toBe('Iv1.abc');
  expect(iat).toBeLessThanOrEqual(before);
  expect(exp - iat).toBeLessThanOrEqual(600);
  const verify = createVerify('sha256').update(`${head}.${claims}`);
  expect(verify.verify(publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
});

test('a token is kept for its repository, however that is spelled', async () => {
  expect([await tokenOf(), await tokenOf({}, 'git@forge.example:Acme/shop')]).toEqual([
    'ghs_sentinel1',
    'ghs_sentinel1',
  ]);
  expect(issued).toBe(1);
});

test('what another App, installation or repository has is not taken', async () => {
  await tokenOf({ installationId: 99 });
  await tokenOf({ installationId: 98 });
  await tokenOf({ id: 5, installationId: 99 });
  await tokenOf({ installationId: 99 }, 'https://forge.example/acme/other');
  expect(issued).toBe(4);
});

test('a token that ends within 5 minutes is not kept', async () => {
  lifeMs = 4 * 60_000;
  expect([await tokenOf(), await tokenOf()]).toEqual(['ghs_sentinel1', 'ghs_sentinel2']);
});

test('a token that is forgotten is asked for again', async () => {
  forgetInstallationToken(await tokenOf());
  expect(await tokenOf()).toBe('ghs_sentinel2');
});

test('a key in a variable may have its line breaks written out, or lie in a file as PKCS#8', async () => {
  process.env[privateKeyVariable] = pem.replaceAll('\n', '\\n');
  await tokenOf();
  const dir = await mkdtemp(join(tmpdir(), 'belay-app-'));
  const file = join(dir, 'key.pem');
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await installationToken({ id: 6, privateKeyFile: file }, { ...place(), apiUrl: fake.apiUrl });
  await rm(dir, { recursive: true });
  expect(issued).toBe(2);
});

function place() {
  const found = appPlace(repoUrl);
  if (found === undefined) throw new Error('on no host');
  return found;
}

test.each<[string, Partial<GithubApp>]>([
  ['a variable that is not set', { privateKeyVariable: 'BELAY_TEST_NO_KEY' }],
  ['a file that is not there', { privateKeyVariable: undefined as never, privateKeyFile: '/nonexistent' }],
])('%s is named', async (_what, app) => {
  await expect(tokenOf(app)).rejects.toMatchObject({
    code: 'Unauthenticated',
    message: expect.stringContaining(app.privateKeyFile ?? 'BELAY_TEST_NO_KEY'),
  });
  expect(fake.seen).toEqual([]);
});

test('a key that is no key is not shown', async () => {
  process.env[privateKeyVariable] =
    '-----BEGIN RSA PRIVATE KEY-----\nsentinel\n-----END RSA PRIVATE KEY-----';
  const error: unknown = await tokenOf().catch((each: unknown) => each);
  expect(error).toMatchObject({ code: 'Unauthenticated' });
  expect(String((error as Error).stack)).not.toContain('sentinel');
});

test.each<[string, RegExp, Reply, object]>([
  [
    'an App that is not installed',
    /installation$/,
    { status: 404, body: { message: 'Not Found' } },
    {
      code: 'NotFound',
      message: expect.stringContaining('GitHub App 4 is not installed for forge.example/acme/shop'),
    },
  ],
  [
    'an App that is unknown',
    /installation$/,
    { status: 401, body: { message: 'Integration not found' } },
    { code: 'Unauthenticated' },
  ],
  [
    'an installation that is suspended',
    /access_tokens$/,
    { status: 403, body: { message: 'This installation has been suspended' } },
    {
      code: 'Forbidden',
      message: expect.stringContaining('suspended; its token may not act as GitHub App 4'),
    },
  ],
  ['no answer of GitHub', /access_tokens$/, { status: 200, body: '<html>' }, { code: 'Unreachable' }],
  ['an answer without a token', /access_tokens$/, { status: 201, body: {} }, { code: 'Unreachable' }],
])('%s is an error', async (_what, on, reply, expected) => {
  fake.faults.push({ on, reply });
  const error: unknown = await tokenOf().catch((each: unknown) => each);
  expect(error).toMatchObject(expected);
  const jwt = (fake.seen[0]?.headers.authorization ?? '').replace(/^Bearer /, '');
  expect(jwt).not.toBe('');
  expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(jwt);
});

describe('a forge that is asked as an App', () => {
  const app: GithubApp = { id: 4, privateKeyVariable };
  const source = { repo: 'https://forge.example', kind: 'github', app } as const;

  test('uses its token, and another one after that is not taken any more', async () => {
    const forge = createForge([{ ...source, apiUrl: fake.apiUrl }]);
    expect(await forge.pullRequest(repoUrl, 7)).toMatchObject({ number: 7 });
    issued++;
    const error: unknown = await forge.pullRequest(repoUrl, 7).catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 'Unauthenticated' });
    expect(String(error)).not.toContain('ghs_sentinel');
    expect(await forge.pullRequest(repoUrl, 7)).toMatchObject({ number: 7 });
  });

  test.each<[string, object, RegExp]>([
    ['of another kind', { kind: 'gitlab' }, /is no GitHub/],
    ['with a token as well', { tokenVariable: 'BELAY_TEST_TOKEN' }, /there is a token for .* as well/],
    ['in clear text', { apiUrl: 'http://forge.example/api' }, /would travel unencrypted/],
  ])('%s is refused', async (_what, more, message) => {
    const forge = createForge([{ ...source, apiUrl: fake.apiUrl, ...more }]);
    await expect(forge.pullRequest(repoUrl, 7)).rejects.toMatchObject({
      code: 'InvalidSpec',
      message: expect.stringMatching(message),
    });
    expect(fake.seen).toEqual([]);
  });
});

test.each<[string, string | undefined, object | undefined]>([
  ['git@github.com:acme/shop.git', undefined, { apiUrl: 'https://api.github.com', path: 'acme/shop' }],
  [
    'https://git.corp:8443/acme/shop',
    undefined,
    { apiUrl: 'https://git.corp:8443/api/v3', host: 'git.corp' },
  ],
  ['https://git.corp/acme/shop', 'https://api.corp/', { apiUrl: 'https://api.corp' }],
  ['/srv/git/shop', undefined, undefined],
])('the API of %s with %s is found', (url, apiUrl, expected) => {
  if (expected === undefined) expect(appPlace(url, apiUrl)).toBeUndefined();
  else expect(appPlace(url, apiUrl)).toMatchObject(expected);
});

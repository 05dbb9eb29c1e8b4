import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createForge, type ForgeSource } from '../../../src/adapters/forge';
import { chooseForge } from '../../../src/adapters/forge/choose';
import type { ForgeKind } from '../../../src/adapters/forge/source';
import type { CommitStatus } from '../../../src/ports/forge';
import { isPortError } from '../../../src/ports/port-error';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

let server: Server;
let api: string;
let seen: Seen[];
let answer: { status: number; headers?: Record<string, string>; body?: string };
beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: text === '' ? undefined : JSON.parse(text) });
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  seen = [];
  answer = { status: 201 };
  process.env['BELAY_TEST_FORGE_TOKEN'] = 't0ken-sentinel';
});
afterEach(() => delete process.env['BELAY_TEST_FORGE_TOKEN']);

const revision = 'a'.repeat(40);
const repoUrl = 'https://forge.example/acme/shop.git';
const status: CommitStatus = {
  repoUrl,
  revision,
  state: 'failure',
  context: 'belay/web',
  description: 'refused:\n  no pods',
  targetUrl: 'https://belay.example/web',
};

function source(kind: ForgeKind, more: Partial<ForgeSource> = {}): ForgeSource {
  return {
    repo: 'https://forge.example',
    kind,
    apiUrl: `${api}/base/`,
    tokenVariable: 'BELAY_TEST_FORGE_TOKEN',
    ...more,
  };
}

test.each<[ForgeKind, Partial<ForgeSource>, Partial<CommitStatus>, Partial<Seen>]>([
  [
    'github',
    {},
    {},
    {
      method: 'POST',
      url: `/base/repos/acme/shop/statuses/${revision}`,
      headers: expect.objectContaining({
        authorization: 'Bearer t0ken-sentinel',
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'content-type': 'application/json',
      }) as never,
      body: {
        state: 'failure',
        context: 'belay/web',
        description: 'refused: no pods',
        target_url: 'https://belay.example/web',
      },
    },
  ],
  [
    'gitlab',
    {},
    { repoUrl: 'git@forge.example:acme/group/shop.git' },
    {
      method: 'POST',
      url: `/base/projects/acme%2Fgroup%2Fshop/statuses/${revision}`,
      headers: expect.objectContaining({ 'private-token': 't0ken-sentinel' }) as never,
      body: {
        state: 'failed',
        name: 'belay/web',
        description: 'refused: no pods',
        target_url: 'https://belay.example/web',
      },
    },
  ],
  [
    'gitea',
    {},
    { state: 'error' },
    {
      method: 'POST',
      url: `/base/repos/acme/shop/statuses/${revision}`,
      headers: expect.objectContaining({ authorization: 'token t0ken-sentinel' }) as never,
      body: {
        state: 'error',
        context: 'belay/web',
        description: 'refused: no pods',
        target_url: 'https://belay.example/web',
      },
    },
  ],
  [
    'bitbucket-cloud',
    { username: 'ada' },
    { state: 'pending', context: `belay/${'x'.repeat(50)}` },
    {
      method: 'POST',
      url: `/base/repositories/acme/shop/commit/${revision}/statuses/build`,
      headers: expect.objectContaining({
        authorization: `Basic ${Buffer.from('ada:t0ken-sentinel').toString('base64')}`,
      }) as never,
      body: {
        key: expect.stringMatching(/^belay\/x{23}-[0-9a-f]{10}$/),
        name: `belay/${'x'.repeat(50)}`,
        state: 'INPROGRESS',
        description: 'refused: no pods',
        url: 'https://belay.example/web',
      },
    },
  ],
  [
    'bitbucket-server',
    {},
    { repoUrl: 'https://forge.example/scm/acme/shop.git', state: 'success' },
    {
      method: 'POST',
      url: `/base/projects/ACME/repos/shop/commits/${revision}/builds`,
      headers: expect.objectContaining({ authorization: 'Bearer t0ken-sentinel' }) as never,
      body: {
        key: 'belay/web',
        name: 'belay/web',
        state: 'SUCCESSFUL',
        description: 'refused: no pods',
        url: 'https://belay.example/web',
      },
    },
  ],
])('%s is told in its own words', async (kind, more, changes, expected) => {
  const told = await createForge([source(kind, more)]).setStatus({ ...status, ...changes });
  expect(told).toEqual({ kind: 'set' });
  expect(seen).toEqual([expect.objectContaining(expected)]);
});

test('a description is cut to what GitHub takes', async () => {
  await createForge([source('github')]).setStatus({ ...status, description: 'ä'.repeat(300) });
  expect(seen[0]?.body).toMatchObject({ description: `${'ä'.repeat(139)}…` });
});

test('Bitbucket gets the address of the repository where there is no other', async () => {
  const { targetUrl: _none, ...rest } = status;
  await createForge([source('bitbucket-cloud')]).setStatus(rest);
  expect(seen[0]?.body).toMatchObject({ url: 'https://forge.example/acme/shop' });
});

test.each<[string, typeof answer, string, string]>([
  [
    'a wrong token',
    { status: 401, body: '{"message":"Bad credentials t0ken-sentinel"}' },
    'Unauthenticated',
    'later',
  ],
  ['no right', { status: 403, body: '{"message":"Resource not accessible"}' }, 'Forbidden', 'never'],
  [
    'a limit of GitHub',
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' } },
    'Throttled',
    'after',
  ],
  ['a second limit of GitHub', { status: 403, headers: { 'retry-after': '7' } }, 'Throttled', 'after'],
  ['too many requests', { status: 429, headers: { 'retry-after': '3' } }, 'Throttled', 'after'],
  ['no such repository', { status: 404, body: 'Not Found' }, 'NotFound', 'never'],
  ['something invalid', { status: 422, body: '{"message":"No commit found for SHA"}' }, 'Invalid', 'never'],
  ['a server that fails', { status: 502, body: '<html>' }, 'Unreachable', 'later'],
  ['a redirect', { status: 301, headers: { location: 'http://127.0.0.1:1/' } }, 'InvalidSpec', 'never'],
])('%s is told apart', async (_what, answered, code, retry) => {
  answer = answered;
  const error: unknown = await createForge([source('github')])
    .setStatus(status)
    .catch((each: unknown) => each);
  expect(isPortError(error)).toBe(true);
  expect(error).toMatchObject({ code, retry });
  expect(String(error)).toContain(`forge.example/acme/shop answered ${answered.status}`);
  expect(JSON.stringify(error) + String(error)).not.toContain('t0ken-sentinel');
  expect(seen).toHaveLength(1);
});

test.each<[string, number]>([
  ['3', 3_000],
  ['99999', 900_000],
])('a pause of %s s is kept, within bounds', async (after, afterMs) => {
  answer = { status: 429, headers: { 'retry-after': after } };
  await expect(createForge([source('gitea')]).setStatus(status)).rejects.toMatchObject({ afterMs });
});

test.each<[string, boolean]>([
  [
    'Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via "enqueue")',
    true,
  ],
  ['Cannot transition status via :drop from :failed', true],
  ['Cannot transition status via :enqueue from :success', false],
  ['name is invalid', false],
])('GitLab that answers "%s" knows already: %s', async (message, isFine) => {
  answer = { status: 400, body: JSON.stringify({ message }) };
  const telling = createForge([source('gitlab')]).setStatus(status);
  if (isFine) expect(await telling).toEqual({ kind: 'set' });
  else await expect(telling).rejects.toMatchObject({ code: 'Invalid' });
});

test('nothing is told where no forge is known', async () => {
  const forge = createForge([source('github')]);
  expect(await forge.setStatus({ ...status, repoUrl: 'https://other.example/acme/shop' })).toEqual({
    kind: 'unknown',
    host: 'other.example',
  });
  expect(await forge.setStatus({ ...status, repoUrl: '/srv/git/shop' })).toMatchObject({ kind: 'unknown' });
  expect(seen).toEqual([]);
});

test.each<[string, Partial<ForgeSource>, string]>([
  ['without a token', { tokenVariable: 'BELAY_TEST_NO_TOKEN' }, 'Unauthenticated'],
  [
    'whose token file is missing',
    { tokenVariable: undefined as never, tokenFile: '/nonexistent' },
    'Unauthenticated',
  ],
  ['in clear text', { apiUrl: 'http://forge.example/api' }, 'InvalidSpec'],
  ['that nobody listens at', { apiUrl: 'http://127.0.0.1:9' }, 'Unreachable'],
])('a forge %s is an error that says so', async (_what, more, code) => {
  await expect(createForge([source('github', more)]).setStatus(status)).rejects.toMatchObject({ code });
  expect(seen).toEqual([]);
});

test('a token that changes is read anew', async () => {
  const forge = createForge([source('gitea')]);
  await forge.setStatus(status);
  process.env['BELAY_TEST_FORGE_TOKEN'] = 'second';
  await forge.setStatus(status);
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(['token t0ken-sentinel', 'token second']);
});

test.each<[string, ForgeSource[], string, object]>([
  [
    'GitHub',
    [{ repo: 'https://github.com' }],
    'git@github.com:acme/shop.git',
    { kind: 'github', apiUrl: 'https://api.github.com', path: 'acme/shop' },
  ],
  [
    'GitHub Enterprise',
    [{ repo: 'https://git.corp', kind: 'github' }],
    'https://git.corp:8443/acme/shop',
    { apiUrl: 'https://git.corp:8443/api/v3' },
  ],
  [
    'GitLab',
    [{ repo: 'https://gitlab.com/acme' }],
    'https://gitlab.com/acme/a/shop.git',
    { kind: 'gitlab', apiUrl: 'https://gitlab.com/api/v4', path: 'acme/a/shop' },
  ],
  [
    'Forgejo',
    [{ repo: 'https://codeberg.org' }],
    'https://codeberg.org/acme/shop',
    { kind: 'gitea', apiUrl: 'https://codeberg.org/api/v1' },
  ],
  [
    'Bitbucket',
    [{ repo: 'https://bitbucket.org' }],
    'https://ada@bitbucket.org/acme/shop.git',
    { kind: 'bitbucket-cloud', apiUrl: 'https://api.bitbucket.org/2.0', path: 'acme/shop' },
  ],
  [
    'Bitbucket Server',
    [{ repo: 'https://bb.corp', kind: 'bitbucket-server' }],
    'ssh://git@bb.corp:7999/acme/shop.git',
    { apiUrl: 'https://bb.corp/rest/api/latest', path: 'acme/shop' },
  ],
  [
    'the longest prefix',
    [
      { repo: 'https://github.com', tokenVariable: 'A' },
      { repo: 'https://github.com/acme', tokenVariable: 'B' },
    ],
    'https://github.com/acme/shop',
    { source: { tokenVariable: 'B' } },
  ],
])('%s is found by its URL', (_what, sources, url, expected) => {
  expect(chooseForge(sources, url)).toMatchObject(expected);
});

test('a host that tells nothing must be given its kind', () => {
  expect(() => chooseForge([{ repo: 'https://git.corp' }], 'https://git.corp/acme/shop')).toThrow(
    /write kind: one of github/,
  );
});

import { join } from 'node:path';
import {
  githubPush,
  heard,
  hmac,
  pushed,
  rawRequest,
  sentinel,
  shop,
  startScene,
  type Scene,
} from './sending';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene();
});
afterEach(() => scene.close());

const json = { 'content-type': 'application/json' };
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const text = JSON.stringify(pushed);
const gitlabText = JSON.stringify({
  object_kind: 'push',
  ref: pushed.ref,
  project: { web_url: shop, default_branch: 'main' },
});
const cloudText = JSON.stringify({
  repository: { full_name: 'acme/shop', mainbranch: { name: 'main' } },
  push: { changes: [{ new: { type: 'branch', name: 'main' } }] },
});
const serverText = JSON.stringify({
  repository: { links: { clone: [{ href: shop }] } },
  changes: [{ ref: { id: pushed.ref } }],
});
const azureText = JSON.stringify({
  eventType: 'git.push',
  resource: {
    refUpdates: [{ name: pushed.ref }],
    repository: { remoteUrl: shop, defaultBranch: pushed.ref },
  },
});
const cloud = { 'x-event-key': 'repo:push', 'x-hook-uuid': '{1-2}' };
const server = { 'x-event-key': 'repo:refs_changed' };
const hook = { 'x-gitlab-event': 'Push Hook' };

/** Each provider with its headers but for the proof, its body, and the proof with a secret. */
const providers: readonly [
  string,
  Record<string, string>,
  string,
  (secret: string) => Record<string, string>,
][] = [
  [
    'github',
    { 'x-github-event': 'push' },
    text,
    (s) => ({ 'x-hub-signature-256': `sha256=${hmac(text, s)}` }),
  ],
  ['gitlab', hook, gitlabText, (s) => ({ 'x-gitlab-token': s })],
  ['gitea', { 'x-gitea-event': 'push' }, text, (s) => ({ 'x-gitea-signature': hmac(text, s) })],
  ['forgejo', { 'x-forgejo-event': 'push' }, text, (s) => ({ 'x-forgejo-signature': hmac(text, s) })],
  [
    'gogs',
    { 'x-gogs-event': 'push', 'x-github-event': 'push' },
    text,
    (s) => ({ 'x-gogs-signature': hmac(text, s) }),
  ],
  ['bitbucket', cloud, cloudText, (s) => ({ 'x-hub-signature': `sha256=${hmac(cloudText, s)}` })],
  ['bitbucket-server', server, serverText, (s) => ({ 'x-hub-signature': `sha256=${hmac(serverText, s)}` })],
  ['azure-devops', { 'x-vss-activityid': '1' }, azureText, (s) => ({ authorization: basic(`belay:${s}`) })],
];

describe.each(providers)('%s', (_name, headers, body, proof) => {
  const post = (more: Record<string, string>, sent = body) =>
    fetch(scene.url, { method: 'POST', headers: { ...json, ...headers, ...more }, body: sent });

  test('is let in by its proof, and the repository is looked at', async () => {
    const answer = await post(proof(sentinel));
    expect([answer.status, await answer.json()]).toEqual([
      202,
      { message: expect.stringMatching(/looked at$/) },
    ]);
    expect(scene.looks).toHaveLength(1);
    expect(scene.looks[0]?.url).toContain('acme/shop');
    expect(scene.looks[0]?.heard.refs).toEqual(heard.refs);
  });

  test('is not let in without, with another secret, or with an empty one', async () => {
    for (const more of [{}, proof('wrong'), proof('')]) expect((await post(more)).status).toBe(401);
    expect(scene.looks).toEqual([]);
    scene.secrets([{ provider: 'harbor', env: 'NOBODY' }]);
    expect((await post(proof(sentinel))).status).toBe(401);
    expect((await post(proof(''))).status).toBe(401);
    scene.secrets([{ provider: _name, file: join(scene.dir, 'empty') }], { empty: '\n' });
    expect((await post(proof(''))).status).toBe(401);
    expect(scene.looks).toEqual([]);
  });
});

test('a body that was changed on its way is not let in', async () => {
  const { headers } = githubPush();
  const answer = await fetch(scene.url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...pushed, ref: 'x' }),
  });
  expect(answer.status).toBe(401);
});

test('SHA-1 proves nothing', async () => {
  const { headers, ...rest } = githubPush();
  const sha1 = { ...json, 'x-github-event': 'push', 'x-hub-signature': headers['x-hub-signature-256'] };
  expect((await fetch(scene.url, { ...rest, headers: sha1 })).status).toBe(401);
});

test('a form of GitHub is signed as a whole, one of Gitea by its JSON text', async () => {
  const body = `payload=${encodeURIComponent(text)}`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const post = (headers: Record<string, string>) =>
    fetch(scene.url, { method: 'POST', headers: { ...form, ...headers }, body });
  const statuses = [
    await post({ 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${hmac(body)}` }),
    await post({ 'x-gitea-event': 'push', 'x-gitea-signature': hmac(text) }),
    await post({ 'x-gitea-event': 'push', 'x-gitea-signature': hmac(body) }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([202, 202, 401]);
  const without = await fetch(scene.url, {
    method: 'POST',
    headers: { ...form, 'x-github-event': 'push' },
    body: 'a=b',
  });
  expect(without.status).toBe(400);
});

test('Harbor has a path of its own, for it sends no header of its own', async () => {
  const event_data = {
    repository: { repo_full_name: 'acme/shop' },
    resources: [{ tag: '1.2.3', resource_url: 'harbor.example/acme/shop:1.2.3' }],
  };
  const body = JSON.stringify({ type: 'PUSH_ARTIFACT', event_data });
  const post = (path: string) =>
    fetch(scene.url + path, { method: 'POST', headers: { ...json, authorization: sentinel }, body });
  expect((await post('')).status).toBe(400);
  expect((await post('/harbor')).status).toBe(202);
  expect(scene.looks.map(({ url }) => url)).toEqual([
    'oci://harbor.example/acme',
    'oci://harbor.example/acme/shop',
  ]);
});

test('secrets are read anew at each use; while one is rotated both are good', async () => {
  const old = githubPush(pushed, 'old');
  const [first, second] = [
    { provider: 'github', file: join(scene.dir, 'a') },
    { provider: 'github', file: join(scene.dir, 'b') },
  ];
  scene.secrets([first], { a: 'old', b: 'new' });
  expect((await fetch(scene.url, old)).status).toBe(202);
  expect((await fetch(scene.url, githubPush(pushed, 'new'))).status).toBe(401);
  scene.secrets([first, second]);
  expect((await fetch(scene.url, old)).status).toBe(202);
  expect((await fetch(scene.url, githubPush(pushed, 'new'))).status).toBe(202);
  scene.secrets([second]);
  expect((await fetch(scene.url, old)).status).toBe(401);
});

test('a secret for some repositories is for no others', async () => {
  const file = join(scene.dir, 'secret');
  scene.secrets([{ provider: 'github', file, repositories: 'https://forge.example/other' }]);
  expect((await fetch(scene.url, githubPush())).status).toBe(403);
  scene.secrets([{ provider: 'github', file, repositories: 'git@forge.example:acme' }]);
  expect((await fetch(scene.url, githubPush())).status).toBe(202);
});

test("the UUID of Bitbucket's webhook is a proof where it is configured as one", async () => {
  const post = () => fetch(scene.url, { method: 'POST', headers: { ...json, ...cloud }, body: cloudText });
  expect((await post()).status).toBe(401);
  scene.secrets([{ provider: 'bitbucket', uuid: true, file: join(scene.dir, 'uuid') }], { uuid: '1-2' });
  expect((await post()).status).toBe(202);
});

test('nothing has to be proven where a person has said so', async () => {
  scene.secrets([{ provider: 'github', unsigned: true, repositories: shop }]);
  const { headers: _headers, ...rest } = githubPush();
  expect((await fetch(scene.url, { ...rest, headers: { ...json, 'x-github-event': 'push' } })).status).toBe(
    202,
  );
});

test('says that no application tracks a repository, and answers a ping', async () => {
  const elsewhere = { ...pushed, repository: { html_url: 'https://forge.example/acme/other' } };
  const answer = await fetch(scene.url, githubPush(elsewhere));
  expect([answer.status, await answer.json()]).toEqual([
    202,
    { message: 'forge.example/acme/other: no application tracks it' },
  ]);
  const { headers, ...ping } = githubPush({ zen: 'x' });
  expect(
    (await fetch(scene.url, { ...ping, headers: { ...headers, 'x-github-event': 'ping' } })).status,
  ).toBe(200);
});

test('signed nonsense is refused with what is wrong, and nothing is looked at', async () => {
  for (const body of [null, [], {}, { ref: 1, repository: null }]) {
    const answer = await fetch(scene.url, githubPush(body));
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(/github event/)]);
  }
  const broken = '{"ref": ';
  const headers = { ...githubPush().headers, 'x-hub-signature-256': `sha256=${hmac(broken)}` };
  expect((await fetch(scene.url, { method: 'POST', headers, body: broken })).status).toBe(400);
  expect(scene.looks).toEqual([]);
});

test.each([
  ['GET', '', {}, 405],
  ['PUT', '', json, 405],
  ['POST', '', { 'content-type': 'text/xml' }, 415],
  ['POST', '', {}, 415],
  ['POST', '', { ...json, 'content-encoding': 'gzip' }, 415],
  ['POST', '', json, 400],
  ['POST', '/nobody', json, 400],
  ['POST', '/../x', json, 404],
])('%s /webhook%s with %j is answered with %d', async (method, path, headers, status) => {
  const answer = await fetch(scene.url + path, {
    method,
    headers,
    ...(method !== 'GET' && { body: Buffer.from('{}') }),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null);
});

test('/healthz answers GET and HEAD', async () => {
  const url = scene.url.replace('/webhook', '/healthz');
  expect([(await fetch(url)).status, (await fetch(url, { method: 'HEAD' })).status]).toEqual([200, 200]);
});

test("Argo CD's path is taken as well", async () => {
  expect((await fetch(scene.url.replace('/webhook', '/api/webhook'), githubPush())).status).toBe(202);
});

const head = `POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: push\r\n`;

test('a body that says it is too long is not read', async () => {
  const said = await rawRequest(scene.receiver.port, (send) => send(`${head}content-length: 10001\r\n\r\n{`));
  expect(said).toMatch(/^HTTP\/1\.1 413 /);
});

test('a body that becomes too long is cut off', async () => {
  const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`;
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const said = await rawRequest(scene.receiver.port, (send) => {
    send(`${head}transfer-encoding: chunked\r\n\r\n`);
    timer = setInterval(() => {
      sent += 1;
      send(chunk);
    }, 5);
  });
  clearInterval(timer);
  expect(said).toMatch(/^HTTP\/1\.1 413 /);
  expect(sent).toBeGreaterThan(2);
});

test('neither secrets nor bodies are logged or answered, and no line is forged', async () => {
  const answers = [
    await fetch(
      scene.url,
      githubPush({ ...pushed, secret: sentinel, ref: 'x\ny', repository: { html_url: sentinel } }),
    ),
    await fetch(scene.url, {
      ...githubPush(),
      headers: { ...json, ...hook, 'x-gitlab-token': `${sentinel}x` },
    }),
    await fetch(
      scene.url,
      githubPush({ ...pushed, repository: { html_url: `https://me:${sentinel}@forge.example/a/shop` } }),
    ),
  ];
  const written = [...scene.lines, ...(await Promise.all(answers.map((each) => each.text())))].join('\n');
  expect(answers.map(({ status }) => status)).toEqual([400, 401, 202]);
  expect(scene.lines).toHaveLength(3);
  expect(written).not.toContain(sentinel);
});

test('a file of secrets that becomes unusable is said in the log, not to the sender', async () => {
  scene.secrets([{ provider: 'gitbub' }]);
  const answer = await fetch(scene.url, githubPush());
  expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringMatching(/gitbub/)]);
  expect(scene.lines.join('\n')).toMatch(/webhooks\.json.*gitbub.*did you mean "github"/);
});

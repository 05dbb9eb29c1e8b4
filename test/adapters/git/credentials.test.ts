import { credentialsFrom } from '../../../src/adapters/git';

const variables = { BELAY_TEST_A: 'token-a', BELAY_TEST_B: 'token-b' };
beforeEach(() => void Object.assign(process.env, variables));
afterEach(() => Object.keys(variables).forEach((name) => delete process.env[name]));

const credentials = credentialsFrom([
  { repo: 'https://example.com', tokenVariable: 'BELAY_TEST_A' },
  { repo: 'https://example.com/team', tokenVariable: 'BELAY_TEST_B', username: 'bot' },
  { repo: 'ssh://git@example.com', sshKeyFile: "/keys/it's", knownHostsFile: '/keys/known_hosts' },
]);

test.each([
  ['https://example.com/org/repo.git', 'x-access-token:token-a'],
  ['https://Example.com/team/repo', 'bot:token-b'],
  ['https://example.com/teamwork/repo', 'x-access-token:token-a'],
])('%s gets the token of the longest match, for that origin only', async (url, expected) => {
  const access = await credentials(url);
  const header = `Authorization: Basic ${Buffer.from(expected).toString('base64')}`;
  expect(access.config).toEqual({ 'http.https://example.com/.extraHeader': header });
  expect(access.env).toEqual({});
});

test.each([
  'https://example.com.evil.org/org/repo',
  'https://evil.org/example.com/repo',
  'file:///srv/x',
  '/srv/x',
])('%s gets nothing', async (url) => {
  expect(await credentials(url)).toEqual({ env: {} });
});

test('gives SSH its key, quoted for the shell', async () => {
  expect(await credentials('git@example.com:org/repo')).toEqual({
    env: {
      GIT_SSH_COMMAND: `ssh -i '/keys/it'\\''s' -o IdentitiesOnly=yes -o 'UserKnownHostsFile=/keys/known_hosts'`,
    },
  });
});

test('never sends a token over plain http, but to this machine or when told', async () => {
  await expect(credentials('http://example.com/org/repo')).rejects.toMatchObject({ code: 'InvalidSpec' });
  const allowed = credentialsFrom([{ tokenVariable: 'BELAY_TEST_A', allowHttp: true }]);
  expect((await allowed('http://example.com/org/repo')).config).toBeDefined();
});

test('refuses a token of several lines, which could add headers', async () => {
  process.env['BELAY_TEST_A'] = 'a\nX-Evil: 1';
  await expect(credentials('https://example.com/org/repo')).rejects.toMatchObject({
    code: 'Unauthenticated',
  });
});

import { readWebhookSecrets } from '../../../src/domain/webhooks/read-webhook-secrets';

const read = (secrets: unknown) => readWebhookSecrets(JSON.stringify({ secrets }), 'webhooks.json');

test('a secret is a place, for one provider, perhaps for some repositories', () => {
  expect(
    read([
      { provider: 'github', file: '/run/secrets/github' },
      { provider: 'gogs', env: 'GOGS', repositories: 'https://git.example/acme' },
      { provider: 'azure-devops', env: 'AZURE', username: 'belay' },
      { provider: 'bitbucket', env: 'BB', uuid: true },
      { provider: 'harbor', unsigned: true, repositories: 'oci://harbor.example' },
    ]),
  ).toEqual({
    ok: true,
    value: [
      { provider: 'github', proof: { kind: 'secret', place: { file: '/run/secrets/github' } } },
      {
        provider: 'gitea',
        repositories: 'https://git.example/acme',
        proof: { kind: 'secret', place: { env: 'GOGS' } },
      },
      { provider: 'azure-devops', proof: { kind: 'secret', place: { env: 'AZURE' }, username: 'belay' } },
      { provider: 'bitbucket', proof: { kind: 'uuid', place: { env: 'BB' } } },
      { provider: 'harbor', repositories: 'oci://harbor.example', proof: { kind: 'unsigned' } },
    ],
  });
});

test.each([
  ['no list', {}, /secrets: must be a list/],
  ['none at all', [], /must have at least one secret/],
  ['a text', ['github'], /must be a map/],
  ['an unknown provider', [{ provider: 'gitbub', env: 'X' }], /did you mean "github"/],
  ['no provider', [{ env: 'X' }], /provider: is missing/],
  ['no place', [{ provider: 'github' }], /env: or file must be named/],
  ['two places', [{ provider: 'github', env: 'X', file: 'y' }], /env: or file must be named/],
  ['an empty place', [{ provider: 'github', env: '' }], /env: or file must be named/],
  ['the secret itself', [{ provider: 'github', secret: 's3ntinel' }], /secret: is no known field/],
  ['a place and no signature', [{ provider: 'github', env: 'X', unsigned: true }], /must be left out/],
  ['a UUID of GitHub', [{ provider: 'github', env: 'X', uuid: true }], /uuid: is only for bitbucket/],
  [
    'a user of GitHub',
    [{ provider: 'github', env: 'X', username: 'a' }],
    /username: is only for azure-devops/,
  ],
  ['no host', [{ provider: 'github', env: 'X', repositories: 'acme' }], /repositories: names no host/],
])('%s is refused', (_name, secrets, expected) => {
  const result = read(secrets);
  const text = JSON.stringify(
    result.ok || result.problems.map(({ field, message, remedy }) => `${field}: ${message}; ${remedy}`),
  );
  expect(text.replaceAll('\\"', '"')).toMatch(expected);
  expect(text).not.toContain('s3ntinel');
});

test.each(['', 'secrets:', '[]', 'null'])('%j is no file of secrets', (text) => {
  expect(readWebhookSecrets(text, 'webhooks.json')).toMatchObject({
    ok: false,
    problems: [{ file: 'webhooks.json' }],
  });
});

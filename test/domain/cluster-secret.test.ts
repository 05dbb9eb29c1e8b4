import { readClusterSecret } from '../../src/domain/cluster-secret';
import { locate } from '../../src/domain/located';
import { told, valueOf } from './read-yaml';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const read = (data: Readonly<Record<string, string>>) =>
  readClusterSecret(
    locate(
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'prod', namespace: 'argocd' },
        data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
      },
      'Secret argocd/prod',
    ),
  );
const server = 'https://prod.example:6443';

test('a Secret is read as Argo CD reads it', () => {
  const config = {
    bearerToken: 'geheim',
    tlsClientConfig: { insecure: false, caData: 'Q0E=', serverName: 'prod.internal' },
  };
  const data = { name: 'prod', server: `${server}/`, config: JSON.stringify(config), shard: '1' };
  expect(
    valueOf(read({ ...data, namespaces: 'shop, team-a', clusterResources: 'true', project: 'team' })),
  ).toEqual({
    name: 'prod',
    server,
    namespaces: ['shop', 'team-a'],
    clusterResources: true,
    project: 'team',
    credentials: { bearerToken: 'geheim', insecure: false, caData: 'Q0E=', serverName: 'prod.internal' },
  });
});

test('the shortest Secret names a server', () => {
  expect(valueOf(read({ server }))).toEqual({
    name: server,
    server,
    clusterResources: false,
    credentials: { insecure: false },
  });
});

test.each([
  ['no server', { config: '{}' }, /data\.server: is not the URL of an API server/],
  ['a server with credentials', { server: 'https://me:geheim@prod' }, /data\.server: is not the URL/],
  ['what is no JSON', { server, config: '{"bearerToken": "geheim"' }, /data\.config: is not a JSON object/],
  ['a list', { server, config: '["geheim"]' }, /data\.config: is not a JSON object/],
  [
    'AWS',
    { server, config: '{"awsAuthConfig": {"clusterName": "geheim"}}' },
    /awsAuthConfig: signing in at AWS is not supported yet/,
  ],
  [
    'a program',
    { server, config: '{"execProviderConfig": {"command": "geheim"}}' },
    /execProviderConfig: a program that makes credentials is not/,
  ],
  [
    'an unknown field',
    { server, config: '{"bearertoken": "geheim"}' },
    /bearertoken: unknown field; did you mean "bearerToken"/,
  ],
  ['a token that is no text', { server, config: '{"bearerToken": 4711}' }, /bearerToken: must be a text/],
])('%s is told, without a value', (_name, data, expected) => {
  const problems = told(read(data));
  expect(problems).toEqual([expect.stringMatching(expected)]);
  expect(problems.join()).not.toMatch(/geheim|4711/);
});

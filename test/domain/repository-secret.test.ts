import { readRepositorySecret } from '../../src/domain/repository-secret';
import { repositorySecret } from '../support/repository-secrets';

type Fields = Readonly<Record<string, string>>;

const secret = (fields: Fields, type?: string) => repositorySecret('repo-1', fields, type);

const url = 'https://github.com/acme/shop';
const plain = {
  secret: 'Secret argocd/repo-1',
  scope: 'read',
  urlPrefix: url,
  isTemplate: false,
  kind: 'git',
  insecure: false,
  plainHttp: false,
};

test.each<[string, Fields, string, object]>([
  ['a public repository', {}, 'repository', {}],
  [
    'a password',
    { username: 'ann', password: 'pä ss' },
    'repository',
    { username: 'ann', password: 'pä ss' },
  ],
  ['a bearer token', { bearerToken: 't' }, 'repository', { bearerToken: 't' }],
  [
    'an SSH key',
    { sshPrivateKey: 'KEY\n', insecure: 'true' },
    'repository',
    { sshPrivateKey: 'KEY\n', insecure: true },
  ],
  ['no check of host keys', { insecureIgnoreHostKey: 'T' }, 'repository', { insecure: true }],
  [
    'client certificates',
    { tlsClientCertData: 'C', tlsClientCertKey: 'K' },
    'repository',
    { tlsClientCertData: 'C', tlsClientCertKey: 'K' },
  ],
  ['a project and a name', { project: 'shop', name: 'x' }, 'repository', { project: 'shop', name: 'x' }],
  ['a proxy', { proxy: 'http://proxy:3128', noProxy: 'a,b' }, 'repository', { proxy: 'http://proxy:3128' }],
  [
    'empty fields',
    { username: '', githubAppID: '', useAzureWorkloadIdentity: 'false', enableLfs: '' },
    'repository',
    {},
  ],
  ['a chart repository', { type: 'helm' }, 'repository', { kind: 'helm' }],
  ['a registry', { type: 'helm', enableOCI: 'true' }, 'repository', { kind: 'oci' }],
  [
    'a registry by its type',
    { type: 'oci', insecureOCIForceHttp: 'true' },
    'repository',
    { kind: 'oci', plainHttp: true },
  ],
  [
    'a template for all kinds',
    { password: 'p' },
    'repo-creds',
    { isTemplate: true, kind: undefined, password: 'p' },
  ],
  ['a template for charts', { type: 'Helm' }, 'repo-creds', { isTemplate: true, kind: 'helm' }],
  ['a repository to write', { password: 'p' }, 'repository-write', { scope: 'write', password: 'p' }],
  ['a template to write', { type: 'git' }, 'repo-write-creds', { scope: 'write', isTemplate: true }],
])('reads %s', (_, fields, type, expected) => {
  const read = readRepositorySecret(secret({ url, ...fields }, type));
  expect(read.problems).toEqual([]);
  const access = Object.fromEntries(
    Object.entries({ ...plain, ...expected }).filter(([, value]) => value !== undefined),
  );
  expect(read.access).toStrictEqual(access);
});

test.each<[string, Fields, string]>([
  [
    'githubAppID',
    { githubAppID: '1' },
    'data.githubAppID: a GitHub App is not supported; give a fine-grained access token as password',
  ],
  [
    'githubAppPrivateKey',
    { githubAppPrivateKey: 'hunter2' },
    'data.githubAppPrivateKey: a GitHub App is not supported; give a fine-grained access token as password',
  ],
  [
    'gcpServiceAccountKey',
    { gcpServiceAccountKey: 'hunter2' },
    'data.gcpServiceAccountKey: a key of Google Cloud is not supported; give a username and a password',
  ],
  [
    'useAzureWorkloadIdentity',
    { useAzureWorkloadIdentity: 'true' },
    "data.useAzureWorkloadIdentity: Azure's workload identity is not supported; give a token as password",
  ],
  [
    'type',
    { type: 'hunter2' },
    'data.type: is no type of repository that Belay reads; use one of: git, helm, oci',
  ],
  ['insecure', { insecure: 'hunter2' }, 'data.insecure: is neither true nor false; write "true" or "false"'],
  ['url', { url: '' }, "data.url: is missing; write the repository's URL"],
  [
    'a password in the URL',
    { url: 'https://ann:hunter2@example.com/x' },
    'data.url: has a password in it; write it as data.username and data.password',
  ],
])('refuses %s, and does not repeat its value', (_, fields, expected) => {
  const read = readRepositorySecret(secret({ url, password: 'hunter2', ...fields }));
  expect(read.access).toBeUndefined();
  expect(
    read.problems.map(({ object, field, message, remedy }) => [object, `${field}: ${message}; ${remedy}`]),
  ).toEqual([['Secret argocd/repo-1', expected]]);
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

test('names a field that it does not know, and goes on', () => {
  const { access, problems } = readRepositorySecret(secret({ url, passwort: 'hunter2' }));
  expect(access).toStrictEqual(plain);
  expect(problems).toEqual([
    {
      code: 'UnknownField',
      object: 'Secret argocd/repo-1',
      field: 'data.passwort',
      message: 'is no field of a repository Secret',
      remedy: 'remove it, or correct its name',
    },
  ]);
});

test.each([
  ['no Base64', '%%%'],
  ['no UTF-8', Buffer.from([0xff, 0xfe]).toString('base64')],
  ['no text', 7],
])('refuses a value that is %s', (_, value) => {
  const given = secret({ url });
  const read = readRepositorySecret({ ...given, data: { ...(given['data'] as object), password: value } });
  expect(read).toMatchObject({ problems: [{ code: 'InvalidSpec', field: 'data.password' }] });
  expect(read.access).toBeUndefined();
});

test('stringData wins over data, as the API server has it', () => {
  const read = readRepositorySecret({ ...secret({ url, password: 'old' }), stringData: { password: 'new' } });
  expect(read.access?.password).toBe('new');
});

test.each([['cluster'], [''], ['constructor']])('a Secret of type %j is none of a repository', (type) => {
  expect(readRepositorySecret(secret({ url }, type))).toMatchObject({ problems: [{ code: 'Unsupported' }] });
});

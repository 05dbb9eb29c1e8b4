import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartCredentialsFromSecrets, createCharts } from '../../../src/adapters/charts';
import { repositorySecret } from '../../support/repository-secrets';
import { indexOf } from './chart-files';
import { serve } from './web-server';

const secrets = [
  repositorySecret('own', {
    url: 'https://charts.example.com/team',
    type: 'helm',
    username: 'ann',
    password: 'own',
  }),
  repositorySecret('oci', {
    url: 'ghcr.io/acme',
    type: 'helm',
    enableOCI: 'true',
    username: 'bot',
    password: 'oci',
  }),
  repositorySecret('plain', {
    url: 'oci://registry:5000/x',
    type: 'oci',
    insecureOCIForceHttp: 'true',
    insecure: 'true',
  }),
  repositorySecret(
    'all',
    { url: 'https://charts.example.com', bearerToken: 'all', type: 'helm' },
    'repo-creds',
  ),
  repositorySecret('git', { url: 'https://charts.example.com/git', password: 'git' }),
  repositorySecret(
    'write',
    { url: 'https://charts.example.com/w', password: 'w', type: 'helm' },
    'repository-write',
  ),
  repositorySecret('shop', {
    url: 'https://shop.example.com',
    password: 'shop',
    type: 'helm',
    project: 'shop',
  }),
  repositorySecret('proxy', {
    url: 'https://behind.example.com',
    type: 'helm',
    proxy: 'http://ann:hunter2@proxy',
  }),
  repositorySecret('google', {
    url: 'https://google.example.com',
    type: 'helm',
    gcpServiceAccountKey: 'hunter2',
  }),
];
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const all = { authorization: 'Bearer all' };

test.each([
  ['https://charts.example.com/team/', basic('ann:own')],
  ['https://charts.example.com/team/below', all],
  ['https://charts.example.com/git', all],
  ['https://charts.example.com/w', all],
  ['oci://ghcr.io/acme', basic('bot:oci')],
  ['ghcr.io/acme', basic('bot:oci')],
  ['oci://registry:5000/x', { tls: { insecure: true }, plainHttp: true, allowHttp: true }],
  ['https://shop.example.com', {}],
  ['https://charts.example.com.evil.org', {}],
])('%s gets what its Secret says', async (url, expected) => {
  expect(await chartCredentialsFromSecrets(async () => secrets)(url)).toEqual(expected);
});

test('a Secret of a project is for that project', async () => {
  const credentials = chartCredentialsFromSecrets(async () => secrets, { projects: ['shop'] });
  expect(await credentials('https://shop.example.com')).toEqual(basic(':shop'));
});

test.each([
  [
    'https://behind.example.com',
    'InvalidSpec',
    /^Secret argocd\/proxy has a proxy, which is not supported for charts/,
  ],
  [
    'https://google.example.com',
    'Unauthenticated',
    /^Secret argocd\/google: data.gcpServiceAccountKey: a key of Google Cloud/,
  ],
])('%s is refused by the name of its Secret', async (url, code, message) => {
  const error: unknown = await chartCredentialsFromSecrets(async () => secrets)(url).catch(
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
});

test('a changed Secret counts from the next use on', async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'belay-chart-secrets-'));
  const server = await serve(({ headers }, response) =>
    headers.authorization === basic('ann:new').authorization
      ? response.end(indexOf('shop', ['1.0.0']))
      : response.writeHead(401).end(),
  );
  let password = 'old';
  const list = async () => [
    repositorySecret('x', { url: server.url, type: 'helm', username: 'ann', password }),
  ];
  const charts = createCharts({
    cacheDir,
    allow: [server.host],
    credentials: chartCredentialsFromSecrets(list),
  });
  const resolve = () => charts.resolve({ repoUrl: server.url, chart: 'shop' }, '*');
  try {
    await expect(resolve()).rejects.toMatchObject({ code: 'Unauthenticated' });
    password = 'new';
    expect(await resolve()).toBe('1.0.0');
  } finally {
    await server.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
});

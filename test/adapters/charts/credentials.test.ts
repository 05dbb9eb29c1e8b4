import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { chartCredentialsFrom, createCharts, type ChartCredentialSource } from '../../../src/adapters/charts';
import { certificate } from './certificates';
import { indexOf } from './chart-files';
import { serve } from './web-server';

let dir: string;
beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), 'belay-chart-credentials-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

const variables = {
  BELAY_TEST_CHART_A: 'token-a',
  BELAY_TEST_CHART_B: ' pass-b\n',
  BELAY_TEST_CHART_C: 'a\nb',
};
beforeEach(() => void Object.assign(process.env, variables));
afterEach(() => Object.keys(variables).forEach((name) => delete process.env[name]));

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const tokenA = { authorization: 'Bearer token-a' };

test.each([
  ['https://charts.example.com/any', tokenA],
  ['https://Charts.example.com:443/team/x/', basic('bot:pass-b')],
  ['oci://charts.example.com/team', basic('bot:pass-b')],
  ['charts.example.com/team', basic('bot:pass-b')],
  ['https://charts.example.com/teamwork', tokenA],
  ['https://charts.example.com.evil.org/team', {}],
  ['https://evil.org/charts.example.com/team', {}],
  ['https://charts.example.com:8443/team', {}],
])('%s gets the credential of the longest prefix in whole segments', async (url, expected) => {
  const credentials = chartCredentialsFrom([
    { repo: 'https://charts.example.com', tokenVariable: 'BELAY_TEST_CHART_A' },
    { repo: 'oci://charts.example.com/team', username: 'bot', passwordVariable: 'BELAY_TEST_CHART_B' },
  ]);
  expect(await credentials(url)).toEqual(expected);
});

test('a credential without a prefix is for all, but comes last', async () => {
  const credentials = chartCredentialsFrom([
    { username: 'all', passwordVariable: 'BELAY_TEST_CHART_B' },
    { repo: 'x.example.com', tokenVariable: 'BELAY_TEST_CHART_A' },
  ]);
  expect(await credentials('https://x.example.com')).toEqual(tokenA);
  expect(await credentials('https://y.example.com')).toEqual(basic('all:pass-b'));
});

test('reads the secret at each use', async () => {
  const passwordFile = join(dir, 'password');
  const credentials = chartCredentialsFrom([{ username: 'bot', passwordFile }]);
  await writeFile(passwordFile, 'one\n');
  expect(await credentials('https://example.com')).toEqual(basic('bot:one'));
  await writeFile(passwordFile, 'two\n');
  expect(await credentials('https://example.com')).toEqual(basic('bot:two'));
});

test.each<[string, ChartCredentialSource, RegExp]>([
  [
    'a variable that is not set',
    { tokenVariable: 'BELAY_TEST_NONE' },
    /variable BELAY_TEST_NONE is missing or empty/,
  ],
  ['a file that is not there', { caFile: '/nonexistent/ca' }, /file \/nonexistent\/ca is missing or empty/],
  [
    'a token of several lines',
    { tokenVariable: 'BELAY_TEST_CHART_C' },
    /BELAY_TEST_CHART_C has several lines/,
  ],
])('says so of %s', async (_, source, message) => {
  await expect(chartCredentialsFrom([source])('https://example.com/x?token=1')).rejects.toMatchObject({
    code: 'Unauthenticated',
    retry: 'later',
    message: expect.stringMatching(message),
    facts: { url: 'https://example.com/x' },
  });
});

test('certificates: an authority of one’s own, one of the client, and none of both', async () => {
  const [server, client] = await Promise.all([certificate('server'), certificate('client')]);
  if (server === undefined || client === undefined)
    return console.warn('no openssl: certificates are not tested');
  const peers: string[] = [];
  const web = await serve(
    ({ socket }, response) => {
      peers.push(String((socket as TLSSocket).getPeerCertificate().subject?.CN));
      response.end(indexOf('shop', ['1.0.0']));
    },
    { ...server, requestCert: true, rejectUnauthorized: false },
  );
  const files = { ca: server.cert, cert: client.cert, key: client.key };
  const at = (name: string) => join(dir, name);
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(at(name), text)));
  const resolve = (source: ChartCredentialSource) =>
    createCharts({ cacheDir: dir, allow: [web.host], credentials: chartCredentialsFrom([source]) }).resolve(
      { repoUrl: web.url, chart: 'shop' },
      '*',
    );
  try {
    expect(await resolve({ caFile: at('ca') })).toBe('1.0.0');
    expect(
      await resolve({ caFile: at('ca'), clientCertificateFile: at('cert'), clientKeyFile: at('key') }),
    ).toBe('1.0.0');
    expect(await resolve({ insecure: true })).toBe('1.0.0');
    await expect(resolve({})).rejects.toMatchObject({
      code: 'Unreachable',
      message: expect.stringMatching('its certificate is not trusted .*; give its authority as caFile'),
    });
    expect(peers).toEqual(['undefined', 'client', 'undefined']);
  } finally {
    await web.close();
  }
});

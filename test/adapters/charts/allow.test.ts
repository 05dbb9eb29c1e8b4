import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCharts } from '../../../src/adapters/charts';
import { indexOf } from './chart-files';
import { serve, type WebServer } from './web-server';

// Nothing is fetched here.
const cacheDir = join(tmpdir(), 'belay-charts-none');
let server: WebServer;
beforeEach(async () => {
  server = await serve((_, response) => response.end(indexOf('shop', ['1.10.0'])));
});
afterEach(() => server.close());

const resolve = (allow: readonly string[]) => {
  const charts = createCharts({ cacheDir, allow: allow.map((entry) => entry.replace('HOST', server.host)) });
  return charts.resolve({ repoUrl: `${server.url}/charts`, chart: 'shop' }, '1.x');
};

test.each([[['HOST']], [['http://HOST']], [['http://HOST/charts/']], [['example.com', 'HOST/charts']]])(
  'lets in what it names: %s',
  async (allow) => {
    expect(await resolve(allow)).toBe('1.10.0');
  },
);

test.each([
  [[]],
  [['https://HOST']],
  [['http://HOST/chart']],
  [['HOST/charts/team']],
  [['oci://127.0.0.1:1']],
  [['127.0.0.1']],
  [['example.com', 'example.com/HOST']],
])('keeps out what it does not name: %s', async (allow) => {
  await expect(resolve(allow)).rejects.toMatchObject({
    code: 'Forbidden',
    message: expect.stringMatching("not on the worker's list"),
  });
  expect(server.requests).toEqual([]);
});

test('says which entry is wrong', () => {
  expect(() => createCharts({ cacheDir, allow: ['https://'] })).toThrow('is no URL and no host');
  expect(() => createCharts({ cacheDir, allow: ['x:99999'] })).toThrow('"x:99999" on the list');
});

test.each([
  'http://127.0.0.1',
  'http://127.1',
  'http://2130706433',
  'http://localhost',
  'http://sub.localhost',
  'http://0.0.0.0',
  'http://169.254.169.254',
  'http://[::1]',
  'http://[::]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:a9fe:a9fe]',
  'http://[64:ff9b::169.254.169.254]',
  'http://[fe80::1]',
  'http://[fd00:ec2::254]',
  'oci://127.0.0.1',
  'localhost',
])('without one, %s is out of reach', async (repoUrl) => {
  const charts = createCharts({ cacheDir });
  const { port } = new URL(server.url);
  const ref = { repoUrl: `${repoUrl}:${port}/charts`, chart: 'shop' };
  await expect(charts.resolve(ref, '*')).rejects.toMatchObject({
    code: 'Forbidden',
    message: expect.stringMatching("an address of the worker's own machine"),
  });
  expect(server.requests).toEqual([]);
});

import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { createCharts, type ChartCredentials, type ChartLimits } from '../../../src/adapters/charts';
import { chartArchive, indexOf, sha256 } from './chart-files';
import { serve, type WebServer } from './web-server';

/** What the server answers for a path; a path that is not there is 404. */
type Pages = Record<string, (response: ServerResponse, headers: Record<string, unknown>) => void>;

let pages: Pages;
let server: WebServer;
let other: WebServer;
let cacheDir: string;
beforeEach(async () => {
  pages = {};
  const listen = () =>
    serve(({ url = '', headers }, response) => {
      const page = pages[url];
      if (page === undefined) response.writeHead(404).end('no');
      else page(response, headers);
    });
  [server, other] = await Promise.all([listen(), listen()]);
  cacheDir = await mkdtemp(join(tmpdir(), 'belay-charts-'));
  publish(['1.2.3', '1.10.0', '2.0.0', '2.1.0-rc.1']);
});
afterEach(async () => {
  await Promise.all([server.close(), other.close()]);
  await rm(cacheDir, { recursive: true, force: true });
});

function publish(versions: readonly string[], url?: (version: string) => string): void {
  pages['/charts/index.yaml'] = text(indexOf('shop', versions, url));
  for (const version of versions) pages[`/charts/shop-${version}.tgz`] = text(chartArchive('shop', version));
}

function text(content: string | Buffer): Pages[string] {
  return (response) => response.end(content);
}

interface Options {
  readonly allow?: readonly string[];
  readonly credentials?: ChartCredentials;
  readonly limits?: Partial<ChartLimits>;
}

function open({ allow = [server.host], ...rest }: Options = {}) {
  const charts = createCharts({ cacheDir, allow, ...rest });
  const ref = { repoUrl: `${server.url}/charts/`, chart: 'shop' };
  return {
    charts,
    resolve: (version: string, signal?: AbortSignal) => charts.resolve(ref, version, signal),
    fetch: (version: string, signal?: AbortSignal) => charts.fetch(ref, version, signal),
  };
}

const paths = () => server.requests.map(({ url }) => url);

test.each([
  ['', '2.0.0'],
  ['*', '2.0.0'],
  ['1.x', '1.10.0'],
  ['^1.2', '1.10.0'],
  ['~1.2', '1.2.3'],
  ['>=1 <2', '1.10.0'],
  ['>=1, <2, !=1.10.0', '1.2.3'],
  ['1.2.3', '1.2.3'],
  ['v1.2.3', '1.2.3'],
  ['1.2', '1.2.3'],
  ['>=2.0.0-0', '2.1.0-rc.1'],
  ['2.1.0-rc.1', '2.1.0-rc.1'],
])('resolves %j to %s', async (version, expected) => {
  expect(await open().resolve(version)).toBe(expected);
});

test('fetches an archive, and a second time from the cache', async () => {
  const { fetch } = open();
  const fetched = await fetch('1.10.0');
  const content = chartArchive('shop', '1.10.0');
  expect(fetched).toEqual({
    archive: fetched.archive,
    digest: `sha256:${sha256(content)}`,
    version: '1.10.0',
  });
  expect(await readFile(fetched.archive)).toEqual(content);
  expect(await fetch('1.10.0')).toEqual(fetched);
  // Another worker on the same directory needs the index alone.
  expect(await open().fetch('1.10.0')).toEqual(fetched);
  expect(paths()).toEqual(['/charts/index.yaml', '/charts/shop-1.10.0.tgz', '/charts/index.yaml']);
});

test('takes a damaged archive in the cache for none, and leaves no drafts', async () => {
  const { archive } = await open().fetch('1.2.3');
  await writeFile(archive, 'cut off');
  await open().fetch('1.2.3');
  expect(await readFile(archive)).toEqual(chartArchive('shop', '1.2.3'));
  expect(await readdir(cacheDir)).toEqual([archive.slice(cacheDir.length + 1)]);
});

test('many workers fetch at the same time, and the cache may be deleted', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => open().fetch('1.2.3')));
  expect(new Set(all.map(({ archive }) => archive)).size).toBe(1);
  const { fetch } = open();
  await fetch('1.2.3');
  await rm(cacheDir, { recursive: true });
  expect(await readFile((await fetch('1.2.3')).archive)).toEqual(chartArchive('shop', '1.2.3'));
});

test('asks once for many, and not again while the index is fresh', async () => {
  const { resolve } = open();
  await Promise.all(Array.from({ length: 20 }, () => resolve('1.x')));
  await resolve('2.x');
  expect(paths()).toEqual(['/charts/index.yaml']);
});

test('asks again by ETag, and reads only what has changed', async () => {
  let tag = '"one"';
  let sent = 0;
  pages['/charts/index.yaml'] = (response, headers) => {
    response.setHeader('etag', tag);
    if (headers['if-none-match'] === tag) return void response.writeHead(304).end();
    sent++;
    response.end(indexOf('shop', tag === '"one"' ? ['1.0.0'] : ['1.0.0', '1.1.0']));
  };
  const { resolve } = open({ limits: { freshMs: 0 } });
  expect([await resolve('*'), await resolve('*')]).toEqual(['1.0.0', '1.0.0']);
  tag = '"two"';
  expect(await resolve('*')).toBe('1.1.0');
  expect([server.requests.length, sent]).toEqual([3, 2]);
});

test('who stops waiting does not stop the others', async () => {
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    pages['/charts/index.yaml'] = (response) => {
      answer = () => response.end(indexOf('shop', ['1.0.0']));
      resolve();
    };
  });
  const { resolve } = open();
  const stop = new AbortController();
  const impatient = resolve('*', stop.signal);
  const patient = resolve('*');
  await asked;
  stop.abort();
  await expect(impatient).rejects.toThrow('aborted');
  answer();
  expect(await patient).toBe('1.0.0');
  expect(paths()).toHaveLength(1);
});

test('says that the cache cannot be written', async () => {
  const file = join(cacheDir, 'file');
  await writeFile(file, '');
  const charts = createCharts({ cacheDir: join(file, 'charts'), allow: [server.host] });
  await expect(charts.fetch({ repoUrl: `${server.url}/charts`, chart: 'shop' }, '1.x')).rejects.toMatchObject(
    {
      code: 'Limit',
      retry: 'later',
      message: expect.stringMatching(/^cannot keep a chart in .*file\/charts \(ENOTDIR\); free space there/),
    },
  );
});

test('removes archives that nobody has asked for, and drafts of the dead', async () => {
  const names = [
    `${'a'.repeat(64)}.tgz`,
    `${'b'.repeat(64)}.tgz.1.x.tmp`,
    `${'c'.repeat(64)}.tgz`,
    'notes.txt',
  ];
  const old = new Date(Date.now() - 30 * 86_400_000);
  for (const name of names) {
    await writeFile(join(cacheDir, name), '');
    if (!name.startsWith('c')) await utimes(join(cacheDir, name), old, old);
  }
  const { archive } = await open().fetch('1.2.3');
  expect((await readdir(cacheDir)).sort()).toEqual(
    [archive.slice(cacheDir.length + 1), names[2], names[3]].sort(),
  );
});

test('an archive without a digest in the index is asked for', async () => {
  pages['/charts/index.yaml'] = text('entries:\n  shop:\n  - version: 1.2.3\n    urls: [shop-1.2.3.tgz]\n');
  const { fetch } = open();
  const fetched = await fetch('1.2.3');
  expect(fetched.digest).toBe(`sha256:${sha256(chartArchive('shop', '1.2.3'))}`);
  expect(await fetch('1.2.3')).toEqual(fetched);
  expect(paths()).toEqual(['/charts/index.yaml', '/charts/shop-1.2.3.tgz']);
});

describe('refuses', () => {
  const errors: readonly [string, () => void, string, string, RegExp][] = [
    [
      'a version that is not there',
      () => undefined,
      '3.x',
      'RevisionNotFound',
      /matches 3\.x; it has 2\.1\.0-rc\.1, 2\.0\.0, 1\.10\.0 and 1 more; correct targetRevision/,
    ],
    [
      'only pre-releases',
      () => publish(['1.0.0-rc.1']),
      '',
      'RevisionNotFound',
      /pre-releases match only a range that names one/,
    ],
    ['what is no version', () => undefined, 'main', 'InvalidSpec', /"main" is no version and no range/],
    [
      'a repository that is not there',
      () => delete pages['/charts/index.yaml'],
      '*',
      'PathNotFound',
      /\/charts\/index\.yaml does not exist; correct repoURL/,
    ],
    [
      'an unknown chart',
      () => (pages['/charts/index.yaml'] = text(indexOf('other', ['1.0.0']))),
      '*',
      'PathNotFound',
      /chart shop is not listed/,
    ],
    [
      'an archive that is not there',
      () => delete pages['/charts/shop-1.2.3.tgz'],
      '1.2.3',
      'PathNotFound',
      /shop-1\.2\.3\.tgz does not exist/,
    ],
    [
      'an archive that was changed',
      () => (pages['/charts/shop-1.2.3.tgz'] = text(chartArchive('shop', '6.6.6'))),
      '1.2.3',
      'Invalid',
      /its digest differs; publish/,
    ],
    [
      'a page for an archive',
      () => (pages['/charts/shop-1.2.3.tgz'] = text('<html>Sign in</html>')),
      '1.2.3',
      'Invalid',
      /is no chart archive/,
    ],
    [
      'an index that is none',
      () => (pages['/charts/index.yaml'] = text('<html>Sign in</html>')),
      '*',
      'Invalid',
      /is no index of charts/,
    ],
    [
      'an index with bad YAML',
      () => (pages['/charts/index.yaml'] = text('entries:\n  shop:\n  - version: "1\n')),
      '*',
      'Invalid',
      /line \d is no valid YAML/,
    ],
    [
      'an index that is too large',
      () => (pages['/charts/index.yaml'] = text('x'.repeat(70_000))),
      '*',
      'Limit',
      /the index at .* is larger than 65536 bytes/,
    ],
    [
      'an archive that is too large',
      () => (pages['/charts/shop-1.2.3.tgz'] = text('x'.repeat(70_000))),
      '1.2.3',
      'Limit',
      /chart shop 1\.2\.3 at .* is larger than/,
    ],
    [
      'an archive that never ends',
      () => (pages['/charts/shop-1.2.3.tgz'] = flood),
      '1.2.3',
      'Limit',
      /larger than/,
    ],
    [
      'an answer that stops coming',
      () => (pages['/charts/index.yaml'] = (response) => void response.write('entries:')),
      '*',
      'Unreachable',
      /no answer in time/,
    ],
    [
      'no answer at all',
      () => (pages['/charts/index.yaml'] = () => undefined),
      '*',
      'Unreachable',
      /no answer in time/,
    ],
    [
      'a broken connection',
      () => (pages['/charts/index.yaml'] = (response) => void response.destroy()),
      '*',
      'Unreachable',
      /connection broke/,
    ],
    [
      'a server in trouble',
      () => (pages['/charts/index.yaml'] = (response) => void response.writeHead(503).end()),
      '*',
      'Unreachable',
      /answered 503/,
    ],
    [
      'a server that is asked too often',
      () =>
        (pages['/charts/index.yaml'] = (response) =>
          void response.writeHead(429, { 'retry-after': '7' }).end()),
      '*',
      'Throttled',
      /asked too often/,
    ],
    [
      'credentials that do not fit',
      () => (pages['/charts/index.yaml'] = (response) => void response.writeHead(401).end()),
      '*',
      'Unauthenticated',
      /wants credentials/,
    ],
    [
      'no permission',
      () => (pages['/charts/index.yaml'] = (response) => void response.writeHead(403).end()),
      '*',
      'Forbidden',
      /forbids reading/,
    ],
    [
      'a circle of redirections',
      () => (pages['/charts/index.yaml'] = redirect(() => '/charts/index.yaml')),
      '*',
      'Unreachable',
      /redirects more than 5 times/,
    ],
    [
      'a redirection to a file',
      () => (pages['/charts/index.yaml'] = redirect(() => 'file:///etc/passwd')),
      '*',
      'Forbidden',
      /no https URL/,
    ],
    [
      'a redirection to a host that is not listed',
      () => (pages['/charts/index.yaml'] = redirect(() => other.url)),
      '*',
      'Forbidden',
      /not on the worker's list/,
    ],
    [
      'an archive at a host that is not listed',
      () => publish(['1.2.3'], () => `${other.url}/x.tgz`),
      '1.2.3',
      'Forbidden',
      /not on the worker's list/,
    ],
    [
      'an archive that is no URL of HTTP',
      () => publish(['1.2.3'], () => 'file:///etc/passwd'),
      '1.2.3',
      'Invalid',
      /no usable URL/,
    ],
    [
      'a digest that is none',
      () =>
        (pages['/charts/index.yaml'] = text(indexOf('shop', ['1.2.3']).replace(/digest: .*/, 'digest: md5'))),
      '1.2.3',
      'Invalid',
      /no SHA-256/,
    ],
  ];
  test.each(errors)('%s', async (_, arrange, version, code, message) => {
    arrange();
    const { fetch } = open({
      limits: { indexBytes: 65_536, archiveBytes: 65_536, stalledMs: 400, timeoutMs: 20_000 },
    });
    const error: unknown = await fetch(version).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  test('a slow trickle at the end of its time', async () => {
    pages['/charts/index.yaml'] = (response) => {
      const timer = setInterval(() => response.write('#\n'), 20);
      response.on('close', () => clearInterval(timer));
    };
    const { resolve } = open({ limits: { timeoutMs: 500 } });
    await expect(resolve('*')).rejects.toMatchObject({
      code: 'Unreachable',
      message: expect.stringMatching('no answer in time'),
    });
  });

  test('a server that is away, and answers once it is back', async () => {
    const { resolve } = open();
    pages['/charts/index.yaml'] = (response) => void response.destroy();
    await expect(resolve('*')).rejects.toMatchObject({ code: 'Unreachable', retry: 'later' });
    publish(['1.0.0']);
    expect(await resolve('*')).toBe('1.0.0');
    await server.close();
    await expect(open().resolve('*')).rejects.toMatchObject({
      message: expect.stringMatching('connection refused'),
    });
  });

  test.each([
    'ftp://example.com/charts',
    'https://user:hunter2@example.com',
    'https://',
    'ssh://git@example.com/x',
    '',
  ])('the repository URL %j', async (repoUrl) => {
    const charts = createCharts({ cacheDir });
    const error: unknown = await charts
      .resolve({ repoUrl, chart: 'shop' }, '*')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'InvalidSpec', retry: 'never' });
    expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
  });
});

describe('credentials', () => {
  const secret = { authorization: 'Basic aHVudGVyMg==' };
  const seen = (of: WebServer) => of.requests.map(({ headers }) => headers.authorization);

  test('are looked up anew for each operation, by the repository', async () => {
    const asked: string[] = [];
    const credentials = async (url: string) => {
      asked.push(url);
      return { authorization: `Bearer ${asked.length}` };
    };
    const { fetch } = open({ credentials });
    await fetch('1.2.3');
    await fetch('2.0.0');
    expect(asked).toEqual([`${server.url}/charts/`, `${server.url}/charts/`]);
    expect(seen(server)).toEqual(['Bearer 1', 'Bearer 1', 'Bearer 2']);
  });

  test('do not follow a redirection to another origin, nor an archive there', async () => {
    const allow = [server.host, other.host];
    pages['/charts/index.yaml'] = redirect(() => `${other.url}/moved/index.yaml`);
    pages['/moved/index.yaml'] = text(
      indexOf('shop', ['1.2.3'], (version) => `${other.url}/charts/shop-${version}.tgz`),
    );
    await open({ allow, credentials: async () => secret }).fetch('1.2.3');
    expect(seen(server)).toEqual([secret.authorization]);
    expect(seen(other)).toEqual([undefined, undefined]);
  });

  test('come back on a redirection within the origin', async () => {
    pages['/charts/index.yaml'] = redirect(() => '/moved/index.yaml');
    pages['/moved/index.yaml'] = text(indexOf('shop', ['1.2.3']));
    await open({ credentials: async () => secret }).resolve('1.2.3');
    expect(seen(server)).toEqual([secret.authorization, secret.authorization]);
  });

  test('are never in an error, nor is a query', async () => {
    pages['/charts/index.yaml?token=hunter2'] = (response) =>
      void response.writeHead(403).end('Basic aHVudGVyMg==');
    const charts = createCharts({ cacheDir, allow: [server.host], credentials: async () => secret });
    const ref = { repoUrl: `${server.url}/charts?token=hunter2`, chart: 'shop' };
    const error: unknown = await charts.resolve(ref, '*').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'Forbidden', facts: { url: `${server.url}/charts/index.yaml` } });
    const told = JSON.stringify([error, String(error), (error as Error).stack]);
    expect(told).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  test('do not travel unencrypted to another machine', async () => {
    const charts = createCharts({ cacheDir, credentials: async () => secret });
    await expect(
      charts.resolve({ repoUrl: 'http://charts.invalid/x', chart: 'shop' }, '*'),
    ).rejects.toMatchObject({
      code: 'InvalidSpec',
      message: expect.stringMatching('would travel unencrypted; write the repository URL with https'),
    });
  });
});

function redirect(to: () => string): Pages[string] {
  return (response) => response.writeHead(302, { location: to() }).end();
}

function flood(response: ServerResponse): void {
  const more = (): void => {
    while (response.write('x'.repeat(16_384)));
    response.once('drain', more);
  };
  more();
}

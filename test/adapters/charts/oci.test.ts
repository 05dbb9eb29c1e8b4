import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCharts, type ChartCredentials, type ChartLimits } from '../../../src/adapters/charts';
import { chartArchive } from './chart-files';
import { digest, push, serveRegistry, type Registry } from './registry-server';
import { serve, type WebServer } from './web-server';

let registry: Registry;
let cacheDir: string;
const others: WebServer[] = [];
beforeEach(async () => {
  [registry, cacheDir] = await Promise.all([serveRegistry(), mkdtemp(join(tmpdir(), 'belay-oci-'))]);
  for (const version of ['1.2.3', '1.10.0', '2.0.0', '2.1.0-rc.1', '1.11.0_build.7'])
    push(registry, 'team/shop', version, chartArchive('shop', version));
  registry.tags.get('team/shop')?.set('latest', '');
});
afterEach(async () => {
  await Promise.all([registry, ...others.splice(0)].map((each) => each.close()));
  await rm(cacheDir, { recursive: true, force: true });
});

interface Options {
  readonly repoUrl?: string;
  readonly chart?: string;
  readonly allow?: readonly string[];
  readonly credentials?: ChartCredentials;
  readonly limits?: Partial<ChartLimits>;
}

function open({
  repoUrl = `oci://${registry.host}/team`,
  chart = 'shop',
  allow = [registry.host],
  ...rest
}: Options = {}) {
  const charts = createCharts({ cacheDir, allow, ...rest });
  return {
    resolve: (version: string) => charts.resolve({ repoUrl, chart }, version),
    fetch: (version: string) => charts.fetch({ repoUrl, chart }, version),
  };
}

const paths = () => registry.requests.map(({ url }) => url);
const authorizations = () => registry.requests.map(({ headers }) => headers.authorization);

test.each([
  ['', '2.0.0'],
  ['1.x', '1.11.0+build.7'],
  ['~1.2', '1.2.3'],
  ['>=2.0.0-0', '2.1.0-rc.1'],
  ['2.0.0', '2.0.0'],
  ['1.11.0+build.7', '1.11.0+build.7'],
])('resolves %j to %s, through all pages of tags', async (version, expected) => {
  expect(await open().resolve(version)).toBe(expected);
});

test.each([
  ['as Helm writes it', 'oci://HOST/team', 'shop'],
  ['as Argo CD writes it', 'HOST/team', 'shop'],
  ['with a slash', 'oci://HOST/team/', 'shop'],
  ['with the chart in the URL', 'oci://HOST/team/shop', ''],
  ['with the path in the chart', 'oci://HOST', 'team/shop'],
])('takes a registry %s', async (_, repoUrl, chart) => {
  expect(await open({ repoUrl: repoUrl.replace('HOST', registry.host), chart }).resolve('1.2.3')).toBe(
    '1.2.3',
  );
});

test('fetches an archive by its tag, and a second time from the cache', async () => {
  const archive = chartArchive('shop', '1.11.0_build.7');
  const { fetch } = open();
  const fetched = await fetch('1.11.0+build.7');
  expect(fetched).toEqual({ archive: fetched.archive, digest: digest(archive), version: '1.11.0+build.7' });
  expect(await readFile(fetched.archive)).toEqual(archive);
  expect(await fetch('1.11.0+build.7')).toEqual(fetched);
  expect(await open().fetch('1.11.0+build.7')).toEqual(fetched);
  const manifest = '/v2/team/shop/manifests/1.11.0_build.7';
  expect(paths()).toEqual([manifest, `/v2/team/shop/blobs/${digest(archive)}`, manifest]);
});

test('asks once for many', async () => {
  const { resolve } = open();
  await Promise.all(Array.from({ length: 20 }, () => resolve('1.x')));
  await Promise.all(Array.from({ length: 20 }, () => resolve('1.2.3')));
  expect(paths()).toHaveLength(4);
});

describe('signing in', () => {
  const credentials = async () => ({ authorization: `Basic ${btoa('ann:hunter2')}` });

  /** A registry that wants a token, from a server of its own. */
  async function wantToken(token = 'tok123'): Promise<WebServer> {
    const tokens = await serve(({ headers }, response) => {
      const allowed = headers.authorization === `Basic ${btoa('ann:hunter2')}`;
      response.writeHead(allowed ? 200 : 401).end(JSON.stringify({ token }));
    });
    others.push(tokens);
    registry.intercept = ({ headers }, response): boolean => {
      if (headers.authorization === 'Bearer tok123') return false;
      const challenge = `Bearer realm="${tokens.url}/token",service="registry, test",scope="repository:team/shop:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return true;
    };
    return tokens;
  }

  test('with a token: the password goes to the token server alone, and the token serves the whole operation', async () => {
    const tokens = await wantToken();
    const { fetch } = open({ credentials, allow: [registry.host, tokens.host] });
    await fetch('1.2.3');
    expect(tokens.requests.map(({ url }) => url)).toEqual([
      '/token?service=registry%2C+test&scope=repository%3Ateam%2Fshop%3Apull',
    ]);
    expect(authorizations()).toEqual([undefined, 'Bearer tok123', 'Bearer tok123']);
  });

  test('not at a token server that is not listed', async () => {
    const tokens = await wantToken();
    await expect(open({ credentials }).resolve('1.2.3')).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringMatching(/token is not on the worker's list/),
    });
    expect(tokens.requests).toEqual([]);
  });

  test.each([
    ['a token that the registry does not take', 'other', credentials],
    ['a token that would break the header', 'a\r\nb: c', credentials],
    ['no password', 'tok123', undefined],
    ['a wrong password', 'tok123', async () => ({ authorization: 'Basic d3Jvbmc=' })],
  ])('says so with %s, without a secret', async (_, token, given) => {
    const tokens = await wantToken(token);
    const { resolve } = open({ allow: [registry.host, tokens.host], ...(given && { credentials: given }) });
    const error: unknown = await resolve('*').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'Unauthenticated', retry: 'later' });
    expect(JSON.stringify([error, (error as Error).stack])).not.toMatch(/hunter2|aHVudGVy|Basic|d3Jvbmc/);
    expect(registry.requests.length).toBeLessThanOrEqual(2);
  });

  test('with a password at the registry itself', async () => {
    registry.intercept = ({ headers }, response): boolean => {
      if (headers.authorization === `Basic ${btoa('ann:hunter2')}`) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="here"' }).end();
      return true;
    };
    expect(await open({ credentials }).resolve('1.x')).toBe('1.11.0+build.7');
    await expect(open().resolve('1.x')).rejects.toMatchObject({ code: 'Unauthenticated' });
  });

  test('with a token of one’s own at once', async () => {
    await open({ credentials: async () => ({ authorization: 'Bearer mine' }) }).resolve('1.2.3');
    expect(authorizations()).toEqual(['Bearer mine']);
  });

  test('a content that lies elsewhere is fetched there without credentials', async () => {
    const archive = chartArchive('shop', '1.2.3');
    const store = await serve((_, response) => response.end(archive));
    others.push(store);
    registry.intercept = ({ url = '' }, response): boolean => {
      if (!url.includes('/blobs/')) return false;
      response.writeHead(307, { location: `${store.url}/blob?signature=x` }).end();
      return true;
    };
    const mine = async () => ({ authorization: 'Bearer mine' });
    const fetched = await open({ credentials: mine, allow: [registry.host, store.host] }).fetch('1.2.3');
    expect(fetched.digest).toBe(digest(archive));
    expect(store.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await rm(cacheDir, { recursive: true });
    await expect(open({ credentials: mine }).fetch('1.2.3')).rejects.toMatchObject({ code: 'Forbidden' });
  });
});

describe('refuses', () => {
  const blob = digest(chartArchive('shop', '1.2.3'));
  const answerAll = (content: string) => () =>
    (registry.intercept = (_, response) => {
      response.end(content);
      return true;
    });
  test.each<readonly [string, () => unknown, string, string, RegExp]>([
    [
      'a version that is not there',
      () => undefined,
      '3.0.0',
      'RevisionNotFound',
      /team\/shop has no version 3\.0\.0; push it/,
    ],
    [
      'a range without a version',
      () => undefined,
      '3.x',
      'RevisionNotFound',
      /it has 2\.1\.0-rc\.1, 2\.0\.0/,
    ],
    [
      'an unknown chart',
      () => registry.tags.delete('team/shop'),
      '*',
      'PathNotFound',
      /has no chart team\/shop/,
    ],
    [
      'an unknown chart of a whole version',
      () => registry.tags.delete('team/shop'),
      '1.2.3',
      'PathNotFound',
      /has no chart/,
    ],
    ['what is no version', () => undefined, 'latest', 'InvalidSpec', /"latest" is no version/],
    [
      'an image',
      () =>
        push(
          registry,
          'team/shop',
          '1.2.3',
          chartArchive('x', '1'),
          'application/vnd.oci.image.layer.v1.tar+gzip',
        ),
      '1.2.3',
      'InvalidSpec',
      /is no Helm chart.*helm push/,
    ],
    [
      'a content that is not there',
      () => registry.blobs.delete(blob),
      '1.2.3',
      'Invalid',
      /a manifest but no content/,
    ],
    [
      'a content that was changed',
      () => registry.blobs.set(blob, chartArchive('shop', '6.6.6')),
      '1.2.3',
      'Invalid',
      /another digest/,
    ],
    [
      'a content that is too large',
      () => push(registry, 'team/shop', '1.2.3', Buffer.alloc(70_000)),
      '1.2.3',
      'Limit',
      /larger than 65536 bytes/,
    ],
    [
      'a content larger than its manifest says',
      () => registry.blobs.set(blob, Buffer.alloc(70_000)),
      '1.2.3',
      'Limit',
      /larger than 65536 bytes/,
    ],
    ['a page for people', answerAll('<html>'), '1.2.3', 'Invalid', /is no JSON/],
    ['JSON of something else', answerAll('[]'), '1.2.3', 'InvalidSpec', /is no Helm chart/],
    ['tags of something else', answerAll('{"tags":{"a":1}}'), '*', 'RevisionNotFound', /it has no version/],
    [
      'a manifest without end',
      answerAll('x'.repeat(70_000)),
      '1.2.3',
      'Limit',
      /the manifest of .* larger than/,
    ],
    [
      'too many tags',
      () => ['a', 'b', 'c', 'd', 'e', 'f'].forEach((tag) => registry.tags.get('team/shop')?.set(tag, '')),
      '*',
      'Limit',
      /more than 10 tags/,
    ],
  ])('%s', async (_, arrange, version, code, message) => {
    arrange();
    const { fetch } = open({ limits: { archiveBytes: 65_536, documentBytes: 65_536, tags: 10 } });
    const error: unknown = await fetch(version).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  test('pages of tags that go round in a circle', async () => {
    registry.intercept = ({ url = '' }, response) => {
      response.setHeader('link', `<${url}>; rel="next"`).end('{"tags":[]}');
      return true;
    };
    await expect(open().resolve('*')).rejects.toMatchObject({ code: 'Limit' });
    expect(registry.requests.length).toBeLessThanOrEqual(250);
  });

  test('a next page at another host', async () => {
    const other = await serve((_, response) => response.end('{"tags":["9.9.9"]}'));
    others.push(other);
    registry.intercept = (_, response) => {
      response.setHeader('link', `<${other.url}/v2/x/tags/list>; rel="next"`).end('{"tags":["1.0.0"]}');
      return true;
    };
    expect(await open({ allow: [registry.host, other.host] }).resolve('*')).toBe('1.0.0');
    expect(other.requests).toEqual([]);
  });

  test.each([
    ['oci://HOST/Team', 'shop'],
    ['oci://HOST/team', '../shop'],
    ['oci://HOST/team', 'shop?x'],
    ['oci://HOST', ''],
    ['oci://ann:hunter2@HOST/team', 'shop'],
  ])('the name %s %s', async (repoUrl, chart) => {
    const error: unknown = await open({ repoUrl: repoUrl.replace('HOST', registry.host), chart })
      .resolve('*')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'InvalidSpec' });
    expect(String(error)).not.toContain('hunter2');
    expect(registry.requests).toEqual([]);
  });
});

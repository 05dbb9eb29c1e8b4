import { createMetrics, type MetricsOptions } from '../../../src/adapters/metrics';
import type { Reading } from '../../../src/ports/metrics';
import { PortError } from '../../../src/ports/port-error';
import { answer, startMetricServer, type MetricServer, type Sent } from './metric-server';

let server: MetricServer;
let other: MetricServer;
beforeAll(async () => {
  server = await startMetricServer();
  other = await startMetricServer();
});
afterAll(async () => {
  await server.close();
  await other.close();
});
beforeEach(() => {
  server.sent.length = 0;
  other.sent.length = 0;
});

/** Thursday, 1 January 2026, 00:10. */
const now = Date.UTC(2026, 0, 1, 0, 10);

interface Asked extends MetricsOptions {
  secret?: (name: string, key: string) => Promise<string | undefined>;
}

function ask(provider: Record<string, unknown>, { secret, ...options }: Asked = {}): Promise<Reading> {
  const question = { now, signal: new AbortController().signal, secret: secret ?? (async () => undefined) };
  return createMetrics({ environment: {}, ...options }).measure({ provider, ...question });
}

function sentAt(index: number): Sent {
  const sent = server.sent[index];
  if (sent === undefined) throw new Error(`only ${server.sent.length} requests were sent`);
  return sent;
}

const messageOf = (reading: Reading) =>
  reading.kind === 'error' ? reading.message : `value ${String(reading.value)}`;
const vector = '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}';
const one = { kind: 'value', value: [1] };

describe('prometheus', () => {
  test('posts the query and the moment of the question', async () => {
    server.behave(answer(200, vector));
    expect(await ask({ prometheus: { address: `${server.url}/`, query: 'sum(up) & 1' } })).toEqual(one);
    expect(server.sent).toMatchObject([{ method: 'POST', path: '/api/v1/query' }]);
    expect(Object.fromEntries(new URLSearchParams(server.sent[0]?.body))).toEqual({
      query: 'sum(up) & 1',
      time: '1767226200.000',
    });
  });

  test('posts a range with its step', async () => {
    server.behave(answer(200, '{"status":"success","data":{"resultType":"matrix","result":[]}}'));
    const rangeQuery = { start: 'now() - duration("10m")', end: 'now() - duration("1m30s")', step: '15s' };
    expect(await ask({ prometheus: { address: server.url, query: 'up', rangeQuery } })).toEqual({
      kind: 'value',
      value: [],
    });
    expect(Object.fromEntries(new URLSearchParams(server.sent[0]?.body))).toEqual({
      query: 'up',
      start: '1767225600.000',
      end: '1767226110.000',
      step: '15.000',
    });
  });

  test.each([405, 501])('asks by GET where POST is answered %i', async (status) => {
    server.behave((sent, response) => {
      response.writeHead(sent.method === 'POST' ? status : 200).end(vector);
    });
    expect(await ask({ prometheus: { address: `${server.url}/p?team=a`, query: 'a + b' } })).toEqual(one);
    const { method, path, query } = sentAt(1);
    expect([method, path, query.get('team'), query.get('query')]).toEqual([
      'GET',
      '/p/api/v1/query',
      'a',
      'a + b',
    ]);
  });

  test('sends headers and basic authentication', async () => {
    server.behave(answer(200, vector));
    const authentication = { basicAuth: { username: 'anna', password: 'p:w' }, oauth2: {}, sigv4: {} };
    const headers = [{ key: 'X-Scope-OrgID', value: 'tenant_a' }];
    expect(await ask({ prometheus: { address: server.url, query: 'up', headers, authentication } })).toEqual(
      one,
    );
    expect(server.sent[0]?.headers).toMatchObject({
      'x-scope-orgid': 'tenant_a',
      authorization: `Basic ${Buffer.from('anna:p:w').toString('base64')}`,
    });
  });

  test.each([['BELAY_PROMETHEUS_ADDRESS'], ['ARGO_ROLLOUTS_PROMETHEUS_ADDRESS']])(
    'takes its address from %s',
    async (name) => {
      server.behave(answer(200, vector));
      expect(await ask({ prometheus: { query: 'up' } }, { environment: { [name]: server.url } })).toEqual(
        one,
      );
    },
  );

  test('tells warnings as metadata', async () => {
    server.behave(answer(200, vector.replace('{"status"', '{"warnings":["slow \\n store","old"],"status"')));
    expect(await ask({ prometheus: { address: server.url, query: 'up' } })).toEqual({
      ...one,
      metadata: { warnings: '"slow store", "old"' },
    });
  });

  test('accepts any certificate only when it is told to', async () => {
    const tls = await startMetricServer({ tls: true });
    try {
      tls.behave(answer(200, vector));
      const metrics = createMetrics({ environment: {} });
      const measure = (insecure?: boolean) =>
        metrics.measure({
          provider: { prometheus: { address: tls.url, query: 'up', ...(insecure && { insecure }) } },
          now,
          signal: new AbortController().signal,
          secret: async () => undefined,
        });
      expect(await measure(true)).toEqual(one);
      expect(await measure()).toMatchObject({ kind: 'error', isUnreachable: true });
    } finally {
      await tls.close();
    }
  });

  test.each([
    [{ query: 'up' }, 'field prometheus.address is missing, and the worker has no BELAY_PROMETHEUS_ADDRESS'],
    [
      { query: 'up', address: 'prometheus:9090' },
      'field prometheus.address is no URL; write one such as http://host:port/path',
    ],
    [
      { query: 'up', address: '//prometheus' },
      'field prometheus.address is no URL; write one such as http://host:port/path',
    ],
    [{ address: 'http://p' }, 'field prometheus.query is missing'],
    [{ query: 'up', address: 'http://p', timeout: 0 }, 'field prometheus.timeout must be above 0 seconds'],
    [{ query: 'up', address: 'http://p', timeout: '5s' }, 'field prometheus.timeout must be a whole number'],
    [
      { query: 'up', address: 'http://p', adress: 'x' },
      'prometheus has no field adress; did you mean address?',
    ],
    [
      { query: 'up', address: 'http://p', authentication: { basicAuth: { username: 'a' } } },
      'field prometheus.authentication.basicAuth.password is missing',
    ],
    [
      {
        query: 'up',
        address: 'http://p',
        authentication: { basicAuth: { username: 'a', pasword: 'b', password: 'c' } },
      },
      'prometheus.authentication.basicAuth has no field pasword; did you mean password?',
    ],
    [
      {
        query: 'up',
        address: 'http://p',
        authentication: { basicAuth: { username: 'a', password: 'b' }, sigv4: { region: 'x' } },
      },
      'prometheus.authentication has both basicAuth and sigv4; a request carries one',
    ],
    [
      { query: 'up', address: 'http://p', headers: [{ key: 'X\nY', value: 'z' }] },
      'field prometheus.headers[0].key is no name of a header',
    ],
    [
      { query: 'up', address: 'http://p', headers: [{ key: 'X', value: 'z\r\nEvil: 1' }] },
      'field prometheus.headers[0].value has a character that a header cannot hold, such as a line break',
    ],
    [
      { query: 'up', address: 'http://p', rangeQuery: { start: 'now()', end: 'now()' } },
      'field prometheus.rangeQuery.step is missing',
    ],
  ])('%j is refused', async (fields, reason) => {
    expect(await ask({ prometheus: fields })).toEqual({
      kind: 'error',
      isUnreachable: false,
      message: `prometheus: ${reason}`,
    });
  });

  test.each([[2 ** 40], [999_999_999]])('waits with a timeout of %i seconds', async (timeout) => {
    server.behave(answer(200, vector));
    expect(await ask({ prometheus: { address: server.url, query: 'up', timeout } })).toEqual(one);
  });

  test('is not upset by half a character', async () => {
    const basicAuth = { username: 'half \ud800', password: 'other \udc00 half' };
    server.behave(answer(400, '{"status":"error","error":"no such user half \\ud800"}'));
    const reading = await ask({
      prometheus: { address: server.url, query: 'up', authentication: { basicAuth } },
    });
    expect(messageOf(reading)).toContain(': answered 400: no such user ***, after ');
  });

  test('refuses a time that is none', async () => {
    const rangeQuery = { start: '"yesterday"', end: 'now()', step: '1m' };
    const reading = await ask({ prometheus: { query: 'up', address: 'http://p', rangeQuery } });
    expect(messageOf(reading)).toMatch(
      /^prometheus: field prometheus.rangeQuery.start cannot be evaluated: /,
    );
  });

  test('has no numbers for a native histogram', async () => {
    const histogram = { metric: {}, histogram: [1, { count: '1', sum: '1' }] };
    server.behave(
      answer(200, JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [histogram] } })),
    );
    expect(messageOf(await ask({ prometheus: { address: server.url, query: 'h' } }))).toContain(
      'histogram_quantile()',
    );
  });
});

describe('web', () => {
  test('posts JSON under its own type', async () => {
    server.behave(answer(200, '[1]'));
    const headers = [{ key: 'Content-Type', value: 'text/plain' }];
    const web = { url: `${server.url}/x?a=1`, method: 'POST', headers, jsonBody: { a: { b: ['c'] } } };
    expect(await ask({ web })).toEqual(one);
    expect(server.sent).toMatchObject([
      {
        method: 'POST',
        path: '/x',
        body: '{"a":{"b":["c"]}}',
        headers: { 'content-type': 'application/json' },
      },
    ]);
  });

  test('puts a text', async () => {
    server.behave(answer(201, 'fine\n'));
    expect(await ask({ web: { url: server.url, method: 'PUT', body: 'hello' } })).toEqual({
      kind: 'value',
      value: 'fine\n',
    });
    expect(server.sent).toMatchObject([{ method: 'PUT', body: 'hello' }]);
  });

  test('takes an empty answer for an empty text', async () => {
    server.behave((_, response) => response.writeHead(204).end());
    expect(await ask({ web: { url: server.url } })).toEqual({ kind: 'value', value: '' });
  });

  test.each([
    [{ url: 'http://w', body: 'x' }, 'web has a body, which needs method POST or PUT'],
    [{ url: 'http://w', method: 'PUT', body: 'x', jsonBody: {} }, 'web has both body and jsonBody; use one'],
    [{ url: 'http://w', method: 'DELETE' }, 'field web.method must be one of GET, POST, PUT'],
    [{ url: 'file:///etc/passwd' }, 'field web.url is no URL; write one such as http://host:port/path'],
    [
      { url: 'http://w', jsonPath: '$.x' },
      'jsonPath $.x cannot be used: it stands in braces, as in {$.data.value}',
    ],
  ])('%j is refused', async (web, reason) => {
    expect(await ask({ web })).toEqual({ kind: 'error', isUnreachable: false, message: `web: ${reason}` });
  });

  test('follows ten redirections and keeps its headers for the origin that was asked', async () => {
    server.behave((sent, response) => {
      const hop = Number(sent.query.get('hop') ?? 0);
      const location = hop < 9 ? `/?hop=${hop + 1}` : `${other.url}/end`;
      response.writeHead(302, { location }).end();
    });
    other.behave(answer(200, '7'));
    const url = server.url.replace('://', '://user:secret@');
    const headers = [{ key: 'X-Api-Key', value: 'secret' }];
    expect(await ask({ web: { url, headers } })).toEqual({ kind: 'value', value: 7 });
    expect(server.sent).toHaveLength(10);
    for (const { headers: sent } of server.sent)
      expect(sent).toMatchObject({
        'x-api-key': 'secret',
        authorization: expect.stringMatching(/^Basic /),
      });
    expect(Object.keys(other.sent[0]?.headers ?? {}).sort()).toEqual(['connection', 'host']);
  });

  test('hides what a redirection adds to the address', async () => {
    server.behave((sent, response) => {
      if (sent.path !== '/there') response.writeHead(302, { location: '/there?token=s3cret' }).end();
      else
        response
          .writeHead(400)
          .end(JSON.stringify({ status: 'error', error: `bad ${sent.query.get('token')}` }));
    });
    const reading = await ask({ prometheus: { address: server.url, query: 'up' } });
    expect(messageOf(reading)).toMatch(
      /^prometheus at http:\/\/127.0.0.1:\d+\/there: answered 400: bad \*\*\*, after /,
    );
  });

  test('does not take its body to another host', async () => {
    server.behave((_, response) => response.writeHead(307, { location: other.url }).end());
    const reading = await ask({ web: { url: server.url, method: 'POST', body: 'x' } });
    expect(messageOf(reading)).toMatch(/: answered 307 to another host, 127.0.0.1:\d+, after /);
    expect(other.sent).toEqual([]);
  });

  test('repeats its body within its host', async () => {
    server.behave((sent, response) => {
      if (sent.path === '/') response.writeHead(308, { location: '/there' }).end();
      else response.end(JSON.stringify(sent.method + sent.body));
    });
    expect(await ask({ web: { url: server.url, method: 'POST', body: 'x' } })).toEqual({
      kind: 'value',
      value: 'POSTx',
    });
  });

  test('goes through the proxy of the environment', async () => {
    // A proxy of HTTP is asked for the whole URL.
    server.behave((_, response) => response.end('"by proxy"'));
    const environment = { HTTP_PROXY: server.url, NO_PROXY: new URL(other.url).host };
    other.behave(answer(200, '"direct"'));
    expect(await ask({ web: { url: 'http://elsewhere.invalid/x' } }, { environment })).toEqual({
      kind: 'value',
      value: 'by proxy',
    });
    expect(await ask({ web: { url: other.url } }, { environment })).toEqual({
      kind: 'value',
      value: 'direct',
    });
  });
});

describe('datadog', () => {
  const keys = { 'api-key': 'api', 'app-key': 'app' };
  const secretOf = (name: string, values: Record<string, string>) => async (asked: string, key: string) =>
    asked === name ? values[key] : undefined;

  test('asks v1 for the last five minutes, with the keys of the Secret', async () => {
    server.behave(answer(200, '{"series":[]}'));
    const secret = secretOf('datadog', { ...keys, address: server.url });
    expect(await ask({ datadog: { query: 'avg:a{*}' } }, { secret })).toEqual({ kind: 'value', value: null });
    const { method, path, query, headers } = sentAt(0);
    expect([method, path, Object.fromEntries(query)]).toEqual([
      'GET',
      '/api/v1/query',
      { query: 'avg:a{*}', from: '1767225900', to: '1767226200' },
    ]);
    expect(headers).toMatchObject({ 'dd-api-key': 'api', 'dd-application-key': 'app' });
  });

  test('asks v2 with queries, formula and aggregator', async () => {
    server.behave(answer(200, '{"data":{"attributes":{"columns":[]}}}'));
    const secret = secretOf('mine', { ...keys, address: server.url });
    const datadog = {
      apiVersion: 'v2',
      interval: '10m',
      queries: { a: 'sum:a{*}', b: 'sum:b{*}' },
      formula: 'a / b',
      aggregator: 'sum',
      secretRef: { name: 'mine', namespaced: true },
    };
    expect(await ask({ datadog }, { secret })).toEqual({ kind: 'value', value: null });
    expect(server.sent[0]).toMatchObject({ method: 'POST', path: '/api/v2/query/scalar' });
    const metric = (name: string) => ({
      aggregator: 'sum',
      data_source: 'metrics',
      name,
      query: `sum:${name}{*}`,
    });
    expect(JSON.parse(server.sent[0]?.body ?? '')).toEqual({
      data: {
        type: 'scalar_request',
        attributes: {
          from: 1767225600000,
          to: 1767226200000,
          queries: [metric('a'), metric('b')],
          formulas: [{ formula: 'a / b' }],
        },
      },
    });
  });

  test('answers a list for groups, and tells their names', async () => {
    const columns = [
      { name: 'env', type: 'group', values: [['prod'], ['prod'], ['dev']] },
      { name: 'path', type: 'group', values: [['/a'], ['/b', 'b'], ['/a']] },
      { name: 'f', type: 'number', values: [1, 3, null] },
    ];
    server.behave(answer(200, JSON.stringify({ data: { attributes: { columns } } })));
    const secret = secretOf('datadog', { ...keys, address: server.url });
    expect(await ask({ datadog: { apiVersion: 'v2', query: 'q' } }, { secret })).toEqual({
      kind: 'value',
      value: [1, 3],
      metadata: { groups: '[{"name":"prod,/a","value":1},{"name":"prod,/b,b","value":3}]' },
    });
  });

  test('keeps all values of many groups, and tells the lowest and the highest 50', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => index);
    const columns = [
      { type: 'group', values: rows.map((row) => [`host-${row}`]) },
      { type: 'number', values: rows },
    ];
    server.behave(answer(200, JSON.stringify({ data: { attributes: { columns } } })));
    const secret = secretOf('datadog', { ...keys, address: server.url });
    const reading = await ask({ datadog: { apiVersion: 'v2', query: 'q' } }, { secret });
    if (reading.kind === 'error') throw new Error(reading.message);
    expect(reading.value).toEqual(rows);
    expect(reading.metadata?.groups_truncated).toBe('true');
    const told = JSON.parse(reading.metadata?.groups ?? '') as { value: number }[];
    expect(told.map(({ value }) => value)).toEqual(rows.filter((row) => row < 50 || row >= 250));
  });

  test.each([
    [{ query: 'a', queries: { b: 'c' } }, 'datadog has both query and queries; use one'],
    [{}, 'datadog has neither query nor queries'],
    [{ queries: { a: 'b' } }, 'datadog has no query, which apiVersion v1 needs'],
    [
      { apiVersion: 'v2', query: 'a', formula: 'a' },
      'datadog has a formula but no queries that it could name',
    ],
    [
      { apiVersion: 'v2', queries: { a: 'b', c: 'd' } },
      'datadog has several queries and no formula over them',
    ],
    [{ query: 'a', aggregator: 'sum' }, 'datadog has an aggregator, which apiVersion v1 does not know'],
    [{ query: 'a', apiVersion: 'v3' }, 'field datadog.apiVersion must be one of v1, v2'],
    [
      { query: 'a', requestTimeout: '0s' },
      'field datadog.requestTimeout must be a duration above 0 such as 30s, 5m or 1h30m',
    ],
    [{ query: 'a', secretRef: { namespaced: true } }, 'field datadog.secretRef.name is missing'],
    [{ query: 'a' }, 'Secret datadog with api-key and app-key is not there'],
  ])('%j is refused', async (datadog, reason) => {
    expect(await ask({ datadog })).toEqual({
      kind: 'error',
      isUnreachable: false,
      message: `datadog: ${reason}`,
    });
  });

  test('never sends the keys of the worker to an address of a Secret', async () => {
    server.behave(answer(200, '{"series":[]}'));
    other.behave(answer(200, '{"series":[]}'));
    const environment = { DD_API_KEY: 'worker', DD_APP_KEY: 'worker', DD_ADDRESS: other.url };
    const secret = secretOf('datadog', { address: server.url });
    await ask({ datadog: { query: 'a' } }, { environment, secret });
    expect([server.sent.length, other.sent.length]).toEqual([0, 1]);
    const reading = await ask(
      { datadog: { query: 'a', secretRef: { name: 'datadog' } } },
      { environment, secret },
    );
    expect(messageOf(reading)).toBe('datadog: Secret datadog with api-key and app-key is not there');
  });

  test.each([
    ['never', false],
    ['later', true],
  ] as const)('tells why a Secret cannot be read (retry %s)', async (retry, isUnreachable) => {
    const secret = () => Promise.reject(new PortError('the cluster says no', { code: 'Forbidden', retry }));
    expect(await ask({ datadog: { query: 'a' } }, { secret })).toEqual({
      kind: 'error',
      isUnreachable,
      message: 'datadog: cannot read Secret datadog: the cluster says no',
    });
  });

  test('waits for a Secret no longer than for an answer', async () => {
    const secret = () => new Promise<string>(() => undefined);
    expect(messageOf(await ask({ datadog: { query: 'a', requestTimeout: '100ms' } }, { secret }))).toBe(
      'datadog: no answer within 100 ms',
    );
  });
});

test('graphite asks for its query without spaces, as JSON', async () => {
  server.behave(answer(200, '[]'));
  const query = 'target=summarize(\n  a.{b,c},\n  "5min"\n)\n&from=-5min';
  expect(await ask({ graphite: { address: `${server.url}/g/`, query } })).toEqual({
    kind: 'value',
    value: [],
  });
  expect(server.sent[0]?.path).toBe('/g/render');
  expect(Object.fromEntries(server.sent[0]?.query ?? [])).toEqual({
    target: 'summarize(a.{b,c},"5min")',
    from: '-5min',
    format: 'json',
  });
});

test('influxdb sends Flux for its organisation', async () => {
  server.behave(answer(200, ''));
  const values: Record<string, string> = { address: server.url, authToken: 'token-1', org: 'my org\n' };
  const secret = async (name: string, key: string) => (name === 'influxdb' ? values[key] : undefined);
  expect(await ask({ influxdb: { query: 'from(bucket:"b")' } }, { secret })).toEqual({
    kind: 'value',
    value: [],
  });
  expect(server.sent[0]?.query.get('org')).toBe('my org');
  expect(server.sent[0]?.headers).toMatchObject({
    authorization: 'Token token-1',
    accept: 'application/csv',
  });
  expect(JSON.parse(server.sent[0]?.body ?? '')).toMatchObject({ type: 'flux', query: 'from(bucket:"b")' });
  const missing = async (name: string, key: string) => (key === 'org' ? undefined : secret(name, key));
  expect(messageOf(await ask({ influxdb: { query: 'x' } }, { secret: missing }))).toBe(
    'influxdb: Secret influxdb with address, authToken and org is not there',
  );
});

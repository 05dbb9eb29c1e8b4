import { setTimeout as sleep } from 'node:timers/promises';
import { createMetrics } from '../../../src/adapters/metrics';
import type { Question, Reading } from '../../../src/ports/metrics';
import { findFreePorts } from '../../../tools/local/ports';
import {
  answer,
  hang,
  hangHalfway,
  notHttp,
  redirectForEver,
  reset,
  startMetricServer,
  tenMegabytes,
  truncate,
  truncateChunked,
  type Behaviour,
  type MetricServer,
} from './metric-server';
import { questionOf, subjects, tellsSecret, type Subject } from './subjects';

let server: MetricServer;
let tlsServer: MetricServer;
beforeAll(async () => {
  server = await startMetricServer();
  tlsServer = await startMetricServer({ tls: true });
});
afterAll(async () => {
  await server.close();
  await tlsServer.close();
});
beforeEach(() => {
  server.sent.length = 0;
});

/** Tokens are given out whatever the system itself does. */
function behave(behaviour: Behaviour): void {
  server.behave((sent, response) => {
    if (sent.path !== '/token') return behaviour(sent, response);
    const token = { access_token: 'sentinel-token/+=', token_type: 'Bearer', expires_in: 3600 };
    response.writeHead(200).end(JSON.stringify(token));
  });
}

function measure(
  subject: Subject,
  base = server.url,
  changes: { signal?: AbortSignal; provider?: Record<string, unknown>; maxTimeoutMs?: number } = {},
): Promise<Reading> {
  const environment = subject.environment?.(base) ?? {};
  const { maxTimeoutMs = 20_000 } = changes;
  return createMetrics({ environment, maxTimeoutMs }).measure(questionOf(subject, base, changes));
}

/** A value of a form, with `+` for a space. */
const formText = (value: string) => new URLSearchParams({ '': value }).toString().slice(1);

/** `name at where: reason, after 12 ms`, without a secret. */
function expectError(reading: Reading, isUnreachable: boolean, where: string): string {
  const { message } = reading as Extract<Reading, { kind: 'error' }>;
  expect(reading).toEqual({ kind: 'error', isUnreachable, message });
  expect([message].filter(tellsSecret)).toEqual([]);
  const found = /^(\w+) at (\S+): (.*), after [\d.]+ m?s$/.exec(message);
  expect({ message, where: found?.[2] }).toEqual({ message, where });
  return found?.[3] ?? '';
}

describe.each(subjects)('$name', (subject) => {
  const where = () => `${server.url}${subject.path === '/' ? '' : subject.path}`;

  test.each(['value', 'none', 'nan'] as const)('answers a %s', async (which) => {
    const [body, value] = subject[which];
    behave(answer(200, body));
    expect(await measure(subject)).toEqual({ kind: 'value', value });
    expect(server.sent.at(-1)?.path).toBe(subject.path);
  });

  test('tells a text from a number', async () => {
    const [body, expected] = subject.text;
    behave(answer(200, body));
    const reading = await measure(subject);
    if (expected instanceof RegExp) expect(expectError(reading, false, where())).toMatch(expected);
    else expect(reading).toEqual({ kind: 'value', value: expected });
  });

  test('knows garbage', async () => {
    behave(answer(200, '<html>'));
    const reading = await measure(subject);
    if (subject.garbage instanceof RegExp)
      expect(expectError(reading, false, where())).toMatch(subject.garbage);
    else expect(reading).toEqual({ kind: 'value', ...subject.garbage });
  });

  test('stops reading beyond 1 MiB', async () => {
    behave(tenMegabytes);
    expect(expectError(await measure(subject), false, where())).toBe('the answer is larger than 1 MiB');
  });

  test.each([
    [500, true],
    [502, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [422, false],
    [304, false],
  ])('takes status %i for the system being away: %s', async (status, isUnreachable) => {
    behave(answer(status, status === 304 ? '' : '{}'));
    expect(expectError(await measure(subject), isUnreachable, where())).toBe(`answered ${status}`);
  });

  test('repeats the words of a refusal, in one line', async () => {
    behave(answer(400, subject.refusal('no such\n\tfunction "rat"')));
    const reason = expectError(await measure(subject), false, where());
    if (subject.isRefusalTold) expect(reason).toMatch(/^answered 400: .*no such function "rat"$/);
    else expect(reason).toBe('answered 400');
  });

  test.each([200, 400, 401, 500])(
    'hides what a system with status %i repeats of the request',
    async (status) => {
      behave((sent, response) => {
        const values = [...sent.query.values()];
        const encoded = values.flatMap((value) => [encodeURIComponent(value), formText(value)]);
        const all = [
          sent.query,
          ...values,
          ...encoded,
          ...Object.entries(sent.headers),
          JSON.stringify(sent.headers),
        ];
        response.writeHead(status).end(subject.refusal(`${all.map(String).join('; ')}`));
      });
      const reading = await measure(subject);
      // A web metric without its field, a CSV that is none: whatever it makes of it, no secret is told.
      if (reading.kind === 'error') expect([reading.message].filter(tellsSecret)).toEqual([]);
      else expect(subject.garbage).toHaveProperty('value');
    },
  );

  test.each<[string, Behaviour, string | RegExp]>([
    ['redirects for ever', redirectForEver, 'redirected more than 10 times'],
    ['ends in the middle', truncate, /^connection closed before the answer was whole/],
    ['ends in the middle of a chunk', truncateChunked, /^connection closed before the answer was whole/],
    ['resets the connection', reset, /^connection closed before the answer was whole \(ECONNRESET\)$/],
  ])('takes a system that %s for away', async (_, behaviour, expected) => {
    behave(behaviour);
    const place = behaviour === redirectForEver ? `${server.url}/again` : where();
    expect(expectError(await measure(subject), true, place)).toMatch(expected);
  });

  test('knows what is no HTTP', async () => {
    behave(notHttp);
    expect(expectError(await measure(subject), false, where())).toMatch(/^the answer is no HTTP \(H/);
  });

  test.each([
    ['never answers', hang],
    ['never ends its answer', hangHalfway],
  ])('gives up on a system that %s', async (_, behaviour) => {
    behave(behaviour);
    const startedAt = Date.now();
    const reading = await measure(subject, server.url, { maxTimeoutMs: 300 });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(expectError(reading, true, where())).toBe('no answer within 300 ms');
  });

  test.each([
    ['never answers', hang],
    ['never ends its answer', hangHalfway],
  ])('stops at once when asked to, while a system %s', async (_, behaviour) => {
    behave(behaviour);
    const stop = new AbortController();
    const reading = measure(subject, server.url, { signal: stop.signal });
    while (!server.sent.some(({ path }) => path === subject.path)) await sleep(5);
    await sleep(30);
    const stoppedAt = Date.now();
    stop.abort();
    expect(expectError(await reading, true, where())).toBe('stopped before there was an answer');
    expect(Date.now() - stoppedAt).toBeLessThan(500);
  });

  test('sends nothing once it was stopped', async () => {
    behave(answer(200, subject.value[0]));
    const reading = await measure(subject, server.url, { signal: AbortSignal.abort() });
    expect(reading).toMatchObject({ kind: 'error', isUnreachable: true });
    expect(server.sent).toEqual([]);
  });

  test('does not trust an unknown certificate', async () => {
    const reading = await measure(subject, tlsServer.url);
    const path = subject.name.includes('oauth2') ? '/token' : subject.path === '/' ? '' : subject.path;
    const reason = expectError(reading, true, `${tlsServer.url}${path}`);
    expect(reason).toBe('TLS: its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
    expect(tlsServer.sent).toEqual([]);
  });

  test.each([
    [
      'a closed port',
      async () => `http://127.0.0.1:${(await findFreePorts(1))[0]}`,
      /^connection refused \(ECONNREFUSED\)$/,
    ],
    [
      'an unknown name',
      async () => 'http://nowhere.invalid',
      /^its name cannot be resolved \((ENOTFOUND|EAI_AGAIN)\)$/,
    ],
  ])('takes %s for away', async (_, place, expected) => {
    const base = await place();
    const path = subject.name.includes('oauth2') ? '/token' : subject.path === '/' ? '' : subject.path;
    expect(expectError(await measure(subject, base), true, `${base}${path}`)).toMatch(expected);
  });

  test('names a field that it does not know, before it sends anything', async () => {
    const [[kind, fields]] = Object.entries(subject.provider(server.url)) as [
      [string, Record<string, unknown>],
    ];
    const provider = { [kind]: { ...fields, querry: 'sentinel' } };
    const reading = await measure(subject, server.url, { provider });
    expect(reading).toMatchObject({ kind: 'error', isUnreachable: false });
    expect((reading as { message: string }).message).toMatch(
      new RegExp(`^${kind}: ${kind} has no field querry; `),
    );
    expect(tellsSecret((reading as { message: string }).message)).toBe(false);
    expect(server.sent).toEqual([]);
  });

  test('says which field has a wrong kind, and not its value', async () => {
    const [[kind, fields]] = Object.entries(subject.provider(server.url)) as [
      [string, Record<string, unknown>],
    ];
    for (const key of Object.keys(fields)) {
      const provider = { [kind]: { ...fields, [key]: [['sentinel']] } };
      const reading = await measure(subject, server.url, { provider });
      if (key === 'jsonBody') continue;
      expect(reading).toMatchObject({ kind: 'error', isUnreachable: false });
      const { message } = reading as { message: string };
      expect(message).toMatch(new RegExp(`^${kind}: field ${kind}\\.${key}\\b.* must be `));
      expect(tellsSecret(message)).toBe(false);
    }
  });
});

test('knows the providers by name', async () => {
  const metrics = createMetrics();
  const kinds = [...new Set(subjects.flatMap((subject) => Object.keys(subject.provider('http://x'))))];
  expect([...metrics.kinds].sort()).toEqual(kinds.sort());
  const ask = (provider: Question['provider']) =>
    metrics.measure({
      provider,
      now: 0,
      signal: new AbortController().signal,
      secret: async () => undefined,
    });
  expect(await ask({ wavefront: {} })).toEqual({
    kind: 'error',
    isUnreachable: false,
    message:
      'wavefront: no such provider; there are prometheus, web, datadog, graphite, influxdb, cloudWatch',
  });
  expect(await ask({})).toMatchObject({ message: expect.stringContaining('no provider') });
  expect(await ask({ web: {}, graphite: {} })).toMatchObject({
    message: expect.stringContaining('web and graphite'),
  });
  expect(await ask({ web: 'x' })).toMatchObject({ message: 'web: its fields must be a map' });
  expect(await ask({ constructor: {} })).toMatchObject({
    message: expect.stringContaining('no such provider'),
  });
});

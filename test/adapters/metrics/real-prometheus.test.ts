import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMetrics } from '../../../src/adapters/metrics';
import type { Reading } from '../../../src/ports/metrics';
import { MissingPrerequisite } from '../../../tools/local/prerequisites';
import { ensurePrometheus, startPrometheus, type LocalPrometheus } from '../../../tools/local/prometheus';

/** Why there is no Prometheus here; the tests then say so and pass nothing off as tried. */
let missing: string | undefined;
let dir: string;
let prometheus: LocalPrometheus;

const rules = {
  groups: [{ name: 'test', interval: '1s', rules: [{ record: 'steady', expr: 'vector(0.25)' }] }],
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'real-prometheus-'));
  try {
    await ensurePrometheus();
  } catch (error: unknown) {
    if (!(error instanceof MissingPrerequisite)) throw error;
    missing = error.message;
    return;
  }
  const ruleFile = join(dir, 'rules.yml');
  await writeFile(ruleFile, JSON.stringify(rules));
  prometheus = await startPrometheus({ dir, config: JSON.stringify({ rule_files: [ruleFile] }) });
}, 900_000);

afterAll(async () => {
  if (missing === undefined) await prometheus.stop();
  await rm(dir, { recursive: true, force: true });
});

function real(name: string, body: () => Promise<void>): void {
  test(name, async () => {
    if (missing === undefined) return body();
    console.warn(`not tried, there is no Prometheus here: ${missing}`);
  });
}

function ask(fields: Record<string, unknown>, signal = new AbortController().signal): Promise<Reading> {
  const provider = { prometheus: { address: prometheus.url, ...fields } };
  const question = { provider, now: Date.now(), signal, secret: async () => undefined };
  return createMetrics({ environment: {} }).measure(question);
}

real('a vector is the list of its values', async () => {
  expect(await ask({ query: 'vector(0.5)' })).toEqual({ kind: 'value', value: [0.5] });
  const query = 'sort(label_replace(vector(1), "a", "x", "", "") or vector(2))';
  expect(await ask({ query })).toEqual({ kind: 'value', value: [1, 2] });
});

real('a scalar is a number', async () => {
  expect(await ask({ query: '2 * 3.5' })).toEqual({ kind: 'value', value: 7 });
  expect(await ask({ query: '-1 / 0' })).toEqual({ kind: 'value', value: Number.NEGATIVE_INFINITY });
});

real('no traffic is NaN, no series the empty list', async () => {
  expect(await ask({ query: 'vector(0) / vector(0)' })).toEqual({ kind: 'value', value: [Number.NaN] });
  expect(await ask({ query: 'nothing_of_this_name' })).toEqual({ kind: 'value', value: [] });
});

real('a range is the values of all its series', async () => {
  while (
    JSON.stringify(await ask({ query: 'count_over_time(steady[1m]) >= bool 2' })) !==
    '{"kind":"value","value":[1]}'
  )
    await sleep(200);
  const rangeQuery = { start: 'now() - duration("4s")', end: 'now()', step: '2s' };
  expect(await ask({ query: 'vector(1) or label_replace(vector(2), "a", "x", "", "")', rangeQuery })).toEqual(
    {
      kind: 'value',
      value: [1, 1, 1, 2, 2, 2],
    },
  );
  const steady = await ask({
    query: 'steady',
    rangeQuery: { ...rangeQuery, start: 'now() - duration("1m")', step: '1s' },
  });
  if (steady.kind === 'error') throw new Error(steady.message);
  expect(new Set(steady.value as number[])).toEqual(new Set([0.25]));
});

real('a text and a bare range are no numbers', async () => {
  expect(await ask({ query: '"text"' })).toMatchObject({
    kind: 'error',
    isUnreachable: false,
    message: expect.stringMatching(/: the result is a string; a metric needs numbers, after /),
  });
  expect(await ask({ query: 'steady[1m]' })).toMatchObject({ kind: 'value' });
});

real('a query that cannot be read is repeated with its place', async () => {
  expect(await ask({ query: 'sum(rate(' })).toMatchObject({
    kind: 'error',
    isUnreachable: false,
    message: expect.stringMatching(
      /^prometheus at http:\/\/127\.0\.0\.1:\d+\/api\/v1\/query: answered 400: bad_data: .*1:10: parse error: .*, after \d+ ms$/,
    ),
  });
});

real('a query that cannot be carried out is wrong too', async () => {
  const query = 'label_replace(vector(1), "a", "$1", "", "(")';
  expect(await ask({ query })).toMatchObject({ kind: 'error', isUnreachable: false });
});

/** Some 10^8 samples, which take Prometheus many seconds. */
const slow = {
  query: 'count(count_over_time(sum(vector(1))[1h:1ms]))',
  rangeQuery: { start: 'now() - duration("2h")', end: 'now()', step: '1s' },
};

real('a slow query ends with its timeout', async () => {
  const startedAt = Date.now();
  const reading = await ask({ ...slow, timeout: 1 });
  expect(reading).toMatchObject({
    kind: 'error',
    isUnreachable: true,
    message: expect.stringContaining(': no answer within 1 s, after '),
  });
  expect(Date.now() - startedAt).toBeLessThan(3_000);
});

real('a query that is stopped ends at once, here and there', async () => {
  const stop = new AbortController();
  const reading = ask(slow, stop.signal);
  await sleep(300);
  const stoppedAt = Date.now();
  stop.abort();
  expect(await reading).toMatchObject({
    isUnreachable: true,
    message: expect.stringContaining('stopped before there was an answer'),
  });
  expect(Date.now() - stoppedAt).toBeLessThan(500);
  // It goes on answering, and has no query left under way but the one that asks.
  const running = async () => (await fetch(`${prometheus.url}/metrics`)).text();
  while (!/^prometheus_engine_queries 0$/m.test(await running())) await sleep(100);
});

real('Prometheus that ends in the middle is away', async () => {
  const other = await startPrometheus({ dir: join(dir, 'other') });
  const reading = ask({ ...slow, address: other.url });
  await sleep(300);
  await other.stop();
  expect(await reading).toMatchObject({ kind: 'error', isUnreachable: true });
  expect(await ask({ address: other.url, query: 'up' })).toMatchObject({
    isUnreachable: true,
    message: expect.stringContaining('connection refused (ECONNREFUSED)'),
  });
});

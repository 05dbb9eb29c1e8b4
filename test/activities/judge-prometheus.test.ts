import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureJudge } from '../../src/activities/measure-judge';
import type { Measuring } from '../../src/activities/measuring';
import { createMetrics } from '../../src/adapters/metrics';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import { MissingPrerequisite } from '../../tools/local/prerequisites';
import { ensurePrometheus, startPrometheus, type LocalPrometheus } from '../../tools/local/prometheus';
import { metric as specOf } from '../domain/analysis/metric-builder';
import { until } from '../support/until';

/** Why there is no Prometheus here; the tests then say so and pass nothing off as tried. */
let missing: string | undefined;
let dir: string;
let page: Server;
let prometheus: LocalPrometheus;
const began = Date.now();

/** Each pod serves 1,000 requests a second; of the bad version a twentieth fails, and it takes twice as long. */
function pageNow(): string {
  const requests = Date.now() - began;
  const wave = Math.sin(requests / 300);
  return ['bad', 'good', 'stable']
    .flatMap((version) => ['1', '2'].map((number) => [version, `${version}-${number}`] as const))
    .map(([version, pod]) => {
      const failed = Math.floor(requests * (version === 'bad' ? 0.05 : 0.002));
      const seconds = (version === 'bad' ? 1 : 0.5) + 0.1 * wave;
      return `requests_total{pod="${pod}"} ${requests}\nerrors_total{pod="${pod}"} ${failed}\nseconds{pod="${pod}"} ${seconds}\n`;
    })
    .join('');
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'judge-prometheus-'));
  page = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(pageNow());
  });
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  try {
    await ensurePrometheus();
  } catch (error: unknown) {
    if (!(error instanceof MissingPrerequisite)) throw error;
    missing = error.message;
    return;
  }
  const target = `127.0.0.1:${(page.address() as AddressInfo).port}`;
  prometheus = await startPrometheus({ dir, targets: { web: [target] }, scrapeInterval: '250ms' });
}, 900_000);

afterAll(async () => {
  if (missing === undefined) await prometheus.stop();
  page.closeAllConnections();
  await new Promise((resolve) => page.close(resolve));
  await rm(dir, { recursive: true, force: true });
});

function pod(name: string, rollout?: string): KubeObject {
  const labels = { app: 'web', ...(rollout !== undefined && { [marks.rollout]: rollout }) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels } };
}

async function look(canary: string, baseline: string, judged: readonly object[], more: object = {}) {
  const fleet = ['1', '2'].flatMap((number) => [
    pod(`${canary}-${number}`, 'r2'),
    pod(`${baseline}-${number}`),
  ]);
  const view = { ready: async () => undefined, objects: () => fleet, close: () => undefined };
  const signal = new AbortController().signal;
  const measuring = {
    tools: { ports: { cluster: { view: () => view } } },
    spec: { namespace: 'shop', rolloutId: 'r2' },
    beat: { signal, note: () => undefined, now: Date.now },
    selector: { app: 'web' },
  } as unknown as Measuring;
  const metrics = createMetrics({ environment: {} });
  const interval = 5_000;
  return measureJudge(
    measuring,
    { ...specOf({ name: 'j' }), intervalMs: interval, initialDelayMs: interval, count: 1 },
    {
      known: undefined,
      begunAt: began,
      provider: { judge: { address: prometheus.url, step: '500ms', metrics: judged, ...more } },
      ask: (provider, now) => metrics.measure({ provider, now, signal, secret: async () => undefined }),
      now: Date.now(),
    },
  );
}

/** Looks until there is enough to tell. */
function verdictOn(...of: Parameters<typeof look>) {
  return until('the judge can tell', async () => {
    const reading = await look(...of);
    if (reading.kind !== 'judged') throw new Error(JSON.stringify(reading));
    return reading.verdict.phase !== 'Inconclusive' && reading.verdict;
  });
}

function real(name: string, body: () => Promise<void>): void {
  test(name, async () => {
    if (missing === undefined) return body();
    console.warn(`not tried, there is no Prometheus here: ${missing}`);
  });
}

const errors = { name: 'errors', total: 'requests_total', bad: 'errors_total' };
const byPod = { name: 'seconds', query: 'seconds' };
const byVersion = {
  name: 'seconds',
  query: { canary: 'avg(seconds{pod=~"bad-.*"})', baseline: 'avg(seconds{pod=~"stable-.*"})' },
};

real('counters of each pod: a version that fails more is High, an equal one passes', async () => {
  expect(await verdictOn('bad', 'stable', [errors])).toMatchObject({
    phase: 'Failed',
    sentence: expect.stringMatching(/errors is High, \d\d times the baseline’s share of bad requests \(/),
  });
  expect(await verdictOn('good', 'stable', [errors])).toMatchObject({ phase: 'Successful' });
});

real('values of each pod and of each version: a slower one is High by the difference', async () => {
  for (const metric of [byPod, byVersion]) {
    expect(await verdictOn('bad', 'stable', [metric])).toMatchObject({
      phase: 'Failed',
      sentence: expect.stringMatching(/seconds is High, by 0\.5 \(0\.\d+ to 0\.\d+\)$/),
    });
  }
  expect(await verdictOn('good', 'stable', [byPod])).toMatchObject({ phase: 'Successful' });
});

real('a version that nobody scraped is not judged', async () => {
  expect(await look('gone', 'stable', [errors, byPod])).toMatchObject({
    kind: 'judged',
    verdict: { phase: 'Inconclusive', sentence: expect.stringContaining('the canary has no values') },
  });
});

real('queries that are wrong, or give what is no series of numbers', async () => {
  const asked = (query: string) =>
    look('bad', 'stable', [{ name: 'm', query: { canary: query, baseline: query } }]);
  expect(await asked('sum(rate(')).toMatchObject({
    message: expect.stringMatching(
      /^m: query: judge at http:\S+query_range: answered 400: bad_data: .*parse error/,
    ),
    isUnreachable: false,
  });
  expect(
    await look('bad', 'stable', [{ ...byVersion, query: { canary: 'seconds', baseline: '1' } }]),
  ).toMatchObject({
    message: expect.stringContaining('seconds: query.canary: the query finds 6 series'),
  });
  const missingHost = await look('bad', 'stable', [errors], { address: 'http://127.0.0.1:1' });
  expect(missingHost).toMatchObject({ kind: 'error', isUnreachable: true });
});

import { join } from 'node:path';
import type { SequentialView } from '../../src/domain/analysis/spec';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import { startPrometheus, type LocalPrometheus } from '../../tools/local/prometheus';
import type { WorkerProcess } from '../../tools/local/worker';
import { reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { runBelay } from '../support/run-belay';
import { openShop, type Shop } from '../support/shop';
import { concurrentStories } from '../support/stories';
import { ownAddress, startTraffic, type Traffic } from '../support/traffic';
import { until } from '../support/until';

let env: Environment;
let worker: WorkerProcess;
let prometheus: LocalPrometheus | undefined;
const traffics = new Map<string, Traffic>();
const names = ['erring', 'earning', 'killed', 'scraped', 'judged'];

const template = (source: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors}
spec:
  metrics:
  - name: errors
    interval: 500ms
    provider:
      sequential:
        ${source}
        total: http_requests_total
        bad: http_requests_total{code=~"5.."}
        warmup: 0s${more}
`;

function asking(name: string, more = ''): string {
  const only = (text: string): string =>
    text
      .replace('total: http_requests_total\n', `total: http_requests_total{job="${name}"}\n`)
      .replace('{code=~', `{job="${name}",code=~`);
  return only(template(`address: ${prometheus?.url ?? ''}`, more));
}

const judging = (name: string): string => `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: judge}
spec:
  metrics:
  - name: compare
    interval: 6s
    count: 3
    provider:
      judge:
        address: ${prometheus?.url ?? ''}
        step: 500ms
        metrics:
        - name: errors
          total: http_requests_total{job="${name}"}
          bad: http_requests_total{job="${name}",code=~"5.."}
`;

const inBackground = '\n      analysis: {templates: [{templateName: errors}]}';
const endsPause = '\n        promote: {endsPause: true}';

function traffic(name: string): Traffic {
  const found = traffics.get(name);
  if (found === undefined) throw new Error(`no traffic to ${name}`);
  return found;
}

function rolloutOf(shop: Shop): Promise<RolloutStatus | undefined> {
  return env.client.rolloutStatus(shop.name).catch(() => undefined);
}

function viewOf(status: RolloutStatus | undefined): SequentialView | undefined {
  return status?.analyses?.[0]?.run.metrics[0]?.sequential;
}

const requestsOf = (view: SequentialView | undefined): number =>
  view?.report.metrics[0]?.canary?.requests ?? 0;

const stories = concurrentStories({
  'a version with 5 % errors is found within seconds, with the numbers, and Git goes back': async () => {
    const shop = await openShop(env, {
      name: 'erring',
      canary: inBackground,
      steps: '\n      - setWeight: 25\n      - pause: {duration: 10m}',
      files: { 'analysis.yaml': asking('erring') },
    });
    traffic('erring').errors = { v1: 0.001, v2: 0.05 };
    const bad = await shop.push({ image: 'v2' });
    await until('it pauses', async () => (await rolloutOf(shop))?.phase === 'Paused');
    const begun = Date.now();
    await reverted(shop, bad);
    expect(Date.now() - begun).toBeLessThan(30_000);
    const { state } = await shop.status();
    expect(state.lastFailure?.code).toBe('AnalysisFailed');
    expect(state.lastFailure?.sentence).toMatch(
      /errors: stable fails 0\.\d+ % of requests, this version [45]\S* % \(.*\); you tolerate 1\.5x \+ 0\.1 pp, and a version within that/,
    );
    expect(await shop.repo.git('log', '-1', '--format=%B', 'main')).toContain('you tolerate 1.5x + 0.1 pp');
    const get = (...more: readonly string[]) =>
      runBelay(env.temporal.address, ['rollout', 'get', shop.name, ...more]);
    const drawn = await get('--plot');
    expect(drawn.out).toContain('Evidence of background, metric errors (Failed)');
    expect(drawn.out).toMatch(/\n *100 \|-/);
    const image = await get('--plot=svg');
    expect(image).toMatchObject({ code: 0, out: expect.stringMatching(/^<svg [\s\S]*<\/svg>\n$/) });
  },

  'a good version earns its step, and the pause of ten minutes ends': async () => {
    const shop = await openShop(env, {
      name: 'earning',
      canary: inBackground,
      steps:
        '\n      - setWeight: 25\n      - pause: {duration: 10m}\n      - setWeight: 50\n      - pause: {duration: 10m}',
      files: { 'analysis.yaml': asking('earning', endsPause) },
    });
    traffic('earning').errors = { v1: 0.0005, v2: 0.0005 };
    const good = await shop.push({ image: 'v2' });
    await shop.settled(good, 90_000);
    const status = await rolloutOf(shop);
    const earned = status?.log.filter(({ text }) => text.includes('the evidence is in'));
    expect(earned).toHaveLength(2);
    expect(earned?.[0]?.text).toContain('would have got this far in at most 1 of 20 rollouts');
    expect(status?.analyses?.[0]?.run).toMatchObject({ phase: 'Successful' });
    expect(JSON.stringify(status).length).toBeLessThan(60_000);
  },

  'the judge lets a good version through after its last look, and turns a worse one back with the numbers':
    async () => {
      const shop = await openShop(env, {
        name: 'judged',
        steps: '\n      - setWeight: 25\n      - analysis: {templates: [{templateName: judge}]}',
        files: { 'analysis.yaml': judging('judged') },
      });
      traffic('judged').errors = { v1: 0.002, v2: 0.002, v3: 0.05 };
      await shop.settled(await shop.push({ image: 'v2' }), 90_000);
      const good = await until(
        'its analysis is told',
        async () => (await rolloutOf(shop))?.analyses?.[0]?.run,
      );
      expect(good).toMatchObject({
        phase: 'Successful',
        metrics: [
          {
            count: 3,
            message: expect.stringMatching(/^the judge scores the canary 100 of 100: .*\(look 3 of 3\)$/),
          },
        ],
      });
      const bad = await shop.push({ image: 'v3' });
      await reverted(shop, bad);
      const sentence =
        /the judge scores the canary 0 of 100, below 75: errors is High, \d+ times the baseline’s share of bad requests \(\d+ to \d+\) \(look \d of 3\)/;
      const { state } = await shop.status();
      expect(state.lastFailure).toMatchObject({
        code: 'AnalysisFailed',
        sentence: expect.stringMatching(sentence),
      });
      expect(await shop.repo.git('log', '-1', '--format=%B', 'main')).toMatch(/errors is High/);
      const { code, out } = await runBelay(env.temporal.address, ['rollout', 'get', shop.name]);
      expect([code, out]).toEqual([0, expect.stringMatching(sentence)]);
      const plot = await runBelay(env.temporal.address, ['rollout', 'get', shop.name, '--plot=svg']);
      expect(plot).toMatchObject({
        code: 1,
        out: expect.stringContaining('no sequential metric has looked'),
      });
    },

  'pods are read themselves where there is no Prometheus': async () => {
    const address = ownAddress();
    if (address === undefined) return console.warn('not tried: this machine has no address but the loopback');
    const [v1, v2] = [await traffic('scraped').portOf('v1'), await traffic('scraped').portOf('v2')];
    const pod = (port: number): string => `{sim.belay.dev/ip: ${address}, prometheus.io/port: "${port}"}`;
    const shop = await openShop(env, {
      name: 'scraped',
      canary: inBackground,
      steps: '\n      - setWeight: 25\n      - pause: {duration: 10m}',
      annotations: pod(v1),
      files: { 'analysis.yaml': template('scrape: {}') },
    });
    traffic('scraped').errors = { v1: 0.001, v2: 0.05 };
    const bad = await shop.push({ image: 'v2', annotations: pod(v2) });
    await reverted(shop, bad);
    expect((await shop.status()).state.lastFailure?.sentence).toContain('you tolerate 1.5x + 0.1 pp');
  },
});

beforeAll(async () => {
  env = await startEnvironment();
  for (const name of names) traffics.set(name, await startTraffic(env.kube, name));
  const targets = Object.fromEntries(names.map((name) => [name, [traffic(name).target]]));
  prometheus = await startPrometheus({ dir: join(env.dir, 'prometheus'), targets, scrapeInterval: '500ms' });
  worker = await env.startWorker();
  stories.begin();
}, 900_000);
afterAll(async () => {
  await prometheus?.stop();
  await Promise.all([...traffics.values()].map((each) => each.stop()));
  await env.stop();
});

stories.defineTests(180_000);

// Last: the death of the worker would disturb the others.
test('the death of the worker changes no verdict, and nothing is counted twice', async () => {
  const shop = await openShop(env, {
    name: 'killed',
    canary: inBackground,
    steps: '\n      - setWeight: 25\n      - pause: {}',
    files: { 'analysis.yaml': asking('killed') },
  });
  traffic('killed').errors = { v1: 0.001, v2: 0.001 };
  await shop.push({ image: 'v2' });
  await until('it has compared', async () => requestsOf(viewOf(await rolloutOf(shop))) > 0, 60_000);
  worker.kill('SIGKILL');
  await worker.gone();
  worker = await env.startWorker();
  const before = requestsOf(viewOf(await rolloutOf(shop)));
  await until('it goes on', async () => requestsOf(viewOf(await rolloutOf(shop))) > before, 60_000);
  const status = await rolloutOf(shop);
  const served = (await (await fetch(`http://${traffic('killed').target}/metrics`)).text())
    .split('\n')
    .filter((line) => line.includes('pod="web-canary-'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  const counted = requestsOf(viewOf(status));
  // All of it once, but for what came before the first look and after the last one.
  expect(counted).toBeLessThanOrEqual(served);
  expect(status?.outcome).toBeUndefined();
  traffic('killed').errors = { v1: 0.001, v2: 0.05 };
  await until('it is rolled back', async () => (await rolloutOf(shop))?.outcome?.kind === 'failed', 60_000);
}, 180_000);

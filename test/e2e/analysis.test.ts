import type { RolloutStatus } from '../../src/domain/rollout-status';
import type { WorkerProcess } from '../../tools/local/worker';
import { reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { startMeasured, type Measured } from '../support/measured';
import { openShop, type Shop } from '../support/shop';
import { concurrentStories } from '../support/stories';
import { until } from '../support/until';

let env: Environment;
let worker: WorkerProcess;
const servers: Measured[] = [];

const template = (url: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate}
spec:
  args:
  - name: at-least
  metrics:
  - name: rate
    interval: 300ms${more}
    successCondition: result >= {{args.at-least}}
    provider: {web: {url: "${url}", jsonPath: "{$.rate}"}}
`;

const reference = '{templates: [{templateName: rate}], args: [{name: at-least, value: "0.9"}]}';

async function measuring(): Promise<Measured> {
  const measured = await startMeasured();
  servers.push(measured);
  return measured;
}

function rolloutOf(shop: Shop): Promise<RolloutStatus | undefined> {
  return env.client.rolloutStatus(shop.name).catch(() => undefined);
}

async function rolloutSays(shop: Shop, words: RegExp): Promise<void> {
  await until(`the rollout says ${words.source}`, async () =>
    words.test((await rolloutOf(shop))?.message ?? ''),
  );
}

const stories = concurrentStories({
  'an analysis step lets a good version through, and stops a bad one, with Git': async () => {
    const measured = await measuring();
    const shop = await openShop(env, {
      name: 'stepped',
      steps: `\n      - setWeight: 50\n      - analysis: ${reference}`,
      files: { 'analysis.yaml': template(measured.url, '\n    count: 3') },
    });
    const good = await shop.push({ image: 'v2' });
    await shop.settled(good);
    expect(measured.asked).toBe(3);
    const status = await rolloutOf(shop);
    expect(status?.analyses?.[0]?.run).toMatchObject({ phase: 'Successful', metrics: [{ successful: 3 }] });
    measured.answer = 0.5;
    const bad = await shop.push({ image: 'v3' });
    await reverted(shop, bad);
    const { state } = await shop.status();
    expect(state.lastFailure?.code).toBe('AnalysisFailed');
    expect(state.lastFailure?.sentence).toContain(
      'Metric "rate" assessed Failed due to failed (1) > failureLimit (0)',
    );
    expect(await shop.repo.git('log', '-1', '--format=%B', 'main')).toContain(
      'failed (1) > failureLimit (0)',
    );
  },

  'a background analysis turns a version back in the middle of a pause': async () => {
    const measured = await measuring();
    const shop = await openShop(env, {
      name: 'background',
      canary: `\n      analysis: {startingStep: 1, ${reference.slice(1)}`,
      steps: '\n      - setWeight: 50\n      - pause: {}',
      files: { 'analysis.yaml': template(measured.url) },
    });
    const bad = await shop.push({ image: 'v2' });
    await rolloutSays(shop, /CanaryPauseStep/);
    measured.answer = 0;
    const begun = Date.now();
    await reverted(shop, bad);
    expect(Date.now() - begun).toBeLessThan(15_000);
  },

  'a failure that only a person shall judge pauses; a promotion goes on': async () => {
    const measured = await measuring();
    measured.answer = 0;
    const shop = await openShop(env, {
      name: 'asked',
      steps: `\n      - setWeight: 50\n      - analysis: ${reference}`,
      files: {
        'analysis.yaml': template(measured.url, '\n    count: 1').replace(
          'metadata: {name: rate}',
          'metadata: {name: rate, annotations: {belay.dev/on-failure: pause}}',
        ),
      },
    });
    const revision = await shop.push({ image: 'v2' });
    await rolloutSays(shop, /AnalysisRunFailed/);
    await env.client.promote(shop.name);
    await shop.settled(revision);
  },
});

beforeAll(async () => {
  env = await startEnvironment();
  worker = await env.startWorker();
  stories.begin();
}, 60_000);
afterAll(async () => {
  await env.stop();
  await Promise.all(servers.map((each) => each.stop()));
});

stories.defineTests(120_000);

// Last: the death of the worker would disturb the others.
test('telemetry that is away holds the rollout, also over the death of the worker, and lets it go on when it is back', async () => {
  const measured = await measuring();
  const shop = await openShop(env, {
    name: 'held',
    steps: `\n      - setWeight: 50\n      - analysis: ${reference}`,
    files: { 'analysis.yaml': template(measured.url, '\n    count: 3\n    consecutiveErrorLimit: 1') },
  });
  measured.answer = 'down';
  const revision = await shop.push({ image: 'v2' });
  await until('it is held', async () =>
    (await rolloutOf(shop))?.log.some(({ text }) => text.includes('cannot measure rate')),
  );
  worker.kill('SIGKILL');
  await worker.gone();
  worker = await env.startWorker();
  const asked = measured.asked;
  await until('it goes on asking', () => measured.asked > asked + 2);
  expect((await rolloutOf(shop))?.outcome).toBeUndefined();
  measured.answer = 1;
  await shop.settled(revision, 60_000);
}, 120_000);

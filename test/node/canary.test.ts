import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until';
import { startNodeEnvironment, type NodeEnvironment } from './support/node-environment';
import type { Storefront } from './support/storefront';
import { canaryStrategy } from './support/strategies';
import { report } from './support/table';
import {
  describeFailures,
  failures,
  foreignFailures,
  restoredAfter,
  restoredWithinMs,
  tryVersion,
  type TrialResult,
} from './support/trial';

let env: NodeEnvironment;

beforeAll(async () => {
  env = await startNodeEnvironment();
  await env.startWorker();
  await Promise.all(['v1', 'v2'].map((tag) => env.node.pushVersion(tag)));
}, 120_000);
afterAll(() => env.stop());

const patient = canaryStrategy({ at20: '60s', at50: '60s' });

/** The good version is back in the cluster and in Git, with one commit. */
async function expectBack({ status, rollout, revision, shop }: TrialResult): Promise<void> {
  expect(rollout).toMatchObject({ phase: 'Degraded', outcome: { kind: 'failed' } });
  expect(status).toMatchObject({ sync: 'Synced', health: 'Healthy', held: false });
  const names = (
    await env.kube.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace: shop.name })
  ).map(({ metadata }) => metadata.name);
  expect(names).toEqual(['web']);
  expect(await shop.repo.git('rev-list', '--count', `${revision}..main`)).toBe('1');
}

/** What users notice: nothing that the version did not do itself, and no more of it 2 s after it was measured. */
function expectServed(result: TrialResult, { crashes = false } = {}): void {
  expect(describeFailures(foreignFailures(result, { crashes }), result)).toEqual([]);
  expect(restoredAfter(result, { crashes })).toBeLessThanOrEqual(restoredWithinMs);
}

test('a good version is promoted under constant load without a failed request', async () => {
  const strategy = canaryStrategy({ at20: '4s', at50: '4s' });
  const result = await tryVersion(env, { name: 'good', strategy, version: { tag: 'v2' } });
  report('good version', result);
  expect(result.status.state.history[0]).toMatchObject({ revision: result.revision, result: 'promoted' });
  expect(describeFailures(failures(result.answers), result)).toEqual([]);
  expect(result.answers.at(-1)?.version).toBe('v2');
}, 120_000);

const faulty = [
  { name: 'errors-20', what: '20 % errors', fault: 'errors:20', code: 'AnalysisFailed' },
  { name: 'errors-1', what: '1 % errors', fault: 'errors:1', code: 'AnalysisFailed' },
  { name: 'latency', what: '300 ms more latency', fault: 'latency:300ms', code: 'AnalysisFailed' },
];
test.each(faulty)(
  'a version with $what is found by analysis, and everything goes back',
  async (row) => {
    const version = { tag: 'v2', fault: row.fault };
    const result = await tryVersion(env, { name: row.name, strategy: patient, version });
    report(row.what, result);
    expect(result.status.state.lastFailure?.code).toBe(row.code);
    expectServed(result);
    await expectBack(result);
  },
  150_000,
);

const compared = [
  { name: 'evidence', what: '5 % errors, sequential' },
  { name: 'evidence-of-pods', what: '5 % errors, sequential, no Prometheus' },
  { name: 'threshold', what: '5 % errors, 99 % of a minute' },
];
test.each(compared)(
  'the story of $what: a version with 5 % errors goes back',
  async ({ name, what }) => {
    const strategy = canaryStrategy({ at20: '80s', at50: '60s', template: name });
    const result = await tryVersion(env, { name, strategy, version: { tag: 'v2', fault: 'errors:5' } });
    report(what, result);
    expect(result.status.state.lastFailure?.code).toBe('AnalysisFailed');
    if (name !== 'threshold') expect(result.status.state.lastFailure?.sentence).toContain('this version');
    expectServed(result);
    await expectBack(result);
  },
  150_000,
);

test('a version that crashes 20 s after its start is found, and everything goes back', async () => {
  const version = { tag: 'v2', fault: 'crash:20s' };
  const result = await tryVersion(env, { name: 'crash', strategy: patient, version });
  report('crash after 20 s', result, { crashes: true });
  expectServed(result, { crashes: true });
  await expectBack(result);
}, 150_000);

const broken = [
  {
    name: 'missing-env',
    what: 'missing variable',
    version: { tag: 'v2', env: { REQUIRE: 'DATABASE_URL' } },
    code: 'CrashLoop',
  },
  { name: 'no-image', what: 'no such image', version: { tag: 'v0' }, code: 'ImagePull' },
];
test.each(broken)(
  'a version with $what never gets a request, and everything goes back',
  async (row) => {
    const result = await tryVersion(env, { name: row.name, strategy: patient, version: row.version });
    report(row.what, result);
    expect(result.status.state.lastFailure?.code).toBe(row.code);
    expect(result.ofNew).toEqual([]);
    expectServed(result);
    await expectBack(result);
  },
  150_000,
);

test('while Prometheus is away a rollout is neither promoted nor taken back, and goes on with it', async () => {
  const strategy = canaryStrategy({ at20: '6s', at50: '4s' });
  const outage = async (shop: Storefront): Promise<void> => {
    await until('the canary gets requests', async () => (await weightOf(shop)) === 20);
    await sleep(2_000);
    await env.node.prometheus.stop();
    await sleep(12_000);
    expect(await weightOf(shop)).toBe(20);
    expect((await env.client.applicationStatus(shop.name)).state.lastFailure).toBeUndefined();
    await env.node.prometheus.start();
  };
  const trial = { name: 'outage', strategy, version: { tag: 'v2' }, meanwhile: outage };
  const result = await tryVersion(env, trial);
  report('Prometheus stopped', result);
  expect(result.status.state.history[0]).toMatchObject({ revision: result.revision, result: 'promoted' });
  expect(describeFailures(failures(result.answers), result)).toEqual([]);
}, 150_000);

/** The canary's weight in the route. */
async function weightOf(shop: Storefront): Promise<number | undefined> {
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const route = await env.kube.get({ apiVersion, kind: 'HTTPRoute', namespace: shop.name, name: 'web' });
  const { rules } = (route as unknown as Route).spec;
  return rules[0]?.backendRefs.find(({ name }) => name === 'web-canary')?.weight;
}

interface Route {
  readonly spec: { readonly rules: readonly { readonly backendRefs: readonly BackendRef[] }[] };
}

interface BackendRef {
  readonly name: string;
  readonly weight?: number;
}

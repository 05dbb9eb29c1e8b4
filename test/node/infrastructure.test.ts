import { setTimeout as sleep } from 'node:timers/promises';
import { asDeployment } from '../../src/domain/apps';
import type { Answer } from '../../tools/node/load';
import { until } from '../support/until';
import { applyYaml, createNamespace } from './support/apply';
import { httpRoute, podTemplate, service, type Version } from './support/manifests';
import { startNodeEnvironment, type NodeEnvironment } from './support/node-environment';
import { queryPrometheus } from './support/prometheus-query';

const namespace = 'plain';
const host = 'plain.test';
let env: NodeEnvironment;

beforeAll(async () => {
  env = await startNodeEnvironment();
  await createNamespace(env.kube, namespace);
  const [v1, v2] = [await env.node.pushVersion('v1'), await env.node.pushVersion('v2')];
  await deploy('one', { tag: 'v1', image: v1 });
  await deploy('two', { tag: 'v2', image: v2 });
  await applyYaml(env.kube, namespace, httpRoute('web', host, { one: 100, two: 0 }));
  await until('both versions are available', () => areAvailable('one', 'two'));
  await until('the gateway routes', async () => (await env.node.ask(host)) === 200);
}, 60_000);
afterAll(() => env.stop());

async function deploy(name: string, version: Version): Promise<void> {
  const labels = `app: ${name}`;
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {${labels}}}
  template:
${podTemplate(env.node.registry, version, labels)}`;
  await applyYaml(env.kube, namespace, deployment, service(name, labels));
}

async function areAvailable(...names: readonly string[]): Promise<boolean> {
  const deployments = (await env.kube.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace })).map(
    asDeployment,
  );
  return names.every((name) =>
    deployments.some(
      ({ metadata, status }) => metadata.name === name && (status?.availableReplicas ?? 0) === 2,
    ),
  );
}

function shareOf(version: string, answers: readonly Answer[]): number {
  return answers.filter((each) => each.version === version).length / answers.length;
}

function setWeights(one: number, two: number): Promise<unknown> {
  return applyYaml(env.kube, namespace, httpRoute('web', host, { one, two }));
}

test('requests are shared by the weights of the route, and a changed weight is served within a second', async () => {
  const load = await env.startLoad(host);
  await sleep(1_500);
  const changedAt = Date.now();
  await setWeights(90, 10);
  await sleep(5_000);
  const backAt = Date.now();
  await setWeights(100, 0);
  await sleep(1_500);
  const answers = await load.stop();

  expect(answers.filter(({ code }) => code !== 200)).toEqual([]);
  expect(answers.length).toBeGreaterThan(7.5 * 200);
  const ofTwo = answers.filter(({ version }) => version === 'v2');
  const first = ofTwo[0]?.sentAt ?? Infinity;
  const last = ofTwo.at(-1)?.sentAt ?? Infinity;
  console.log(`served after ${first - changedAt} ms, no longer after ${last - backAt} ms`);
  expect(first - changedAt).toBeLessThan(1_000);
  expect(last - backAt).toBeLessThan(1_000);
  const settled = answers.filter(({ sentAt }) => sentAt > changedAt + 1_000 && sentAt < backAt);
  expect(shareOf('v2', settled)).toBeGreaterThan(0.05);
  expect(shareOf('v2', settled)).toBeLessThan(0.15);
}, 30_000);

test('pods that come and go while they serve lose no request', async () => {
  const load = await env.startLoad(host);
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'one' };
  const restart = { spec: { template: { metadata: { annotations: { restarted: 'once' } } } } };
  await sleep(500);
  await env.kube.patch(deployment, restart, { manager: 'kubectl' });
  await until('new pods serve', async () => {
    const found = await env.kube.get(deployment);
    const { metadata, spec, status } = asDeployment(found ?? fail());
    return (
      (status as { observedGeneration?: number } | undefined)?.observedGeneration ===
        (metadata as { generation?: number }).generation &&
      status?.updatedReplicas === spec.replicas &&
      status?.replicas === spec.replicas
    );
  });
  await sleep(6_000);
  const answers = await load.stop();
  expect(answers.filter(({ code }) => code !== 200)).toEqual([]);
}, 60_000);

test('Prometheus knows what each version answers', async () => {
  const total = 'sum(http_requests_total{namespace="plain", version="v1", code="200"})';
  const seen = await until('Prometheus has counted requests', async () => {
    const value = await queryPrometheus(env.node.prometheus.url, total);
    return value !== undefined && value > 500 ? value : undefined;
  });
  expect(seen).toBeGreaterThan(500);
});

test('an application without its required variable ends with code 1, and an image that is missing is not pulled', async () => {
  const env0 = { REQUIRE: 'DATABASE_URL' };
  await deploy('three', { tag: 'v1', env: env0 });
  await deploy('four', { tag: 'v0' });
  const reasons = async (app: string): Promise<string> =>
    JSON.stringify(
      await env.kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector: `app=${app}` }),
    );
  await until('the container has ended', async () => /"exitCode":1/.test(await reasons('three')));
  await until('the pull has failed', async () => /ErrImagePull|ImagePullBackOff/.test(await reasons('four')));
}, 60_000);

function fail(): never {
  throw new Error('the object is gone');
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { callApi, type ApiAnswer } from '../../tools/local/api';
import { startCluster, type LocalCluster } from '../../tools/local/cluster';
import { runCommand } from '../../tools/local/command';
import { readCredentials, type Credentials } from '../../tools/local/pki';
import { isRunning, listProcesses } from '../../tools/local/processes';
import { ensureTemporalCli } from '../../tools/local/temporal-cli';
import { startTemporal, type LocalTemporal } from '../../tools/local/temporal-server';
import { BEHAVIORS, type Expectation, type Pod } from './behaviors';

const PODS = '/api/v1/namespaces/default/pods';
const FIRST_BUILD_MS = 20 * 60_000;

let root: string;
let clusters: LocalCluster[];
let temporal: LocalTemporal;
let credentials: Credentials;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'belay-local-'));
  const names = ['one', 'two'];
  clusters = await Promise.all(names.map((name) => startCluster({ dir: join(root, name), nodes: 2 })));
  const searchAttributes = { BelayApplication: 'Keyword' };
  temporal = await startTemporal({ dir: join(root, 'one'), dbFile: null, searchAttributes });
  credentials = await readCredentials(join(root, 'one'));
  await Promise.all(BEHAVIORS.map(({ behavior }) => create(PODS, describePod(behavior))));
}, FIRST_BUILD_MS);

afterAll(async () => {
  await Promise.all([...clusters, temporal].map((each) => each.stop()));
  await rm(root, { recursive: true, force: true });
});

test('two clusters run at once', async () => {
  expect(new Set(clusters.map(({ server }) => server)).size).toBe(2);
  for (const { dir, server } of clusters) {
    const answer = await callApi(server, await readCredentials(dir), 'GET', '/api/v1/nodes');
    expect((answer.body as { items: unknown[] }).items).toHaveLength(2);
  }
});

test('a deployment becomes available', async () => {
  const labels = { app: 'web' };
  const containers = [{ name: 'app', image: 'registry.example/web:v1' }];
  const path = '/apis/apps/v1/namespaces/default/deployments';
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas: 3, selector: { matchLabels: labels }, template };
  await create(path, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec });
  await until(async () => {
    const { body } = await call('GET', `${path}/web`);
    expect(body).toMatchObject({ status: { availableReplicas: 3, updatedReplicas: 3 } });
  });
});

test.each(BEHAVIORS)(
  '$behavior shows as a kubelet would report it',
  async ({ behavior, status }: Expectation) => {
    await until(async () => {
      const { body } = await call('GET', `${PODS}/${behavior}`);
      expect((body as Pod).status).toMatchObject(status);
    });
  },
);

test.each<[string, object, string]>([
  ['a command that exits', { command: ['/bin/sh', '-c', 'exit 1'] }, 'CrashLoopBackOff'],
  [
    'a reference to nothing',
    { envFrom: [{ configMapRef: { name: 'belay-drill-7f-missing' } }] },
    'CreateContainerConfigError',
  ],
])('what a drill breaks is seen: %s', async (what, broken, reason) => {
  const name = what.replaceAll(' ', '-');
  const containers = [{ name: 'app', image: 'registry.example/web:v3', ...broken }];
  await create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers } });
  await until(async () => {
    const { body } = await call('GET', `${PODS}/${name}`);
    expect((body as Pod).status.containerStatuses).toMatchObject([{ state: { waiting: { reason } } }]);
  });
});

test('an image that says broken is not found, with the events of a kubelet', async () => {
  const image = 'registry.example/web:v3-broken';
  await create(PODS, {
    ...describePod('by-image'),
    spec: { containers: [{ name: 'app', image }] },
    metadata: { name: 'by-image' },
  });
  await until(async () => {
    const { body } = await call(
      'GET',
      '/api/v1/namespaces/default/events?fieldSelector=involvedObject.name=by-image',
    );
    const events = (body as { items: { reason: string; message: string }[] }).items;
    expect(events.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['Pulling', 'Failed', 'BackOff']),
    );
    expect(events.map(({ message }) => message)).toContain(`Back-off pulling image "${image}"`);
  });
});

test('a pod that no node suits is unschedulable', async () => {
  const spec = {
    nodeSelector: { disk: 'none-has-it' },
    containers: [{ name: 'app', image: 'registry.example/web:v1' }],
  };
  await create(PODS, { ...describePod('nowhere'), spec });
  await until(async () => {
    const { body } = await call('GET', `${PODS}/nowhere`);
    const conditions = (body as Pod).status.conditions;
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: 'PodScheduled', reason: 'Unschedulable' }),
    );
  });
});

test('a quota refuses pods', async () => {
  await create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'small' } });
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'pods' },
    spec: { hard: { pods: '0' } },
  };
  await create('/api/v1/namespaces/small/resourcequotas', quota);
  await until(async () => {
    const { status, body } = await call('POST', '/api/v1/namespaces/small/pods', describePod('ready'));
    expect(status).toBe(403);
    expect((body as { message: string }).message).toContain('exceeded quota: pods');
  });
});

test.each([
  ['ready', { succeeded: 1 }],
  ['missing-env', { failed: 1 }],
])("a job's pod that is %s ends", async (behavior, status) => {
  const { metadata, spec } = describePod(behavior);
  const template = { metadata, spec: { ...spec, restartPolicy: 'Never' } };
  const path = '/apis/batch/v1/namespaces/default/jobs';
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: behavior },
    spec: { backoffLimit: 0, template },
  };
  await create(path, job);
  await until(async () => expect((await call('GET', `${path}/${behavior}`)).body).toMatchObject({ status }));
});

test('deleted pods are gone at once', async () => {
  await create(PODS, describePod('ready', 'short-lived'));
  await until(async () =>
    expect(await call('GET', `${PODS}/short-lived`)).toMatchObject({
      body: { status: { phase: 'Running' } },
    }),
  );
  await call('DELETE', `${PODS}/short-lived`);
  await until(async () => expect((await call('GET', `${PODS}/short-lived`)).status).toBe(404), 2_000);
});

test('Temporal has the search attributes it was started with', async () => {
  const args = ['operator', 'search-attribute', 'list', '--address', temporal.address];
  const { stdout } = await runCommand(await ensureTemporalCli(), args);
  expect(stdout).toMatch(/BelayApplication\s+Keyword/);
});

test('nothing runs after the stop', async () => {
  const processes = (await Promise.all(clusters.map(({ dir }) => listProcesses(dir)))).flat();
  expect(processes.length).toBeGreaterThanOrEqual(11);
  await Promise.all([...clusters, temporal].map((each) => each.stop()));
  expect(await Promise.all(processes.map(isRunning))).not.toContain(true);
});

function call(method: string, path: string, body?: object): Promise<ApiAnswer> {
  return callApi(clusters[0]?.server ?? '', credentials, method, path, body);
}

async function create(path: string, body: object): Promise<void> {
  const answer = await call('POST', path, body);
  expect(answer).toMatchObject({ status: 201 });
}

function describePod(behavior: string, name = behavior) {
  const metadata = { name, annotations: { 'sim.belay.dev/behavior': behavior } };
  const initContainers =
    behavior === 'init-crash' ? [{ name: 'init', image: 'registry.example/init:v1' }] : [];
  const containers = [{ name: 'app', image: 'registry.example/web:v3' }];
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { initContainers, containers } };
}

/** Repeats the check until it passes. */
async function until(check: () => Promise<void>, timeoutMs = 15_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; ; await sleep(100)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDestination } from '../../src/activities/destination';
import { connectCluster } from '../../src/adapters/cluster/connect';
import { createClusterDirectory } from '../../src/adapters/temporal/cluster-directory';
import { connectBelay, type BelayClient } from '../../src/client';
import type { Cluster } from '../../src/ports/cluster';
import type { ClusterDirectory } from '../../src/ports/cluster-directory';
import { isPortError } from '../../src/ports/port-error';
import { followClusterSecrets } from '../../src/worker/cluster-secrets';
import { Clusters } from '../../src/worker/clusters';
import { openPorts } from '../../src/worker/ports';
import { createSharedWorkers } from '../../src/worker/run-workers';
import { ensureSearchAttributes } from '../../src/worker/search-attributes';
import { announced, serveClusters } from '../../src/worker/serve-clusters';
import { WorkerGroup } from '../../src/worker/worker-group';
import { callApi } from '../../tools/local/api';
import { startCluster, type LocalCluster } from '../../tools/local/cluster';
import { readCredentials } from '../../tools/local/pki';
import { startTemporal, type LocalTemporal } from '../../tools/local/temporal-server';
import { openLine, type Line } from '../support/cluster-line';
import { deliveredFrom, isSettledAt } from '../support/delivery';
import { commitFiles, createBareRepo, type BareRepo } from '../support/git-repo';
import { until } from '../support/until';

const dir = mkdtempSync(join(tmpdir(), 'belay-clusters-'));
const over = new AbortController();
const group = new WorkerGroup();
let local: readonly [LocalCluster, LocalCluster];
let kube: readonly [Cluster, Cluster];
let temporal: LocalTemporal;
let connections: readonly [NativeConnection, Connection];
let directory: ClusterDirectory;
let client: BelayClient;
let line: Line;
let repo: BareRepo;
let clusters: Clusters;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  [local, temporal, repo] = await Promise.all([
    Promise.all([startCluster({ dir: join(dir, 'a') }), startCluster({ dir: join(dir, 'b') })]),
    startTemporal({ dir: join(dir, 'temporal') }),
    createBareRepo(),
  ]);
  line = await openLine(local[1].server);
  line.cut();
  const { address } = temporal;
  connections = [await NativeConnection.connect({ address }), await Connection.connect({ address })];
  await ensureSearchAttributes(connections[1], 'default');
  directory = createClusterDirectory(new Client({ connection: connections[1] }));
  client = await connectBelay({ env: { ...process.env, TEMPORAL_ADDRESS: address }, cwd: dir });
  const context = 'belay-local';
  const [a, b] = local.map(({ kubeconfig }) => connectCluster({ kubeconfig, context }));
  kube = await Promise.all([a, b] as [Promise<Cluster>, Promise<Cluster>]);
  await startWorker();
}, 120_000);
afterAll(async () => {
  over.abort();
  group.stop();
  await group.ended();
  clusters.served().forEach(({ cluster }) => cluster.close());
  kube.forEach((each) => each.close());
  await client.close();
  await Promise.all(connections.map((each) => each.close()));
  await Promise.all([...local.map((each) => each.stop()), temporal.stop(), line.close(), repo.remove()]);
  rmSync(dir, { recursive: true, force: true });
});

/** What `belay worker --context one --context two --cluster-secrets` does, in this process. */
async function startWorker(): Promise<void> {
  const run = { connection: connections[0], namespace: 'default' };
  const ports = {
    ...openPorts(new Client({ connection: connections[1] }), { dataDir: dir, pollMs: 500 }),
    served: () => clusters?.served().map(announced) ?? [],
  };
  const options = { contexts: ['one', 'two'], kubeconfig: bothContexts(), secretsIn: 'argocd' };
  clusters = await serveClusters({ options, run, ports, group, signal: over.signal });
  for (const each of await createSharedWorkers(run, ports)) group.add(each);
}

/** One kubeconfig with both clusters, the second one through the line. */
function bothContexts(): string {
  const [one, two] = local.map(({ kubeconfig }, index) => {
    const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as Record<string, { name: string }[]>;
    const name = ['one', 'two'][index] ?? '';
    for (const list of ['clusters', 'users']) for (const each of config[list] ?? []) each.name = name;
    return config;
  });
  const merged = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [...(one?.['clusters'] ?? []), ...(two?.['clusters'] ?? [])] as {
      cluster?: { server: string };
    }[],
    users: [...(one?.['users'] ?? []), ...(two?.['users'] ?? [])],
    contexts: ['one', 'two'].map((name) => ({ name, context: { cluster: name, user: name } })),
  };
  const far = merged.clusters[1]?.cluster;
  if (far !== undefined) far.server = line.url;
  const path = join(dir, 'kubeconfig');
  writeFileSync(path, JSON.stringify(merged), { mode: 0o600 });
  return path;
}

const findId = async (destination: { name: string } | { server: string }): Promise<string> => {
  const found = findDestination(destination, await directory.known());
  return found.kind === 'known' ? found.id : 'unknown';
};
const state = (what: string) => clusters.states().find((each) => each.what === what);

test('a cluster that cannot be reached stops no other, and is said to be out of reach', async () => {
  await until('the first cluster is served', async () => (await findId({ name: 'one' })) === kube[0].id);
  expect(await findId({ name: 'in-cluster' })).toBe(kube[0].id);
  expect(await findId({ server: local[0].server })).toBe(kube[0].id);
  const why = await until('the second one was tried', () => state('context two')?.why);
  expect(why).toMatch(/the API server https:\/\/127\.0\.0\.1:\d+ does not answer/);
  expect(await findId({ name: 'two' })).toBe('unknown');
});

test('an application is delivered to the cluster that it names, once that is reached', async () => {
  const revision = await commitFiles(repo, {
    'k8s/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: here}\ndata: {a: "1"}\n',
  });
  const spec = { ...deliveredFrom(repo, 'far', 'k8s'), destination: { name: 'two', namespace: 'far' } };
  await client.createApplication(spec);
  await until('its cluster is said to be unknown', async () => {
    const { problems } = (await client.applicationStatus('far')).state;
    return problems.some(({ message }) => message.startsWith('no worker serves the cluster two; known are'));
  });
  line.mend();
  await until(
    'it is delivered',
    async () => isSettledAt(revision)(await client.applicationStatus('far')),
    60_000,
  );
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'far', name: 'here' };
  expect(await kube[1].get(ref)).toBeDefined();
  expect(await kube[0].get(ref)).toBeUndefined();
  expect(state('context two')).toEqual({ what: 'context two', id: kube[1].id });
});

test("a cluster of one of Argo CD's Secrets is found by its name there", async () => {
  const token = await adminToken(local[1]);
  const config = { bearerToken: token, tlsClientConfig: { insecure: true } };
  const texts = { name: 'by-secret', server: local[1].server, config: JSON.stringify(config) };
  const add = (object: object) =>
    kube[0].create(object as Parameters<Cluster['create']>[0], { manager: 'test' });
  await add({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } });
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster' };
  const metadata = { name: 'second', namespace: 'argocd', labels };
  await add({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: texts });
  const log: string[] = [];
  const stop = new AbortController();
  const mine = new Clusters({
    log: (text) => log.push(text),
    onServed: async () => undefined,
    signal: stop.signal,
  });
  const following = followClusterSecrets({
    cluster: kube[0],
    namespace: 'argocd',
    log: (text) => log.push(text),
    add: (source) => void mine.add(source),
    signal: stop.signal,
    everyMs: 200,
  });
  const served = await until('the cluster of the Secret is served', () => mine.served()[0]);
  expect(served).toMatchObject({ cluster: { id: kube[1].id }, target: { names: ['by-secret'] } });

  // Its token is changed: the next call that is refused goes again with the new one.
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'argocd', name: 'second' };
  const write = (bearerToken: string) =>
    kube[0].patch(
      ref,
      { stringData: { config: JSON.stringify({ ...config, bearerToken }) } },
      { manager: 'test' },
    );
  await write('wrong');
  const pods = { apiVersion: 'v1', kind: 'Pod' };
  await until('the wrong token is refused', () =>
    served.cluster.list(pods).then(
      () => false,
      (error: unknown) => isPortError(error, 'Unauthenticated'),
    ),
  );
  await write(await adminToken(local[1]));
  await until('the new token is taken', () =>
    served.cluster.list(pods).then(
      () => true,
      () => false,
    ),
  );
  stop.abort();
  await following;
  served.cluster.close();
  expect(log.join('\n')).not.toContain(token);
});

/** A token of an account that may do everything. */
async function adminToken({ server, dir: home }: LocalCluster): Promise<string> {
  const credentials = await readCredentials(home);
  const post = async (path: string, body: object) =>
    (await callApi(server, credentials, 'POST', path, body)).body;
  await post('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'far-worker' } });
  await post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'far-worker' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'far-worker', namespace: 'default' }],
  });
  const asked = await post('/api/v1/namespaces/default/serviceaccounts/far-worker/token', {
    spec: { expirationSeconds: 3600 },
  });
  return (asked as { status: { token: string } }).status.token;
}

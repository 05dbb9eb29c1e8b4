import type { KubeObject } from '../../src/domain/kube-object';
import { createRestart, type RestartInput } from '../../src/activities/restart';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

type Kind = RestartInput['kind'];
const manager = 'test';
/** The stamp has whole seconds, as the pods' creation has. */
const stampNow = (): string => new Date(Math.ceil(Date.now() / 1000) * 1000).toISOString();
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A workload `web` that is available, in a namespace of its own. */
async function open(kind: Kind, replicas = 3) {
  const namespace = await lab.namespace();
  const create = (object: object): Promise<KubeObject> =>
    lab.kube.create({ metadata: { name: 'web', namespace }, ...object } as unknown as KubeObject, {
      manager,
    });
  const size = kind === 'DaemonSet' ? {} : { replicas };
  const service = kind === 'StatefulSet' ? { serviceName: 'web' } : {};
  await create({
    apiVersion: 'apps/v1',
    kind,
    spec: {
      ...size,
      ...service,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'registry.example/web:v1' }] },
      },
    },
  });
  const pods = async (): Promise<readonly KubeObject[]> =>
    (await lab.kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace })).filter(
      (pod) => pod.metadata.deletionTimestamp === undefined,
    );
  const isUp = ({ status }: KubeObject): boolean =>
    JSON.stringify(status).includes('"type":"Ready"') && JSON.stringify(status).includes('"phase":"Running"');
  await until('its pods run', async () => {
    const all = await pods();
    return all.length >= 3 && all.every(isUp);
  });
  const ids = async (): Promise<readonly string[]> => (await pods()).map((pod) => pod.metadata.uid ?? '');
  const budget = (minAvailable: number): Promise<KubeObject> =>
    create({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
    });
  return { namespace, ids, pods, budget, input: { namespace, kind, name: 'web' } };
}

/** The activity, with its evictions counted. */
function counting(namespace: string) {
  const evicted: string[] = [];
  const { restartPods } = createRestart(
    {
      cluster: {
        ...lab.kube,
        async evict(ref, uid, signal) {
          const answer = await lab.kube.evict(ref, uid, signal);
          if (answer.kind === 'evicted') evicted.push(`${namespace}/${ref.name}`);
          return answer;
        },
      },
    },
    { retryAfterMs: 200 },
  );
  return { evicted, restartPods };
}

test.each<Kind>(['Deployment', 'StatefulSet', 'DaemonSet'])(
  'every pod of a %s that is older than the stamp is replaced once, and its template stays',
  async (kind) => {
    const { namespace, ids, input } = await open(kind);
    const before = await ids();
    const restartAt = stampNow();
    await wait(1_000); // successors are younger than the stamp
    const { evicted, restartPods } = counting(namespace);
    await expect(run(restartPods, { ...input, restartAt })).resolves.toEqual({ kind: 'done' });
    const after = await ids();
    expect(after).toHaveLength(before.length);
    expect(after.filter((uid) => before.includes(uid))).toEqual([]);
    expect(evicted).toHaveLength(before.length);
    const live = await lab.kube.get({ apiVersion: 'apps/v1', kind, namespace, name: 'web' });
    expect(live?.metadata.generation).toBe(1);
    await expect(run(restartPods, { ...input, restartAt })).resolves.toEqual({ kind: 'done' });
    expect(evicted).toHaveLength(before.length);
  },
);

test('a PodDisruptionBudget is respected: it is told, then waited out', async () => {
  const { namespace, ids, budget, input } = await open('Deployment');
  const before = await ids();
  await budget(3);
  await until('the budget is counted', async () => {
    const seen = await lab.kube.get({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      namespace,
      name: 'web',
    });
    return (seen?.['status'] as { currentHealthy?: number } | undefined)?.currentHealthy === 3;
  });
  const restartAt = stampNow();
  await wait(1_000);
  const { evicted, restartPods } = counting(namespace);
  const blocked = { kind: 'blocked', why: 'PodDisruptionBudget web lets no pod go now' } as const;
  await expect(run(restartPods, { ...input, restartAt })).resolves.toEqual(blocked);
  const going = run(restartPods, { ...input, restartAt, told: blocked.why });
  await wait(1_000);
  expect(evicted).toEqual([]);
  expect(await ids()).toEqual(before);
  await lab.kube.patch(
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespace, name: 'web' },
    { spec: { minAvailable: 2 } },
    { manager },
  );
  await expect(going).resolves.toEqual({ kind: 'done' });
  expect((await ids()).filter((uid) => before.includes(uid))).toEqual([]);
  expect(evicted).toHaveLength(3);
});

test('a cancelled restart stops, and another one takes up the rest', async () => {
  const { namespace, ids, budget, input } = await open('Deployment');
  const before = await ids();
  await budget(3);
  const restartAt = stampNow();
  await wait(1_000);
  const { restartPods, evicted } = counting(namespace);
  const stop = new AbortController();
  const told = 'PodDisruptionBudget web lets no pod go now';
  const going = run(restartPods, { ...input, restartAt, told }, stop.signal);
  await wait(500);
  stop.abort();
  await expect(going).rejects.toThrow(/CANCELLED/);
  expect(evicted).toEqual([]);
  await lab.kube.remove(
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespace, name: 'web' },
    { propagation: 'Background' },
  );
  await expect(run(restartPods, { ...input, restartAt })).resolves.toEqual({ kind: 'done' });
  expect((await ids()).filter((uid) => before.includes(uid))).toEqual([]);
});

test('only the very pod that was meant is evicted', async () => {
  const { pods } = await open('Deployment');
  const [pod] = await pods();
  if (pod === undefined) throw new Error('there is no pod');
  const { name, namespace = '', uid = '' } = pod.metadata;
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
  await expect(lab.kube.evict(ref, 'another')).resolves.toEqual({ kind: 'gone' });
  await expect(lab.kube.evict({ ...ref, name: 'nobody' }, uid)).resolves.toEqual({ kind: 'gone' });
  await expect(lab.kube.evict(ref, uid)).resolves.toEqual({ kind: 'evicted' });
});

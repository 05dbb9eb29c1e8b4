import type { KubeObject } from '../../src/domain/kube-object';
import { startEnvironment, type Environment } from '../support/environment';
import { openShop, rolloutYaml } from '../support/shop';
import { until } from '../support/until';

let env: Environment;
beforeAll(async () => {
  env = await startEnvironment();
  await env.startWorker();
}, 120_000);
afterAll(() => env.stop());

const budget = (minAvailable: number): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  minAvailable: ${minAvailable}
  selector: {matchLabels: {app: web}}
`;

test('restartAt replaces every pod, as its budget allows, and brings no new version', async () => {
  const shop = await openShop(env, { name: 'restarting', replicas: 3, files: { 'budget.yaml': budget(3) } });
  const pods = async (): Promise<readonly KubeObject[]> =>
    (await shop.objects('Pod', 'v1')).filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const ids = async (): Promise<readonly string[]> => (await pods()).map((pod) => pod.metadata.uid ?? '');
  const sets = async (): Promise<readonly string[]> =>
    (await shop.objects('ReplicaSet')).map((each) => each.metadata.name).sort();
  const before = { ids: await ids(), sets: await sets(), state: (await shop.status()).state };
  const born = (await pods()).map((pod) => Date.parse(pod.metadata.creationTimestamp ?? ''));
  const stamp = Math.max(...born) + 1_000;
  await until('successors will be younger', () => Promise.resolve(Date.now() > stamp + 1_000));

  const rollout = `\n  restartAt: "${new Date(stamp).toISOString()}"`;
  const files = (minAvailable: number): Readonly<Record<string, string>> => ({
    'rollout.yaml': rolloutYaml(3, { rollout }, { image: 'v1' }),
    'budget.yaml': budget(minAvailable),
  });
  await shop.pushFiles(files(3));
  const waiting = await shop.waitFor('the budget is in the way', ({ message }) =>
    message.includes('PodDisruptionBudget'),
  );
  expect(waiting.message).toContain('restarting the pods of web: PodDisruptionBudget web lets no pod go now');
  expect(await ids()).toEqual(before.ids);

  const revision = await shop.pushFiles(files(2));
  const { state } = await shop.settled(revision);
  await until('the pods are new', async () => (await ids()).every((uid) => !before.ids.includes(uid)));
  expect((await shop.settled(revision)).state.workloads['web']).toEqual({
    ...before.state.workloads['web'],
    restartedAt: new Date(stamp).toISOString(),
  });
  expect(await ids()).toHaveLength(3);
  expect(await sets()).toEqual(before.sets);
  expect(state.history.filter(({ result }) => result === 'promoted')).toHaveLength(1);
}, 180_000);

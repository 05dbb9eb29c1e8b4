import { startEnvironment, type Environment } from '../support/environment';
import { watchPods } from '../support/pod-watch';
import { openShop, type ShopOptions, type TemplateOptions } from '../support/shop';
import { concurrentStories } from '../support/stories';

interface Row {
  readonly what: string;
  readonly code: string;
  /** Part of the sentence that a person reads. */
  readonly says: RegExp;
  readonly version: TemplateOptions;
  readonly shop?: ShopOptions;
  /** Seconds from the push to the verdict, at most, with all rows at the same time; the main story has the bound of one alone. */
  readonly within: number;
}

const quota = `apiVersion: v1
kind: ResourceQuota
metadata: {name: pods}
spec: {hard: {pods: "4"}}
`;

const rows: readonly Row[] = [
  {
    what: 'an image that does not exist',
    code: 'ImagePull',
    says: /web:v2-broken does not exist/,
    version: { image: 'v2-broken' },
    within: 30,
  },
  {
    what: 'a ConfigMap key that is missing',
    code: 'MissingConfig',
    says: /has no key/,
    version: { image: 'v2', behavior: 'missing-config-key' },
    within: 30,
  },
  {
    what: 'an environment variable that is missing, so that the process exits',
    code: 'CrashLoop',
    says: /exit code 1/,
    version: { image: 'v2', behavior: 'missing-env' },
    within: 30,
  },
  {
    what: 'a crash loop',
    code: 'CrashLoop',
    says: /keeps ending/,
    version: { image: 'v2', behavior: 'crash-loop' },
    within: 30,
  },
  {
    what: 'a readiness probe that never succeeds',
    code: 'ProgressDeadlineExceeded',
    says: /still waiting for 1 canary pods/,
    version: { image: 'v2', behavior: 'never-ready' },
    shop: { rollout: '\n  progressDeadlineSeconds: 5' },
    within: 30,
  },
  {
    what: 'pods that no node can take',
    code: 'Unschedulable',
    says: /Unschedulable|scheduler/,
    version: { image: 'v2', pod: '\n      nodeSelector: {disk: none-has-this}' },
    within: 100,
  },
  {
    what: 'a quota that refuses the pods',
    code: 'Quota',
    says: /quota/,
    version: { image: 'v2' },
    shop: { files: { 'quota.yaml': quota } },
    within: 100,
  },
  {
    what: 'an init container that crashes',
    code: 'CrashLoop',
    says: /init/,
    version: {
      image: 'v2',
      behavior: 'init-crash',
      pod: '\n      initContainers: [{name: init, image: registry.example/init:v1}]',
    },
    within: 30,
  },
  {
    what: 'a crash after it was ready',
    code: 'CrashLoop',
    says: /keeps ending/,
    version: { image: 'v2', behavior: 'crash-after-ready' },
    shop: { steps: '\n      - setWeight: 20\n      - pause: {duration: 60s}' },
    within: 30,
  },
];

let env: Environment;

/** All rows at the same time, each in a namespace of its own: the graces of some are long. */
const stories = concurrentStories(
  Object.fromEntries(
    rows.map((row, index) => [
      `${row.what} is found, and everything goes back`,
      () => prove(row, `shop-${index}`),
    ]),
  ),
);
beforeAll(async () => {
  env = await startEnvironment();
  await env.startWorker();
  stories.begin();
}, 60_000);
afterAll(() => env.stop());

async function prove(row: Row, name: string): Promise<void> {
  const shop = await openShop(env, { ...row.shop, name });
  const good = await shop.head();
  const pods = await watchPods(env.kube, name);
  const stable = [...pods.readyPods()].sort();
  const bad = await shop.push(row.version);
  const pushedAt = Date.now();
  const isBack = `it is back from ${row.what}`;
  const status = await shop.waitFor(
    isBack,
    ({ state, health, operation }) =>
      state.lastFailure?.revision === bad && health === 'Healthy' && operation === undefined,
    120_000,
  );
  const failure = status.state.lastFailure;
  expect(failure?.sentence).toMatch(row.says);
  expect(failure?.code).toBe(row.code);
  expect(((failure?.at ?? Infinity) - pushedAt) / 1000).toBeLessThan(row.within);
  expect(await shop.repo.git('rev-parse', 'main:k8-manifests')).toBe(
    await shop.repo.git('rev-parse', `${good}:k8-manifests`),
  );
  expect(await shop.repo.git('rev-list', '--count', `${bad}..main`)).toBe('1');
  expect((await shop.objects('Deployment')).map((each) => each.metadata.name)).toEqual(['web']);
  expect([...pods.readyPods()].sort()).toEqual(stable);
  expect(pods.lowest('web')).toBe(4);
  pods.stop();
}

stories.defineTests(150_000);

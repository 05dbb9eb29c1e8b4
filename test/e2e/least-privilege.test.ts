import { describeProblem } from '../../src/domain/problem';
import { purposes } from '../../src/adapters/cluster/permissions';
import { accountKubeconfig, applyRights, caOf } from '../support/account';
import { openAlone } from '../support/alone';
import { recordApi, type ApiRecorder, type Asked } from '../support/api-recorder';
import { reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import type { Followed } from '../support/followed';
import type { FileSpec } from '../support/git-repo';
import { inPlaceFiles } from '../support/in-place-files';
import { openShop, rolloutYaml, type Shop } from '../support/shop';
import { concurrentStories } from '../support/stories';
import { hookYaml, jobYaml, serviceYaml } from '../support/sync-yaml';
import { until } from '../support/until';

/*
 * A worker with exactly the rights of deploy/kubernetes, on a real API server that judges them, and a line that writes down what it
 * asked for: first in one namespace, then in all.
 */

let env: Environment;
let api: ApiRecorder;
let kubeconfig: string;
let confined: Shop;
let outside: Shop;

const extra = ['in-place', 'jobs', 'pods'] as const;
const manager = 'test';

beforeAll(async () => {
  env = await startEnvironment();
  await applyRights(env.kube, ['account.yaml']);
  api = await recordApi(env.cluster.server, caOf(env));
  kubeconfig = await accountKubeconfig(env, api.server);
  for (const name of ['confined', 'outside'])
    await env.kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager });
  await applyRights(env.kube, ['namespace/base.yaml'], 'confined');
  const worker = await env.startWorker({ kubeconfig });
  outside = await openShop(env, { name: 'outside', spec: { createNamespace: false } }, false);
  await env.client.createApplication(outside.spec);
  const status = await outside.waitFor('it is refused', ({ state }) => state.problems.length > 0, patienceMs);
  refusal = status.state.problems.map(describeProblem);
  worker.kill('SIGKILL');
  await worker.gone();
}, 400_000);
afterAll(async () => {
  api.close();
  await env.stop();
});

let refusal: readonly string[] = [];

test('another namespace is refused with an error that says what is missing where, and nothing is applied', async () => {
  expect(refusal).toEqual([
    expect.stringMatching(
      /cannot read ConfigMap outside\/belay-outside: .* cannot get resource "configmaps" in API group "" in the namespace "outside"; give the worker the permission \(base\.yaml of deploy\/kubernetes has it\), or remove the object from Git$/,
    ),
  ]);
  expect(await env.kube.list({ apiVersion: 'v1', kind: 'Service' }, { namespace: 'outside' })).toEqual([]);
  expect(
    await env.kube.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace: 'outside' }),
  ).toEqual([]);
});

test('with the rights in one namespace a canary goes out, a bad one comes back, and drift is healed', async () => {
  const refusedBefore = refusedOf(api.asked).length;
  const worker = await env.startWorker({ kubeconfig, args: ['--namespace', 'confined'] });
  confined = await openShop(env, { name: 'confined', spec: { createNamespace: false } });
  await goesOut(confined, await confined.push({ image: 'v2', config: 'GREETING: servus' }));
  await reverted(confined, await confined.push({ image: 'v3-broken' }), patienceMs);
  const service = { apiVersion: 'v1', kind: 'Service', namespace: 'confined', name: 'web' };
  await env.kube.remove(service, { propagation: 'Background' });
  await until('the Service is back', () => env.kube.get(service));
  expect(refusedOf(api.asked).slice(refusedBefore)).toEqual([]);
  worker.kill('SIGKILL');
  await worker.gone();
}, 600_000);

const mixed = {
  'account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n',
  'secret.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {a: b}\n',
  'budget.yaml':
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}\n',
  'scaler.yaml':
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web, annotations: {argocd.argoproj.io/ignore-healthcheck: 'true'}}\nspec: {minReplicas: 4, maxReplicas: 4, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: elsewhere}}\n",
  'service-too.yaml': serviceYaml('other'),
  'job.yaml': jobYaml('{name: once}'),
  'hook.yaml': hookYaml('before', 'PreSync'),
  'replaced.yaml':
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: replaced, annotations: {argocd.argoproj.io/sync-options: Replace=true}}\ndata: {a: '1'}\n",
};
const twoRoles = `${serviceYaml('web-stable')}---\n${serviceYaml('web-canary')}`;
const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {argocd.argoproj.io/ignore-healthcheck: 'true'}}
spec:
  ingressClassName: nginx
  rules:
  - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web-stable, port: {number: 80}}}}]}
`;

const stories = concurrentStories(
  {
    'kinds of all sorts go out, are replaced and pruned, and come back after a bad version': async () => {
      const shop = await openShop(env, { name: 'mixed', files: mixed });
      await goesOut(
        shop,
        await shop.push({ image: 'v2' }, { 'replaced.yaml': mixed['replaced.yaml'].replace("'1'", "'2'") }),
      );
      await reverted(shop, await shop.push({ image: 'v3-broken' }), patienceMs);
      const gone = Object.fromEntries(Object.keys(mixed).map((file) => [file, null]));
      await goesOut(shop, await shop.pushFiles(gone));
      expect(await shop.objects('Secret', 'v1')).toEqual([]);
    },

    'drift is healed, and labels of a role are on the pods': async () => {
      const canary = '\n      canaryMetadata: {labels: {role: canary}}';
      const shop = await openShop(env, { name: 'drifting', canary });
      await goesOut(shop, await shop.push({ image: 'v2' }));
      const web = { apiVersion: 'v1', kind: 'Service', namespace: 'drifting', name: 'web' };
      await env.kube.remove(web, { propagation: 'Background' });
      await until('the Service is back', () => env.kube.get(web));
      const restartAt = new Date().toISOString();
      const rollout = `\n  restartAt: "${restartAt}"`;
      await goesOut(
        shop,
        await shop.pushFiles({ 'rollout.yaml': rolloutYaml(4, { canary, rollout }, { image: 'v2' }) }),
      );
    },

    'a canary by nginx goes out, and a bad one comes back': async () => {
      const canary = `
      stableService: web-stable
      canaryService: web-canary
      abortScaleDownDelaySeconds: 1
      trafficRouting: {nginx: {stableIngress: web}}`;
      const files = { 'roles.yaml': twoRoles, 'ingress.yaml': ingress };
      const shop = await openShop(env, { name: 'routed', canary, files });
      await goesOut(shop, await shop.push({ image: 'v2' }));
      await reverted(shop, await shop.push({ image: 'v3-broken' }), patienceMs);
    },

    'blue-green goes out, and a bad one comes back': async () => {
      const strategy = `
    blueGreen: {activeService: web-stable, previewService: web-canary, scaleDownDelaySeconds: 1, abortScaleDownDelaySeconds: 1}`;
      const shop = await openShop(env, { name: 'blue-green', strategy, files: { 'roles.yaml': twoRoles } });
      await goesOut(shop, await shop.push({ image: 'v2' }));
      await reverted(shop, await shop.push({ image: 'v3-broken' }), patienceMs);
    },

    'a StatefulSet goes out in place, and a bad version comes back': async () => {
      const files = (image: string) => inPlaceFiles('StatefulSet', { image, config: 'hello' });
      const alone = await openAlone(env, 'database', files('v1'));
      await goesOut(alone, await alone.push(files('v2')));
      await reverted(alone, await alone.push(files('v3-broken')), patienceMs);
      await goesOut(alone, await alone.push(emptied(files('v2'))));
    },

    'a DaemonSet goes out in place, and is pruned': async () => {
      const files = inPlaceFiles('DaemonSet', { image: 'v1', config: 'hello' });
      const alone = await openAlone(env, 'agents', files);
      await goesOut(alone, await alone.push(inPlaceFiles('DaemonSet', { image: 'v2', config: 'hello' })));
      await goesOut(alone, await alone.push(emptied(files)));
    },
  },
  2,
);

describe('with the rights in all namespaces', () => {
  let before = 0;
  beforeAll(async () => {
    const wanted = ['base', 'namespaces', ...extra].map((name) => `cluster/${name}.yaml`);
    await applyRights(env.kube, wanted);
    before = api.asked.length;
    await env.startWorker({ kubeconfig });
    stories.begin();
  }, 120_000);

  stories.defineTests(900_000);

  test('nothing was refused, and every right was used but for those with a reason', () => {
    const asked = api.asked.slice(before);
    expect([...new Set(refusedOf(asked))]).toEqual([]);
    const used = new Set(api.asked.map(rightOf));
    const granted = purposes
      .filter(({ name }) => ['base', 'namespaces', ...extra].includes(name))
      .flatMap(({ permissions }) =>
        permissions.flatMap(({ group, resources, verbs }) =>
          resources.flatMap((resource) => verbs.map((verb) => rightOf({ verb, resource, group }))),
        ),
      );
    const idle = [...new Set(granted)].filter((each) => !used.has(each));
    expect(idle.filter((each) => !unused.some(({ right }) => right.test(each)))).toEqual([]);
    expect(unused.filter(({ right }) => !idle.some((each) => right.test(each)))).toEqual([]);
  });
});

/** What no story here does, and why it is granted all the same. */
const unused: readonly { readonly right: RegExp; readonly why: string }[] = [
  {
    right: /^update (?!configmaps$)/,
    why: 'Replace=true is told here of a ConfigMap; it is the same request for every kind, and can do no more than patch.',
  },
];

/** The stories claim nothing about time: many at once, on a machine with other work. Milliseconds. */
const patienceMs = 240_000;

const goesOut = (app: Followed, revision: string) => app.settled(revision, patienceMs);

/** All files gone, and another object there, since nothing at all is refused. */
function emptied(files: Readonly<Record<string, FileSpec>>): Readonly<Record<string, FileSpec>> {
  const gone = Object.fromEntries(Object.keys(files).map((file) => [file, null]));
  return { ...gone, 'left.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: left}\n' };
}

function refusedOf(asked: readonly Asked[]): readonly string[] {
  return asked.filter(({ status }) => status === 403).map(textOf);
}

function textOf(asked: Asked): string {
  return `${rightOf(asked)} in ${asked.namespace ?? 'all namespaces'}`;
}

function rightOf({ verb, resource, group }: Pick<Asked, 'verb' | 'resource' | 'group'>): string {
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}`;
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asDeployment } from '../../src/domain/apps';
import type { WorkerProcess } from '../../tools/local/worker';
import { everyHistory } from '../support/every-history';
import { reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { openShop, rolloutYaml, type Shop } from '../support/shop';
import { runBelay } from '../support/run-belay';
import { concurrentStories } from '../support/stories';
import { until } from '../support/until';

let env: Environment;
const workers: WorkerProcess[] = [];

const deploymentYaml = (image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: plain}
spec:
  replicas: 2
  selector: {matchLabels: {app: plain}}
  template:
    metadata: {labels: {app: plain}}
    spec: {containers: [{name: plain, image: "registry.example/plain:${image}"}]}
`;
const refYaml = (steps: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: plain}
spec:
  replicas: 2
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: plain}
  strategy: {canary: {maxSurge: 1, maxUnavailable: 0, steps: [${steps}]}}
`;
const slowSteps = '\n      - setWeight: 25\n      - pause: {}';

async function images(shop: Shop, name: string): Promise<string> {
  const deployment = (await shop.objects('Deployment'))
    .map(asDeployment)
    .find((each) => each.metadata.name === name);
  return JSON.stringify(deployment?.spec.template.spec['containers']);
}

async function atPause(shop: Shop): Promise<void> {
  await until('the canary pauses', async () => {
    const status = await env.client.rolloutStatus(shop.name).catch(() => undefined);
    return status?.phase === 'Paused' && status.weight === 25 && status.outcome === undefined;
  });
}

const stories = concurrentStories({
  'a plain Deployment is rolled; a broken version of it is taken back, with Git': async () => {
    const shop = await openShop(env, { name: 'rolling', files: { 'plain.yaml': deploymentYaml('v1') } });
    await shop.settled(await shop.pushFiles({ 'plain.yaml': deploymentYaml('v2') }));
    expect(await images(shop, 'plain')).toContain('plain:v2');
    const bad = await shop.pushFiles({ 'plain.yaml': deploymentYaml('v3-broken') });
    await reverted(shop, bad);
    expect(await images(shop, 'plain')).toContain('plain:v2');
  },

  'a Deployment that a Rollout refers to goes out as a canary': async () => {
    const files = {
      'plain.yaml': deploymentYaml('v1'),
      'ref.yaml': refYaml('{setWeight: 50}, {pause: {duration: 300ms}}'),
    };
    const shop = await openShop(env, { name: 'referred', files });
    const revision = await shop.pushFiles({ 'plain.yaml': deploymentYaml('v2') });
    const status = await shop.settled(revision);
    expect(status.state.workloads['plain']?.rolloutId).toMatch(/^r2-/);
    expect(
      (await shop.objects('ReplicaSet')).some((each) => each.metadata.name.startsWith('plain-canary-')),
    ).toBe(true);
    await reverted(shop, await shop.pushFiles({ 'plain.yaml': deploymentYaml('v3-broken') }));
  },

  'a first deployment that fails leaves Git alone, and a fix goes out': async () => {
    const shop = await openShop(env, { name: 'newcomer' }, false);
    const bad = await shop.push({ image: 'v1-broken' });
    await env.client.createApplication(shop.spec);
    const held = await shop.waitFor('it is held', (status) => status.held && status.operation === undefined);
    expect(held).toMatchObject({ health: 'Degraded' });
    expect(held.state.hold?.code).toBe('FirstDeploymentFailed');
    expect(await shop.head()).toBe(bad);
    await shop.settled(await shop.push({ image: 'v2' }));
  },

  'a newer commit supersedes the rollout in progress: no blame, no revert': async () => {
    const shop = await openShop(env, { name: 'impatient', steps: slowSteps });
    const second = await shop.push({ image: 'v2' });
    await atPause(shop);
    const third = await shop.push({ image: 'v3' });
    await shop.waitFor('the third rolls', ({ state }) =>
      state.history.some((each) => each.revision === second && each.result === 'superseded'),
    );
    await atPause(shop);
    await env.client.promote(shop.name);
    const status = await shop.settled(third);
    expect(status.state.quarantine).toEqual({});
    expect(await shop.head()).toBe(third);
  },

  'a commit that changes no workload does not disturb the rollout in progress': async () => {
    const shop = await openShop(env, { name: 'patient', steps: slowSteps });
    await shop.push({ image: 'v2' });
    await atPause(shop);
    const readme = await shop.pushFiles({ 'README.md': 'words' });
    await until('it was looked at', async () => (await shop.status()).state.head === readme);
    await env.client.promoteFull(shop.name);
    const status = await shop.settled(readme);
    expect(status.state.history.map((each) => each.result)).not.toContain('superseded');
  },

  'undo goes back to the version before, in Git and in the cluster': async () => {
    const shop = await openShop(env, { name: 'undoing' });
    const first = await shop.head();
    await shop.settled(await shop.push({ image: 'v2' }));
    await env.client.undo(shop.name, { reason: 'the test' });
    await until(
      'Git is back',
      async () =>
        (await shop.repo.git('rev-parse', 'main:k8-manifests')) ===
        (await shop.repo.git('rev-parse', `${first}:k8-manifests`)),
    );
    await shop.settled(await shop.head());
    expect(await images(shop, 'web')).toContain('web:v1');
  },

  'retry brings back in Git what was reverted, and deploys it': async () => {
    const shop = await openShop(env, { name: 'stubborn', steps: slowSteps });
    const second = await shop.push({ image: 'v2' });
    await atPause(shop);
    await env.client.abort(shop.name, { reason: 'the test' });
    await reverted(shop, second);
    await env.client.retry(shop.name, { reason: 'it was fine' });
    await atPause(shop);
    await env.client.promote(shop.name);
    await shop.waitFor(
      'it is out',
      ({ state, operation }) => operation === undefined && state.history[0]?.result === 'promoted',
    );
    expect(await shop.repo.git('rev-parse', 'main:k8-manifests')).toBe(
      await shop.repo.git('rev-parse', `${second}:k8-manifests`),
    );
    expect(await images(shop, 'web')).toContain('web:v2');
  },

  'a change of configuration alone is a rollout, and stable keeps its own until the promotion': async () => {
    const shop = await openShop(env, { name: 'config', steps: slowSteps });
    const revision = await shop.push({ image: 'v1', config: 'GREETING: servus' });
    await atPause(shop);
    const maps = await shop.objects('ConfigMap', 'v1');
    const plain = maps.find((each) => each.metadata.name === 'web-config');
    const copy = maps.find((each) => each.metadata.name.startsWith('web-config-'));
    expect(plain?.['data']).toEqual({ GREETING: 'hello' });
    expect(copy).toMatchObject({ data: { GREETING: 'servus' }, immutable: true });
    expect(copy?.metadata.ownerReferences?.[0]?.kind).toBe('ReplicaSet');
    await env.client.promote(shop.name);
    await shop.settled(revision);
    const after = (await shop.objects('ConfigMap', 'v1')).find((each) => each.metadata.name === 'web-config');
    expect(after?.['data']).toEqual({ GREETING: 'servus' });
  },

  'a program that reloads gets its configuration without a rollout': async () => {
    const reloads = (config: string): Record<string, string> => ({
      'rollout.yaml': rolloutYaml(4, {}, {}).replace(
        'metadata: {name: web}',
        'metadata: {name: web, annotations: {belay.dev/config-rollout: "false"}}',
      ),
      'config.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-config}\ndata: {GREETING: ${config}}\n`,
    });
    const shop = await openShop(env, { name: 'reloading', files: reloads('hello') });
    await shop.settled(await shop.pushFiles(reloads('hello')));
    const pods = (await shop.objects('Pod', 'v1')).map((each) => each.metadata.name).sort();
    const status = await shop.settled(await shop.pushFiles(reloads('servus')));
    expect(status.state.history[0]?.result).toBe('synced');
    const maps = await shop.objects('ConfigMap', 'v1');
    expect(maps.find((each) => each.metadata.name === 'web-config')?.['data']).toEqual({
      GREETING: 'servus',
    });
    expect((await shop.objects('Pod', 'v1')).map((each) => each.metadata.name).sort()).toEqual(pods);
  },

  'a Deployment that somebody else has delivered is taken over without a restart': async () => {
    const name = 'adopted';
    await env.kube.create(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      { manager: 'kubectl' },
    );
    const envFrom = [{ configMapRef: { name: 'web-config' } }];
    const spec = {
      replicas: 4,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'registry.example/web:v1', envFrom }] },
      },
    };
    const metadata = { name: 'web', namespace: name };
    await env.kube.create(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec },
      { manager: 'kubectl-create' },
    );
    const pods = async () =>
      (await env.kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: name }))
        .map((each) => each.metadata.name)
        .sort();
    await until('its pods are there', async () => (await pods()).length === 4);
    const before = await pods();
    const shop = await openShop(env, { name });
    expect(await pods()).toEqual(before);
    await shop.settled(await shop.push({ image: 'v2' }));
    expect(await images(shop, 'web')).toContain('web:v2');
  },

  'when one of two workloads fails, the other goes back too, by one revert': async () => {
    const files = { 'plain.yaml': deploymentYaml('v1'), 'ref.yaml': refYaml('{setWeight: 50}, {pause: {}}') };
    const shop = await openShop(env, { name: 'pair', files });
    const bad = await shop.push({ image: 'v2-broken' }, { 'plain.yaml': deploymentYaml('v2') });
    await reverted(shop, bad);
    expect(await images(shop, 'web')).toContain('web:v1');
    expect(await images(shop, 'plain')).toContain('plain:v1');
    expect((await shop.objects('Deployment')).map((each) => each.metadata.name).sort()).toEqual([
      'plain',
      'web',
    ]);
  },

  'without automated sync it shows OutOfSync until somebody syncs': async () => {
    const { automated: _automated, ...manual } = (await openShop(env, { name: 'template' })).spec;
    const shop = await openShop(env, { name: 'manual' }, false);
    await env.client.createApplication({
      ...manual,
      name: 'manual',
      source: shop.spec.source,
      destination: shop.spec.destination,
    });
    await shop.waitFor('Git is seen', ({ state }) => state.head !== undefined);
    expect(await shop.status()).toMatchObject({ sync: 'Unknown' });
    await env.client.sync(shop.name);
    await shop.settled(await shop.head());
    const second = await shop.push({ image: 'v2' });
    await shop.waitFor(
      'it is out of sync',
      ({ sync, state }) => sync === 'OutOfSync' && state.head === second,
    );
    await env.client.sync(shop.name);
    await shop.settled(second);
  },

  'the value of a Secret reaches no history, no log and no commit, also when it is refused': async () => {
    const sentinel = 's3ntinel-value-of-a-secret';
    const secret = (more: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {token: ${sentinel}}\n${more}`;
    const pod = '\n        env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: token, key: token}}}]';
    const shop = await openShop(env, { name: 'secretive' });
    await shop.settled(await shop.push({ image: 'v2', container: pod }, { 'secret.yaml': secret('') }));
    await reverted(
      shop,
      await shop.push({ image: 'v3-broken', container: pod }, { 'secret.yaml': secret('') }),
    );
    const refused = await shop.pushFiles({
      'secret.yaml': secret('data: {token: not-base64!}\nunknown: x\n'),
    });
    await shop.waitFor(
      'it is refused',
      ({ state, operation }) => state.compared === refused && operation === undefined,
    );
    const said = JSON.stringify(await shop.status());
    expect(said).toMatch(/secret\.yaml/);
    const written = [
      said,
      await everyHistory(env.temporal.address),
      ...workers.map((each) => each.log()),
      await shop.repo.git('log', '--format=%B', 'main'),
    ];
    expect(
      written.filter(
        (text) => text.includes(sentinel) || text.includes(Buffer.from(sentinel).toString('base64')),
      ),
    ).toEqual([]);
  },

  'the commands of the README do what they say': async () => {
    const shop = await openShop(env, { name: 'typed', steps: slowSteps }, false);
    const { repoUrl, path } = shop.spec.source;
    const file = join(env.dir, 'application.yaml');
    writeFileSync(
      file,
      `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: typed}
spec:
  project: default
  source: {repoURL: ${repoUrl}, path: ${path}, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: typed}
  syncPolicy: {automated: {prune: true, selfHeal: true}, syncOptions: [CreateNamespace=true]}
`,
    );
    const cli = (...args: string[]) => runBelay(env.temporal.address, args);
    expect(await cli('app', 'create', '-f', file, '--wait')).toMatchObject({ code: 0 });
    await shop.push({ image: 'v2' });
    await atPause(shop);
    expect((await cli('rollout', 'get', 'typed')).out).toMatch(/Paused[\s\S]*belay promote typed/);
    expect((await cli('why', 'typed')).out).toMatch(/promote/);
    expect(await cli('pause', 'typed')).toMatchObject({ code: 0 });
    expect(await cli('resume', 'typed')).toMatchObject({ code: 0 });
    expect(await cli('abort', 'typed', '--reason', 'the test')).toMatchObject({ code: 0 });
    await shop.waitFor(
      'it is back',
      ({ state, operation }) => state.history[0]?.result === 'reverted' && operation === undefined,
    );
    expect(await cli('status', 'typed', '--wait', '--timeout', '30s')).toMatchObject({ code: 0 });
    expect(JSON.parse((await cli('app', 'get', 'typed', '-o', 'json')).out)).toMatchObject({
      sync: 'Synced',
      health: 'Healthy',
    });
    expect((await cli('app', 'history', 'typed')).out).toMatch(
      /aborted[\s\S]*reverted|reverted[\s\S]*aborted/,
    );
    expect((await cli('app', 'list')).out).toMatch(/typed/);
    expect(await cli('abort', 'typed')).toMatchObject({ code: 1 });
    expect(await cli('app', 'get', 'nobody')).toMatchObject({ code: 1 });
    expect(await cli('app', 'get')).toMatchObject({ code: 2 });
    expect(await cli('retry', 'typed')).toMatchObject({ code: 0 });
    await atPause(shop);
    expect(await cli('status', 'typed', '--wait', '--timeout', '1s')).toMatchObject({ code: 3 });
    expect(await cli('promote', 'typed', '--full')).toMatchObject({ code: 0 });
    await shop.settled(await shop.head());
    expect(await cli('undo', 'typed')).toMatchObject({ code: 0 });
    await until('it is undone', async () => (await images(shop, 'web')).includes('web:v1'));
    expect(await cli('app', 'delete', 'typed', '--cascade', '--yes')).toMatchObject({ code: 0 });
  },

  'a deleted application takes its objects with it': async () => {
    const shop = await openShop(env, { name: 'leaving' });
    await env.client.delete(shop.name, { cascade: true });
    await until(
      'its objects are gone',
      async () =>
        (await shop.objects('Deployment')).length === 0 && (await shop.objects('Service', 'v1')).length === 0,
    );
  },

  'a new application of the same name recalls what the cluster has kept of the old one': async () => {
    const shop = await openShop(env, { name: 'reborn', steps: slowSteps });
    const good = await shop.head();
    const bad = await shop.push({ image: 'v2-broken' });
    await reverted(shop, bad);
    await env.client.delete(shop.name, { cascade: false });
    await until(
      'it has ended',
      async () =>
        (await env.client.applicationStatus(shop.name).catch(() => undefined))?.operation === undefined,
    );
    await until('it may be created anew', () =>
      env.client.createApplication(shop.spec).then(
        ({ created }) => created,
        () => false,
      ),
    );
    const status = await shop.settled(await shop.head());
    expect(Object.values(status.state.quarantine).map((each) => each.revision)).toEqual([bad]);
    expect(status.state.history.map((each) => each.revision)).toContain(good);
    expect(status.state.workloads['web']?.number).toBe(2);
  },
});

beforeAll(async () => {
  env = await startEnvironment();
  workers.push(await env.startWorker());
  stories.begin();
}, 60_000);
afterAll(() => env.stop());

stories.defineTests(150_000);

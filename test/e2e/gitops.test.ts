import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationStatus } from '../../src/domain/application-status';
import { asDeployment } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import type { WorkerProcess } from '../../tools/local/worker';
import { openAlone } from '../support/alone';
import { reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { filesBelow } from '../support/files-below';
import { follow, type Followed } from '../support/followed';
import { commitFiles, createBareRepo, type BareRepo } from '../support/git-repo';
import { watchObjects, type ObjectLog } from '../support/object-log';
import { runBelay } from '../support/run-belay';
import { concurrentStories } from '../support/stories';
import { deploymentYaml, hookYaml, mapYaml } from '../support/sync-yaml';
import { until } from '../support/until';

let env: Environment;
let worker: WorkerProcess;
let log: ObjectLog;

const examples = ['guestbook-plain', 'guestbook-kustomize', 'guestbook-helm', 'sync-waves', 'sync-hooks'];

/** The examples as they are, each in a directory of one repository, and the chart once more with values of another source. */
async function deliverExamples(): Promise<{ readonly repo: BareRepo; readonly revision: string }> {
  const repo = await createBareRepo();
  const files = Object.fromEntries(
    examples.flatMap((name) =>
      Object.entries(filesBelow(join('examples', name))).map(([path, text]) => [`${name}/${path}`, text]),
    ),
  );
  const revision = await commitFiles(repo, {
    ...files,
    'environments/guestbook.yaml': 'replicas: 2\ngreeting: Grüß Gott\n',
  });
  const applications = examples.map((name) =>
    (files[`${name}/application.yaml`] ?? '')
      .replace(/repoURL: .*/, `repoURL: ${repo.dir}`)
      .replace(/(\n {4}path: )/, `$1${name}/`),
  );
  const file = join(env.dir, 'applications.yaml');
  writeFileSync(file, [...applications, twoSources(repo)].join('---\n'));
  expect(await runBelay(env.temporal.address, ['app', 'create', '-f', file])).toMatchObject({ code: 0 });
  return { repo, revision };
}

function twoSources(repo: BareRepo): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: two-sources}
spec:
  project: default
  sources:
  - {repoURL: ${repo.dir}, targetRevision: main, ref: values}
  - repoURL: ${repo.dir}
    targetRevision: main
    path: guestbook-helm/guestbook
    helm: {releaseName: guest, valueFiles: [$values/environments/guestbook.yaml]}
  destination: {server: https://kubernetes.default.svc, namespace: two-sources}
  syncPolicy: {automated: {prune: true, selfHeal: true}, syncOptions: [CreateNamespace=true]}
`;
}

interface Web {
  readonly name: string;
  readonly replicas: number;
  readonly image: unknown;
}

async function deployments(app: Followed): Promise<readonly Web[]> {
  return (await app.objects('Deployment')).map(asDeployment).map(({ metadata, spec }) => {
    const containers = spec.template.spec['containers'] as readonly { readonly image: string }[];
    return { name: metadata.name, replicas: spec.replicas ?? 1, image: containers[0]?.image };
  });
}

async function greetings(app: Followed): Promise<readonly unknown[]> {
  const maps = await app.objects('ConfigMap', 'v1');
  return maps.flatMap((each) => (each['data'] as Record<string, string> | undefined)?.['GREETING'] ?? []);
}

/** Of the ConfigMaps that are delivered. */
async function names(app: Followed): Promise<readonly string[]> {
  const maps = await app.objects('ConfigMap', 'v1');
  return maps.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('team-'));
}

async function podsOf(app: Followed, job: string): Promise<number> {
  const pods = await app.objects('Pod', 'v1');
  return pods.filter(({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-name'] === job).length;
}

const image = (tag: string): string => `registry.example.com/guestbook/web:${tag}`;

/** Bases of repositories on this machine. */
const allowed = { args: ['--allow-bases', tmpdir()] };

const stories = concurrentStories({
  'the examples and an application of two sources are synced from one repository, and left alone by commits elsewhere':
    async () => {
      const { repo, revision } = await deliverExamples();
      const all = [...examples, 'two-sources'];
      const app = (name: string): Followed => follow(env, name, name, 120_000);
      await Promise.all(all.map((name) => app(name).settled(revision)));
      expect(await deployments(app('guestbook-plain'))).toEqual([
        { name: 'web', replicas: 2, image: image('v1') },
      ]);
      expect(await deployments(app('guestbook-kustomize'))).toEqual([
        { name: 'production-web', replicas: 3, image: image('v2') },
      ]);
      expect(await greetings(app('guestbook-kustomize'))).toEqual(['Good morning']);
      expect(await deployments(app('guestbook-helm'))).toEqual([
        { name: 'guestbook-web', replicas: 3, image: image('v2') },
      ]);
      expect(await greetings(app('guestbook-helm'))).toEqual(['Good morning']);
      expect(await deployments(app('two-sources'))).toEqual([
        { name: 'guest-web', replicas: 2, image: image('v1') },
      ]);
      expect(await greetings(app('two-sources'))).toEqual(['Grüß Gott']);
      expect(log.created('sync-waves')).toEqual([
        'ConfigMap settings',
        'Service backend',
        'Deployment backend',
        'Job warm-up',
        'Service frontend',
        'Deployment frontend',
      ]);
      expect(log.created('sync-hooks')).toEqual([
        'Job migrate',
        'Service web',
        'Deployment web',
        'Job smoke-test',
      ]);
      for (const job of ['migrate', 'smoke-test']) expect(await podsOf(app('sync-hooks'), job)).toBe(1);

      const before = await Promise.all(all.map((name) => written(app(name))));
      const elsewhere = await commitFiles(repo, { 'README.md': 'words' });
      const after = await Promise.all(all.map((name) => app(name).settled(elsewhere)));
      expect(await Promise.all(all.map((name) => written(app(name))))).toEqual(before);
      expect(after.map(({ state }) => state.history.length)).toEqual(all.map(() => 1));
    },

  'a base of another repository is fetched before the build, and a new revision of it is a commit here':
    async () => {
      const base = await createBareRepo();
      await commitFiles(base, {
        'words/kustomization.yaml': 'resources: [map.yaml]\n',
        'words/map.yaml': mapYaml('one'),
      });
      await base.git('tag', 'v1');
      await commitFiles(base, { 'words/map.yaml': mapYaml('two') });
      await base.git('tag', 'v2');
      const kustomization = (tag: string) =>
        `namePrefix: team-\nresources: [${base.url}//words?ref=${tag}]\n`;
      const app = await openAlone(env, 'based', { 'kustomization.yaml': kustomization('v1') });
      expect(await names(app)).toEqual(['team-one']);
      await app.settled(await app.push({ 'kustomization.yaml': kustomization('v2') }));
      expect(await names(app)).toEqual(['team-two']);
    },

  'a PreSync hook that fails: nothing is applied, SyncFail hooks run, and Git goes back': async () => {
    const files = (behavior: string, value: string) => ({
      'migrate.yaml': hookYaml('migrate', 'PreSync', behavior),
      'tell.yaml': hookYaml('tell', 'SyncFail'),
      'map.yaml': mapYaml('settings', { value }),
      'web.yaml': deploymentYaml('web'),
    });
    const app = await openAlone(env, 'failing-hook', files('ready', 'good'));
    expect(log.times(app.name, 'Job', 'tell')).toBe(0);
    const before = await written(app, ['v1 ConfigMap', 'apps/v1 Deployment']);
    const bad = await app.push({ ...files('crash', 'bad'), 'more.yaml': mapYaml('more') });
    await reverted(app, bad, 120_000);
    const { state } = await app.status();
    expect(state.lastFailure).toMatchObject({ code: 'HookFailed', revision: bad });
    expect(state.lastFailure?.sentence).toMatch(/Job .*migrate/);
    expect(await written(app, ['v1 ConfigMap', 'apps/v1 Deployment'])).toEqual(before);
    expect(log.created(app.name)).not.toContain('ConfigMap more');
    expect(log.times(app.name, 'Job', 'tell')).toBe(1);
  },

  'what has gone from Git goes from the cluster in the reverse order of its waves, but for what Prune=false keeps':
    async () => {
      const app = await openAlone(env, 'pruning', {
        'stays.yaml': mapYaml('stays'),
        'first.yaml': mapYaml('first', { wave: -1 }),
        'second.yaml': mapYaml('second', { wave: 1 }),
        'third.yaml': mapYaml('third', { wave: 2 }),
        'kept.yaml': mapYaml('kept', { wave: 3, options: 'Prune=false' }),
      });
      const files = { 'first.yaml': null, 'second.yaml': null, 'third.yaml': null, 'kept.yaml': null };
      const gone = await app.push(files);
      await app.waitFor('it is synced', ({ state, operation }) => {
        return state.synced === gone && operation === undefined;
      });
      expect(log.deleted(app.name)).toEqual(['ConfigMap third', 'ConfigMap second', 'ConfigMap first']);
      const maps = (await app.objects('ConfigMap', 'v1')).map(({ metadata }) => metadata.name);
      expect(maps).toEqual(expect.arrayContaining(['kept', 'stays']));
    },

  'drift of a Role and of a HorizontalPodAutoscaler is healed': async () => {
    const app = await openAlone(env, 'healing', { 'role.yaml': roleYaml, 'scaler.yaml': scalerYaml });
    const edit = (apiVersion: string, kind: string, patch: object) =>
      env.kube.patch({ apiVersion, kind, namespace: app.name, name: 'reader' }, patch, {
        manager: 'kubectl-edit',
      });
    const rbac = 'rbac.authorization.k8s.io/v1';
    await edit(rbac, 'Role', { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }] });
    await edit('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { maxReplicas: 50 } });
    await until(
      'the Role is healed',
      async () => {
        const [role] = await app.objects('Role', rbac);
        return JSON.stringify(role?.['rules']).includes('configmaps');
      },
      60_000,
    );
    await until(
      'the autoscaler is healed',
      async () => {
        const [scaler] = await app.objects('HorizontalPodAutoscaler', 'autoscaling/v2');
        return (scaler?.['spec'] as { readonly maxReplicas?: number } | undefined)?.maxReplicas === 3;
      },
      60_000,
    );
  },

  'without self-heal drift is shown, object by object, and ends when it is put right': async () => {
    const automated = { prune: true, selfHeal: false, allowEmpty: false };
    const app = await openAlone(
      env,
      'shown',
      {
        'role.yaml': roleYaml,
        'map.yaml': mapYaml('settings'),
        'gone.yaml': mapYaml('gone'),
        'web.yaml': deploymentYaml('web'),
      },
      { automated },
    );
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name: 'settings' };
    const role = { ...ref, apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', name: 'reader' };
    const manager = 'kubectl-edit';
    await env.kube.patch(ref, { data: { VALUE: 'edited' } }, { manager });
    await env.kube.patch(role, { rules: [] }, { manager });
    await env.kube.patch(
      { ...ref, apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      { spec: { replicas: 3 } },
      { manager },
    );
    await env.kube.remove({ ...ref, name: 'gone' }, { propagation: 'Background' });
    const shown = await app.waitFor('all drift is shown', ({ state }) => state.drift.length === 4);
    expect(shown.sync).toBe('OutOfSync');
    const { out } = await runBelay(env.temporal.address, ['app', 'get', app.name]);
    expect(out).toMatch(/OutOfSync/);
    for (const name of [
      'ConfigMap shown/settings',
      'ConfigMap shown/gone',
      'Role shown/reader',
      'Deployment shown/web',
    ])
      expect(out).toContain(name);
    await env.client.sync(app.name);
    await app.settled(shown.state.synced ?? '');

    const { automated: _automated, ...byHand } = app.spec;
    await env.client.createApplication(byHand);
    await app.waitFor('it is synced by hand only', ({ spec }) => spec.automated === undefined);
    await env.kube.patch(role, { rules: [] }, { manager });
    await app.waitFor('drift is shown there too', ({ sync, state }) => {
      return sync === 'OutOfSync' && state.drift.join() === 'Role shown/reader';
    });
  },
});

const roleYaml = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules: [{apiGroups: [''], resources: [configmaps], verbs: [get]}]
`;
const scalerYaml = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: reader, annotations: {argocd.argoproj.io/ignore-healthcheck: "true"}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: elsewhere}
  maxReplicas: 3
`;

/** Identity and content of what Git has brought, without what the cluster says about it. */
async function written(app: Followed, kinds: readonly string[] = everyKind): Promise<readonly string[]> {
  const lists = await Promise.all(
    kinds.map((each) => {
      const [apiVersion = '', kind = ''] = each.split(' ');
      return app.objects(kind, apiVersion);
    }),
  );
  const line = ({ kind, metadata, spec, data }: KubeObject): string =>
    JSON.stringify([kind, metadata.name, metadata.uid, metadata.generation, spec, data]);
  return lists
    .flat()
    .filter(({ metadata }) => !metadata.name.startsWith('belay-'))
    .map(line)
    .sort();
}

const everyKind = ['v1 ConfigMap', 'v1 Service', 'v1 Pod', 'apps/v1 Deployment', 'batch/v1 Job'];

async function killedWhen(app: Followed, what: string, fits: (seen: ApplicationStatus) => boolean) {
  await app.waitFor(what, fits);
  worker.kill('SIGKILL');
  await worker.gone();
  worker = await env.startWorker(allowed);
}

beforeAll(async () => {
  env = await startEnvironment();
  worker = await env.startWorker(allowed);
  log = await watchObjects(env.kube, [
    { apiVersion: 'v1', kind: 'ConfigMap' },
    { apiVersion: 'v1', kind: 'Service' },
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    { apiVersion: 'batch/v1', kind: 'Job' },
  ]);
  stories.begin();
}, 60_000);
afterAll(async () => {
  await log.stop();
  await env.stop();
});

stories.defineTests(300_000);

// Last, for it kills the worker of all.
test('the worker killed in the middle of a hook and of a wave: the hook runs once, and the sync ends', async () => {
  const app = await openAlone(env, 'killed', { 'map.yaml': mapYaml('settings') });
  const revision = await app.push({
    'migrate.yaml': hookYaml('migrate', 'PreSync', 'slow-ready'),
    'backend.yaml': deploymentYaml('backend', 'slow-ready'),
    'frontend.yaml': deploymentYaml('frontend', 'ready', 1),
    'smoke.yaml': hookYaml('smoke-test', 'PostSync'),
  });
  const isMade = (what: string) => () => log.created(app.name).includes(what);
  await killedWhen(app, 'the hook runs', isMade('Job migrate'));
  await killedWhen(app, 'the first wave is under way', isMade('Deployment backend'));
  await app.settled(revision);
  expect(log.created(app.name)).toEqual([
    'ConfigMap settings',
    'Job migrate',
    'Deployment backend',
    'Deployment frontend',
    'Job smoke-test',
  ]);
  for (const job of ['migrate', 'smoke-test']) {
    expect(log.times(app.name, 'Job', job)).toBe(1);
    expect(await podsOf(app, job)).toBe(1);
  }
}, 300_000);

import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { StepKey } from '../../src/domain/in-steps';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import { benchSpec } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { jobYaml } from '../support/sync-yaml';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const preSync = { phase: 'PreSync', wave: 0 } as const;

/** An application of its own whose files the test writes. */
async function open(more: Partial<ApplicationSpec> = {}) {
  const namespace = await lab.namespace();
  const spec = { ...benchSpec(namespace), ...more };
  const worker = lab.worker();
  const commit = (files: Readonly<Record<string, string>>): string => lab.git.commit(files);
  return {
    namespace,
    spec,
    worker,
    commit,
    apply: (revision: string, input: Partial<Parameters<typeof worker.applyRevision>[0]> = {}) =>
      run(worker.applyRevision, {
        spec,
        revision,
        stage: 'after',
        treatments: {},
        fix: true,
        prune: false,
        ...input,
      }),
    hooks: (revision: string, startedAt: number, step: StepKey = preSync) =>
      run(worker.runSyncHooks, { spec, revision, step, startedAt }),
    endHooks: (revision: string, startedAt: number, failed: boolean) =>
      run(worker.deleteSyncHooks, { spec, revision, step: preSync, startedAt, failed }),
    get: (kind: string, name: string, apiVersion = kind === 'Job' ? 'batch/v1' : 'v1') =>
      lab.kube.get({ apiVersion, kind, namespace, name }),
    async jobs(): Promise<readonly KubeObject[]> {
      const jobs = await lab.kube.list({ apiVersion: 'batch/v1', kind: 'Job' }, { namespace });
      return jobs.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    },
  };
}

const job = (metadata: string, behavior = 'ready'): string => jobYaml(metadata, { behavior });

const hook = (policy?: string): string =>
  `{name: migrate, annotations: {argocd.argoproj.io/hook: PreSync${policy === undefined ? '' : `, argocd.argoproj.io/hook-delete-policy: ${policy}`}}}`;

function config(data: string, metadata = '{name: settings}', more = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\ndata: ${data}\n${more}`;
}

describe('hooks of a sync', () => {
  it('are made once for each sync, and an earlier one goes before', async () => {
    const app = await open();
    const revision = app.commit({ 'migrate.yaml': job(hook()) });
    expect(await app.hooks(revision, 1_000)).toEqual({ kind: 'done' });
    const first = await app.get('Job', 'migrate');
    expect(first?.metadata.annotations?.[marks.sync]).toBe('1000');
    expect(await app.hooks(revision, 1_000)).toEqual({ kind: 'done' });
    expect((await app.get('Job', 'migrate'))?.metadata.uid).toBe(first?.metadata.uid);
    expect(await app.hooks(revision, 2_000)).toEqual({ kind: 'done' });
    expect((await app.get('Job', 'migrate'))?.metadata.uid).not.toBe(first?.metadata.uid);
  });

  it('that fail say which one, and why', async () => {
    const app = await open();
    const revision = app.commit({ 'migrate.yaml': job(hook(), 'crash') });
    const end = await app.hooks(revision, 1_000);
    expect(end).toMatchObject({ kind: 'failed', hook: `Job ${app.namespace}/migrate` });
  });

  it('with generateName get a name for each sync', async () => {
    const app = await open();
    const metadata = '{generateName: migrate-, annotations: {argocd.argoproj.io/hook: PreSync}}';
    const revision = app.commit({ 'migrate.yaml': job(metadata) });
    await app.hooks(revision, 1_000);
    await app.hooks(revision, 1_000);
    await app.hooks(revision, 9_000);
    const names = (await app.jobs()).map(({ metadata: { name } }) => name).sort();
    expect(names).toEqual([
      `migrate-${revision.slice(0, 7)}-presync-1`,
      `migrate-${revision.slice(0, 7)}-presync-9`,
    ]);
  });

  it.each([
    ['HookSucceeded', false, 0],
    ['HookSucceeded', true, 1],
    ['HookFailed', true, 0],
    ['HookFailed', false, 1],
    ['BeforeHookCreation', false, 1],
  ])('with the policy %s, a sync that failed being %s: %i are left', async (policy, failed, left) => {
    const app = await open();
    const revision = app.commit({ 'migrate.yaml': job(hook(policy)) });
    await app.hooks(revision, 1_000);
    await app.endHooks(revision, 1_000, failed);
    await until(`${left} are left`, async () => (await app.jobs()).length === left);
  });

  it('are called off with their sync', async () => {
    const app = await open();
    const revision = app.commit({ 'migrate.yaml': job(hook(), 'hang') });
    const off = new AbortController();
    const input = { spec: app.spec, revision, step: preSync, startedAt: 1_000 };
    const ended = run(app.worker.runSyncHooks, input, off.signal).catch(() => 'cancelled');
    await until('it is there', () => app.get('Job', 'migrate'));
    off.abort();
    expect(await ended).toBe('cancelled');
    await until('it is gone', async () => (await app.jobs()).length === 0);
  });

  it('belong to their application: one of another name is not touched', async () => {
    const app = await open();
    const foreign = job('{name: migrate}');
    const other = app.commit({ 'other.yaml': foreign });
    await app.apply(other, { spec: { ...app.spec, name: 'other' } });
    const revision = app.commit({ 'migrate.yaml': job(hook()) });
    expect(await app.hooks(revision, 1_000)).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('belongs to the application other') as unknown,
    });
  });

  it('are tried with everything else before the first write, while an earlier one is still there', async () => {
    const app = await open();
    const good = app.commit({ 'migrate.yaml': job(hook()) });
    await app.hooks(good, 1_000);
    expect((await app.apply(good, { stage: 'try' })).problems).toEqual([]);
    const bad = app.commit({ 'migrate.yaml': job(hook()).replace('backoffLimit', 'backofLimit') });
    const { problems } = await app.apply(bad, { stage: 'try' });
    expect(problems).toMatchObject([
      { code: 'UnknownField', file: 'k8s/migrate.yaml', field: 'spec.backofLimit' },
    ]);
  });

  it('are neither applied, nor pruned, nor in the inventory', async () => {
    const app = await open();
    const first = app.commit({ 'migrate.yaml': job(hook()), 'settings.yaml': config('{A: b}') });
    await app.apply(first);
    expect(await app.jobs()).toEqual([]);
    await app.hooks(first, 1_000);
    const second = app.commit({ 'settings.yaml': config('{A: b}') });
    expect((await app.apply(second, { prune: true })).pruned).toEqual([]);
    expect(await app.jobs()).toHaveLength(1);
  });
});

describe('the health of a step', () => {
  const step = { phase: 'Sync', wave: 0 } as const;

  it('is waited for', async () => {
    const app = await open();
    const revision = app.commit({ 'seed.yaml': job('{name: seed}') });
    await app.apply(revision);
    const input = { spec: app.spec, revision, step, startedAt: 1_000, treatments: {} };
    expect(await run(app.worker.awaitStep, input)).toEqual({ kind: 'healthy' });
  });

  it('ends the sync when it is Degraded', async () => {
    const app = await open();
    const revision = app.commit({ 'seed.yaml': job('{name: seed}', 'crash') });
    await app.apply(revision);
    const input = { spec: app.spec, revision, step, startedAt: 1_000, treatments: {} };
    expect(await run(app.worker.awaitStep, input)).toMatchObject({
      kind: 'unhealthy',
      object: `Job ${app.namespace}/seed`,
    });
  });
});

describe('sync options', () => {
  const optioned = (options: string, more = ''): string =>
    `{name: settings, annotations: {argocd.argoproj.io/sync-options: '${options}'}${more}}`;

  it('Replace=true puts the whole object: what somebody added is gone', async () => {
    const app = await open();
    const first = app.commit({ 'settings.yaml': config('{A: one}', optioned('Replace=true')) });
    await app.apply(first);
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'settings' };
    await lab.kube.patch(ref, { data: { FOREIGN: 'yes' } }, { manager: 'kubectl-edit' });
    const second = app.commit({ 'settings.yaml': config('{A: two}', optioned('Replace=true')) });
    expect((await app.apply(second)).problems).toEqual([]);
    expect((await app.get('ConfigMap', 'settings'))?.['data']).toEqual({ A: 'two' });
  });

  it('Force=true makes an object anew that cannot be changed', async () => {
    const app = await open();
    const immutable = 'immutable: true\n';
    const first = app.commit({ 'settings.yaml': config('{A: one}', optioned('Force=true'), immutable) });
    await app.apply(first);
    const uid = (await app.get('ConfigMap', 'settings'))?.metadata.uid;
    const second = app.commit({ 'settings.yaml': config('{A: two}', optioned('Force=true'), immutable) });
    expect((await app.apply(second)).problems).toEqual([]);
    const live = await app.get('ConfigMap', 'settings');
    expect(live?.['data']).toEqual({ A: 'two' });
    expect(live?.metadata.uid).not.toBe(uid);
    const third = app.commit({ 'settings.yaml': config('{A: three}', '{name: settings}', immutable) });
    expect((await app.apply(third)).problems).toHaveLength(1);
  });

  it('Validate=false lets an unknown field pass, and without it nothing is applied', async () => {
    const app = await open();
    const unknown = 'unknown: true\n';
    const strict = app.commit({ 'settings.yaml': config('{A: one}', '{name: settings}', unknown) });
    expect((await app.apply(strict)).problems).toMatchObject([{ code: 'UnknownField' }]);
    expect(await app.get('ConfigMap', 'settings')).toBeUndefined();
    const loose = app.commit({ 'settings.yaml': config('{A: one}', optioned('Validate=false'), unknown) });
    expect((await app.apply(loose)).problems).toEqual([]);
    expect((await app.get('ConfigMap', 'settings'))?.['data']).toEqual({ A: 'one' });
  });

  it('SkipDryRunOnMissingResource=true lets a kind pass that is not there yet', async () => {
    const app = await open();
    const custom = (options: string): string =>
      `apiVersion: later.example/v1\nkind: Later\nmetadata: {name: later${options}}\n`;
    const strict = app.commit({ 'later.yaml': custom('') });
    expect((await app.apply(strict, { stage: 'try' })).problems).toMatchObject([{ code: 'KindNotFound' }]);
    const skip = `, annotations: {argocd.argoproj.io/sync-options: 'SkipDryRunOnMissingResource=true'}`;
    const loose = app.commit({ 'later.yaml': custom(skip) });
    expect((await app.apply(loose, { stage: 'try' })).problems).toEqual([]);
  });

  it('Prune=false keeps an object and says so; Prune=confirm waits for a person', async () => {
    const app = await open();
    const named = (name: string, options: string): string =>
      config('{A: b}', `{name: ${name}, annotations: {argocd.argoproj.io/sync-options: '${options}'}}`);
    const first = app.commit({
      'kept.yaml': named('kept', 'Prune=false'),
      'asked.yaml': named('asked', 'Prune=confirm'),
      'gone.yaml': config('{A: b}', '{name: gone}'),
    });
    await app.apply(first);
    const empty = app.commit({ 'other.yaml': config('{A: b}', '{name: other}') });
    const pruned = await app.apply(empty, { prune: true });
    expect(pruned.pruned).toEqual([`ConfigMap ${app.namespace}/gone`]);
    expect(pruned.unconfirmed).toEqual([`ConfigMap ${app.namespace}/asked`]);
    expect(pruned.unpruned).toEqual([expect.stringMatching(/^ConfigMap .*\/kept: /)]);
    const confirmed = await app.apply(empty, { prune: true, confirmed: true });
    expect(confirmed.pruned).toEqual([`ConfigMap ${app.namespace}/asked`]);
    expect(await app.get('ConfigMap', 'kept')).toBeDefined();
  });
});

describe('CreateNamespace=true', () => {
  it('keeps the metadata of the namespace as the application says, and no more', async () => {
    const name = `${await lab.namespace()}-made`;
    const spec = {
      ...benchSpec(name),
      createNamespace: true,
      namespaceMetadata: { labels: { team: 'shop', tier: 'web' }, annotations: { note: 'ours' } },
    };
    const worker = lab.worker();
    const revision = lab.git.commit({ 'settings.yaml': config('{A: b}') });
    const apply = (wanted: ApplicationSpec) =>
      run(worker.applyRevision, {
        spec: wanted,
        revision,
        stage: 'after',
        treatments: {},
        fix: true,
        prune: false,
      });
    const ref = { apiVersion: 'v1', kind: 'Namespace', name };
    expect((await apply(spec)).problems).toEqual([]);
    await lab.kube.patch(ref, { metadata: { labels: { foreign: 'yes' } } }, { manager: 'kubectl-edit' });
    await apply({ ...spec, namespaceMetadata: { labels: { team: 'cart' }, annotations: {} } });
    const { labels, annotations } = (await lab.kube.get(ref))?.metadata ?? {};
    expect(labels).toMatchObject({ team: 'cart', foreign: 'yes' });
    expect(labels).not.toHaveProperty('tier');
    expect(annotations).not.toHaveProperty('note');
    const other = apply({ ...spec, name: 'other' });
    await expect(other).rejects.toThrow(`is kept by the application ${spec.name}`);
  });
});

describe('a definition and its objects in one sync', () => {
  it('are applied in that order', async () => {
    const app = await open();
    const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.${app.namespace}.example}
spec:
  group: ${app.namespace}.example
  scope: Namespaced
  names: {plural: boats, singular: boat, kind: Boat, listKind: BoatList}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;
    const boat = `apiVersion: ${app.namespace}.example/v1\nkind: Boat\nmetadata: {name: dinghy}\n`;
    const revision = app.commit({ 'a-boat.yaml': boat, 'crd.yaml': crd });
    await until('both are there', async () => {
      const { problems } = await app.apply(revision).catch(() => ({ problems: ['not yet'] }));
      return problems.length === 0;
    });
    expect(await app.get('Boat', 'dinghy', `${app.namespace}.example/v1`)).toBeDefined();
  });
});

import type { ClusterActivities } from '../../src/activities';
import { openBench, type Bench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { shopFiles } from '../support/cluster-shop';

let lab: Lab;
let bench: Bench;
beforeAll(async () => {
  lab = await startLab();
  bench = await openBench(lab);
});
afterAll(() => lab.stop());

const settled = { kind: 'settled' } as const;
const extra = (name: string, data = '{a: "1"}'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;
const commit = (files: Readonly<Record<string, string>>): string =>
  lab.git.commit({ ...shopFiles({}), ...files });

interface More {
  readonly fix?: boolean;
  readonly prune?: boolean;
  readonly worker?: ClusterActivities;
}

function apply(revision: string, { worker = bench.worker, ...more }: More = {}) {
  const { app } = bench;
  const input = {
    spec: app,
    revision,
    stage: 'after',
    treatments: { web: settled },
    fix: true,
    prune: true,
    ...more,
  } as const;
  return run(worker.applyRevision, input);
}

describe('a sync', () => {
  it('writes only what differs, and nothing the second time', async () => {
    const revision = commit({ 'extra.yaml': extra('extra') });
    expect((await apply(revision)).applied).toEqual([`ConfigMap ${bench.namespace}/extra`]);
    const before = await bench.get('ConfigMap', 'extra');
    expect(await apply(revision)).toMatchObject({ applied: [], pruned: [], differing: [], problems: [] });
    expect(await bench.get('ConfigMap', 'extra')).toEqual(before);
  });

  it('tells what differs without touching it when it may not fix', async () => {
    const revision = commit({ 'extra.yaml': extra('extra') });
    await apply(revision);
    await bench.kubectl('Service', 'web', { spec: { selector: { app: 'wrong' } } });
    expect(await apply(revision, { fix: false })).toMatchObject({
      applied: [],
      differing: [`Service ${bench.namespace}/web`],
    });
    expect((await apply(revision)).applied).toEqual([`Service ${bench.namespace}/web`]);
    expect((await bench.get('Service', 'web'))?.['spec']).toMatchObject({ selector: { app: 'web' } });
  });

  it('prunes what Git no longer has, when it may, and only what is still its own', async () => {
    await apply(commit({ 'a.yaml': extra('mine'), 'b.yaml': extra('taken') }));
    await bench.kubectl('ConfigMap', 'taken', { metadata: { labels: { 'belay.dev/application': null } } });
    const without = commit({});
    const names = [`ConfigMap ${bench.namespace}/mine`, `ConfigMap ${bench.namespace}/taken`];
    const kept = await apply(without, { prune: false });
    expect([...kept.unpruned].sort()).toEqual(expect.arrayContaining(names) as string[]);
    expect(await bench.get('ConfigMap', 'mine')).toBeDefined();
    expect((await apply(without)).pruned).toContain(names[0]);
    expect(await bench.get('ConfigMap', 'mine')).toBeUndefined();
    expect(await bench.get('ConfigMap', 'taken')).toBeDefined();
    expect((await apply(without)).unpruned).toEqual([]);
  });

  it('applies nothing when one object is refused, and names its place', async () => {
    const bad = 'apiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec:\n  ports: [{port: 99999}]\n';
    const result = await apply(commit({ 'a.yaml': extra('never'), 'bad.yaml': bad }));
    expect(result.applied).toEqual([]);
    expect(result.problems).toMatchObject([
      { code: 'Invalid', file: 'k8s/bad.yaml', line: 5, object: `Service ${bench.namespace}/bad` },
    ]);
    expect(await bench.get('ConfigMap', 'never')).toBeUndefined();
  });

  it.each([
    ['an unknown kind', 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n', 'KindNotFound'],
    ['an unknown field', `${extra('odd')}dataa: {}\n`, 'UnknownField'],
  ])('says of %s what it is', async (_name, text, code) => {
    expect((await apply(commit({ 'bad.yaml': text }))).problems).toMatchObject([
      { code, file: 'k8s/bad.yaml' },
    ]);
  });

  it('refuses a field that cannot change', async () => {
    const files = shopFiles({});
    const text = files['rollout.yaml'] ?? '';
    const moved = text.replaceAll('app: web', 'app: moved');
    const services = { 'service.yaml': (files['service.yaml'] ?? '').replace('app: web', 'app: moved') };
    expect((await apply(commit({ 'rollout.yaml': moved, ...services }))).problems).toMatchObject([
      { code: 'ImmutableField', file: 'k8s/rollout.yaml', object: `Deployment ${bench.namespace}/web` },
    ]);
  });

  it('refuses what belongs to another application', async () => {
    const theirs = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'theirs', namespace: bench.namespace, labels: { 'belay.dev/application': 'other' } },
    };
    await lab.kube.create(theirs, { manager: 'belay' });
    const { problems } = await apply(commit({ 'a.yaml': extra('theirs') }));
    expect(problems).toMatchObject([{ code: 'OwnedByAnother', message: 'belongs to the application other' }]);
  });

  it('refuses what another application has made since it was tried', async () => {
    const theirs = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'raced', namespace: bench.namespace, labels: { 'belay.dev/application': 'other' } },
    };
    const racing = lab.worker({
      apply: async (object, write) => {
        const after = await lab.kube.apply(object, write);
        if (write.dryRun === true && object.metadata.name === 'raced')
          await lab.kube.create(theirs, { manager: 'belay' });
        return after;
      },
    });
    const { applied, problems } = await apply(commit({ 'a.yaml': extra('raced') }), { worker: racing });
    expect(applied).toEqual([]);
    expect(problems).toMatchObject([
      { code: 'OwnedByAnother', file: 'k8s/a.yaml', message: 'belongs to the application other' },
    ]);
    expect((await bench.get('ConfigMap', 'raced'))?.['data']).toBeUndefined();
  });

  it('knows a CustomResourceDefinition and its objects of one revision', async () => {
    const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.example.com}
spec:
  group: example.com
  names: {plural: gadgets, singular: gadget, kind: Gadget, listKind: GadgetList}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;
    const gadget = 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: g}\n';
    const revision = commit({ 'crd.yaml': crd, 'g.yaml': gadget });
    for (let tries = 0; tries < 20; tries++) {
      const result = await apply(revision).catch(() => undefined); // until the API server serves the new kind
      if (result?.problems.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(await bench.get('Gadget', 'g', 'example.com/v1')).toBeDefined();
  });
});

describe('what is running', () => {
  it('keeps its configuration while another version rolls', async () => {
    const own = await openBench(lab, { config: 'one' });
    const spec = own.rollout({ image: 'v2', config: 'two' });
    expect(await own.sync(spec.target.revision, 'before', { kind: 'rolling', pace: 'steps' })).toEqual([]);
    expect(await own.get('ConfigMap', 'web-config')).toMatchObject({ data: { GREETING: 'one' } });
    expect((await own.deployment()).spec.template.spec).toMatchObject({
      containers: [{ image: 'registry.example/web:v1' }],
    });
  });

  it('is taken over from kubectl: what Git does not say goes', async () => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: bench.namespace, name: 'old' };
    const { apiVersion, kind, ...place } = ref;
    const old = { apiVersion, kind, metadata: place, data: { kept: 'old', gone: 'old' } };
    await lab.kube.create(old, { manager: 'kubectl-client-side-apply' });
    await apply(commit({ 'old.yaml': extra('old', '{kept: new}') }));
    const live = await lab.kube.get(ref);
    expect(live?.['data']).toEqual({ kept: 'new' });
    expect(live?.metadata.managedFields?.map((each) => each.manager)).toEqual(['belay']);
  });

  // `belay` owns the count that Git gave: what it no longer says, the API server takes away.
  it('keeps its count when Git stops to give one', async () => {
    const own = await openBench(lab, { replicas: 4 });
    await own.sync(own.commit({ replicas: null }), 'after', settled);
    expect((await own.deployment()).spec.replicas).toBe(4);
  });
});

import { noTraffic } from '../../src/domain/routing/traffic';
import { openBench, done, type Bench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

/** Nothing of the rollout is left, and stable is as Git has it. */
async function expectAsBefore(bench: Bench): Promise<void> {
  const { spec, status } = await bench.deployment();
  expect(spec).toMatchObject({ replicas: 4 });
  expect(spec.paused).toBeUndefined();
  expect(status).toMatchObject({ availableReplicas: 4 });
  expect(await bench.get('Deployment', 'web-canary')).toBeUndefined();
  expect(await bench.replicaSets()).toHaveLength(1);
  for (const name of ['web-stable', 'web-preview'])
    expect((await bench.get('Service', name))?.['spec']).toMatchObject({ selector: { app: 'web' } });
}

describe('a rollback', () => {
  it.each([25, 50, 100])(
    'from weight %i gives stable everything back and leaves nothing behind',
    async (weight) => {
      const bench = await openBench(lab, { roles: true, config: 'one' });
      const spec = bench.rollout({ image: 'v2', roles: true, config: 'two' });
      bench.recorder.mark();
      done(await run(bench.worker.startCanary, bench.step(spec)));
      await bench.weigh(spec, weight);
      done(await run(bench.worker.returnTraffic, bench.step(spec)));
      expect((await bench.deployment()).spec.replicas).toBe(4);
      done(await run(bench.worker.removeCanary, bench.step(spec)));
      await expectAsBefore(bench);
      bench.recorder.neverBelow('web', 4);
      bench.recorder.neverBelow('web-stable', 1);
    },
  );

  it('of a canary that never ran does not touch a stable pod', async () => {
    const bench = await openBench(lab, { roles: true });
    const spec = bench.rollout({ image: 'v2', roles: true, behavior: 'image-pull' });
    bench.recorder.mark();
    done(await run(bench.worker.startCanary, bench.step(spec)));
    const traffic = { ...noTraffic, weight: 25 };
    const failed = await run(bench.worker.reachWeight, { ...bench.step(spec), traffic });
    expect(failed).toMatchObject({ kind: 'failed', failure: { code: 'ImagePull' } });
    done(await run(bench.worker.returnTraffic, bench.step(spec)));
    done(await run(bench.worker.removeCanary, bench.step(spec)));
    await expectAsBefore(bench);
    expect(bench.recorder.started()).toEqual(['v2']);
    const gone = await bench.recorder.goneAtLeast(1);
    expect(gone.map((name) => name.split('-')[1])).toEqual(['canary']);
    bench.recorder.neverBelow('web-stable', 4);
  });

  it('may be repeated, and before anything was started it does nothing', async () => {
    const bench = await openBench(lab, { roles: true });
    const spec = bench.rollout({ image: 'v2', roles: true });
    for (let times = 0; times < 2; times++) {
      done(await run(bench.worker.returnTraffic, bench.step(spec)));
      done(await run(bench.worker.removeCanary, bench.step(spec)));
      await expectAsBefore(bench);
    }
    expect(bench.recorder.started().filter((image) => image === 'v2')).toEqual([]);
  });

  it('is followed by another try of the same version', async () => {
    const bench = await openBench(lab, { config: 'one' });
    const version = { image: 'v2', config: 'two' };
    const first = bench.rollout(version);
    await bench.toFull(first);
    done(await run(bench.worker.returnTraffic, bench.step(first)));
    done(await run(bench.worker.removeCanary, bench.step(first)));
    const again = bench.rollout(version);
    await bench.toFull(again);
    await bench.promote(again);
    const copy = await configOf(bench);
    expect(await bench.get('ConfigMap', copy)).toMatchObject({ immutable: true, data: { GREETING: 'two' } });
  });
});

describe('a canary of somebody else', () => {
  it('is refused and nothing is touched', async () => {
    const bench = await openBench(lab);
    const theirs = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web-canary', namespace: bench.namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'theirs' } },
        template: {
          metadata: { labels: { app: 'theirs' } },
          spec: { containers: [{ name: 'web', image: 'registry.example/theirs:v1' }] },
        },
      },
    };
    const created = await lab.kube.create(theirs, { manager: 'them' });
    const view = lab.kube.view(bench.namespace);
    await until('the worker sees it', () =>
      view.objects('Deployment').some((each) => each.metadata.uid === created.metadata.uid),
    );
    view.close();
    const spec = bench.rollout({ image: 'v2' });
    expect(await run(bench.worker.startCanary, bench.step(spec))).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'OwnedByAnother',
        sentence: expect.stringContaining("a Deployment web-canary exists that is not Belay's") as string,
      },
    });
    expect((await bench.deployment()).spec.paused).toBeUndefined();
    done(await run(bench.worker.returnTraffic, bench.step(spec)));
    done(await run(bench.worker.removeCanary, bench.step(spec)));
    expect((await bench.get('Deployment', 'web-canary'))?.metadata.uid).toBe(created.metadata.uid);
    expect((await bench.deployment('web-canary')).spec.replicas).toBe(1);
  });
});

describe('configuration', () => {
  it('goes to the canary as an immutable copy, and the plain one stays until the promotion', async () => {
    const bench = await openBench(lab, { config: 'one' });
    const spec = bench.rollout({ image: 'v2', config: 'two' });
    await bench.sync(spec.target.revision, 'before', { kind: 'rolling', pace: 'steps' });
    await bench.toFull(spec);
    expect(await bench.get('ConfigMap', 'web-config')).toMatchObject({ data: { GREETING: 'one' } });
    const set = (await bench.replicaSets()).find((each) => each.metadata.name.startsWith('web-canary-'));
    const names = (await copies(bench)).map(({ metadata }) => metadata.name);
    expect(names).toEqual([expect.stringMatching(/^web-config-[0-9a-f]{10}$/)]);
    expect((await copies(bench))[0]).toMatchObject({
      immutable: true,
      data: { GREETING: 'two' },
      metadata: { ownerReferences: [{ kind: 'ReplicaSet', uid: set?.metadata.uid }] },
    });
    await bench.promote(spec);
    await bench.sync(spec.target.revision, 'after', { kind: 'settled', rolloutId: spec.rolloutId });
    expect(await configOf(bench)).toBe(names[0]);
    expect(await bench.get('ConfigMap', 'web-config')).toMatchObject({ data: { GREETING: 'two' } });
  });

  it('of a failed canary is collected with its ReplicaSet', async () => {
    const bench = await openBench(lab, { config: 'one' });
    const spec = bench.rollout({ image: 'v2', config: 'two' });
    await bench.toFull(spec);
    done(await run(bench.worker.returnTraffic, bench.step(spec)));
    done(await run(bench.worker.removeCanary, bench.step(spec)));
    await until('the copy is collected', async () => (await copies(bench)).length === 0);
    expect(await bench.get('ConfigMap', 'web-config')).toMatchObject({ data: { GREETING: 'one' } });
  });

  it('is copied again when the garbage collector takes the copy of an earlier try away', async () => {
    const bench = await openBench(lab, { config: 'one' });
    const spec = bench.rollout({ image: 'v2', config: 'two' });
    let isTaken = false;
    const worker = lab.worker({
      async create(object, write) {
        const created = await lab.kube.create(object, write);
        if (object.metadata.name === 'web-canary' && !isTaken) {
          isTaken = true;
          for (const { kind, metadata } of await copies(bench))
            await lab.kube.remove(
              { apiVersion: 'v1', kind, namespace: bench.namespace, name: metadata.name },
              { propagation: 'Background' },
            );
        }
        return created;
      },
    });
    done(await run(worker.startCanary, bench.step(spec)));
    expect(await copies(bench)).toHaveLength(1);
  });

  it('that somebody else keeps under the name of the copy is refused', async () => {
    const bench = await openBench(lab, { config: 'one' });
    const spec = bench.rollout({ image: 'v2', config: 'two' });
    await bench.toFull(spec);
    const [copy] = await copies(bench);
    done(await run(bench.worker.returnTraffic, bench.step(spec)));
    done(await run(bench.worker.removeCanary, bench.step(spec)));
    await until('the copy is collected', async () => (await copies(bench)).length === 0);
    const theirs = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: copy?.metadata.name ?? '', namespace: bench.namespace },
    };
    await lab.kube.create(theirs, { manager: 'them' });
    const again = bench.rollout({ image: 'v2', config: 'two' });
    await expect(run(bench.worker.startCanary, bench.step(again))).rejects.toMatchObject({
      type: 'OwnedByAnother',
      nonRetryable: true,
    });
  });
});

async function copies({ namespace }: Bench) {
  const all = await lab.kube.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { namespace });
  return all.filter((each) => each.metadata.name.startsWith('web-config-'));
}

/** Name of the ConfigMap that the pods of stable read. */
async function configOf(bench: Bench): Promise<string> {
  const { containers = [] } = (await bench.deployment()).spec.template.spec as {
    containers?: { envFrom: { configMapRef: { name: string } }[] }[];
  };
  return containers[0]?.envFrom[0]?.configMapRef.name ?? '';
}

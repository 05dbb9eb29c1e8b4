import { noTraffic } from '../../src/domain/routing/traffic';
import type { ClusterActivities } from '../../src/activities';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import type { Cluster } from '../../src/ports/cluster';
import { done, openBench, type Bench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

type Step = (worker: ClusterActivities, bench: Bench, spec: RolloutSpec) => Promise<unknown>;

/** Every activity of a rollout that writes. */
const steps = {
  startCanary: (worker, bench, spec) => run(worker.startCanary, bench.step(spec)),
  reachWeight: (worker, bench, spec) => {
    return run(worker.reachWeight, { ...bench.step(spec), traffic: { ...noTraffic, weight: 50 } });
  },
  handOver: (worker, bench, spec) => run(worker.handOver, bench.step(spec)),
  adoptCanary: (worker, bench, spec) => run(worker.adoptCanary, bench.step(spec)),
  retireOld: (worker, bench, spec) => run(worker.retireOld, bench.step(spec)),
  rollStable: (worker, bench, spec) => run(worker.rollStable, bench.step(spec)),
  returnTraffic: (worker, bench, spec) => run(worker.returnTraffic, bench.step(spec)),
  removeCanary: (worker, bench, spec) => run(worker.removeCanary, bench.step(spec)),
  rollWorkload: (worker, bench, spec) => run(worker.rollWorkload, { ...bench.step(spec), to: 'target' }),
} satisfies Readonly<Record<string, Step>>;

describe('a step with a lower fence than one that has written', () => {
  let bench: Bench;
  let spec: RolloutSpec;
  beforeAll(async () => {
    bench = await openBench(lab, { roles: true, config: 'one' });
    spec = bench.rollout({ image: 'v2', roles: true, config: 'two' });
    await bench.toFull(spec);
    const annotations = { [marks.fence]: '990001' };
    await lab.kube.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: bench.namespace, name: 'web' },
      { metadata: { annotations } },
      { manager: 'belay-rollout' },
    );
  });

  it.each(Object.entries(steps))('%s writes nothing', async (_name, step) => {
    const other = { ...bench.rollout({ image: 'v3', roles: true, config: 'three' }), number: spec.number };
    for (const each of [spec, other]) {
      const before = await everything(bench);
      await expect(step(bench.worker, bench, each)).rejects.toMatchObject({
        type: 'Fenced',
        nonRetryable: true,
        message: expect.stringContaining('is outdated and stops') as string,
      });
      expect(await everything(bench)).toEqual(before);
    }
  });
});

describe('a worker that freezes before a write and wakes up after the rollback', () => {
  async function frozen(
    matches: (call: { ref: KubeObject['metadata'] & { kind: string }; body: object }) => boolean,
    prepare: (bench: Bench, spec: RolloutSpec) => Promise<void>,
    step: Step,
  ): Promise<Bench> {
    const bench = await openBench(lab, { roles: true, config: 'one' });
    const spec = bench.rollout({ image: 'v2', roles: true, config: 'two' });
    await prepare(bench, spec);
    const { cluster, reached, wake } = freezing(matches);
    const outcome = step(lab.worker(cluster), bench, spec).then(
      () => 'wrote',
      (error: unknown) => (error as { type?: string }).type,
    );
    await reached;
    done(await run(bench.worker.returnTraffic, bench.step(spec)));
    done(await run(bench.worker.removeCanary, bench.step(spec)));
    const before = await everything(bench);
    wake();
    expect(await outcome).toBe('Fenced');
    expect(await everything(bench)).toEqual(before);
    return bench;
  }
  const start = async (bench: Bench, spec: RolloutSpec): Promise<void> =>
    done(await run(bench.worker.startCanary, bench.step(spec)));
  const full = (bench: Bench, spec: RolloutSpec): Promise<void> => bench.toFull(spec);

  it('does not set its weight again', async () => {
    const bench = await frozen(({ ref }) => ref.name === 'web', start, steps.reachWeight);
    expect((await bench.deployment()).spec.replicas).toBe(4);
  });

  it('does not hand the stable Service over', async () => {
    // At full weight the Service is at the canary already: somebody turns it back, so that there is something to write.
    const prepare = async (bench: Bench, spec: RolloutSpec): Promise<void> => {
      await full(bench, spec);
      const selector = { app: 'web', 'pod-template-hash': await stableHash(bench) };
      const turned = await bench.kubectl('Service', 'web-stable', { spec: { selector } });
      const view = lab.kube.view(bench.namespace);
      await until('the worker sees it', () =>
        view
          .objects('Service')
          .some((each) => each.metadata.resourceVersion === turned.metadata.resourceVersion),
      );
      view.close();
    };
    const bench = await frozen(
      ({ ref }) => ref.name === 'web-stable',
      prepare,
      (worker, on, spec) => run(worker.handOver, on.step(spec)),
    );
    expect((await bench.get('Service', 'web-stable'))?.['spec']).toMatchObject({ selector: { app: 'web' } });
  });

  it('takes a canary back that it creates too late', async () => {
    const bench = await openBench(lab, { config: 'one' });
    const spec = bench.rollout({ image: 'v2', config: 'two' });
    const { cluster, reached, wake } = freezing(({ ref }) => ref.name === 'web-canary');
    const outcome = run(lab.worker(cluster).startCanary, bench.step(spec));
    outcome.catch(() => undefined);
    await reached;
    done(await run(bench.worker.returnTraffic, bench.step(spec)));
    done(await run(bench.worker.removeCanary, bench.step(spec)));
    wake();
    await expect(outcome).rejects.toMatchObject({ type: 'Fenced' });
    expect(await bench.get('Deployment', 'web-canary')).toBeUndefined();
  });
});

/** A cluster on which the first write that fits waits until it is woken. */
function freezing(
  matches: (call: { ref: KubeObject['metadata'] & { kind: string }; body: object }) => boolean,
): { cluster: Partial<Cluster>; reached: Promise<void>; wake: () => void } {
  let wake = (): void => undefined;
  let arrive = (): void => undefined;
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const woken = new Promise<void>((resolve) => (wake = resolve));
  let isUsed = false;
  const hold = async (ref: { kind: string; name: string }, body: object): Promise<void> => {
    if (isUsed || !matches({ ref, body })) return;
    isUsed = true;
    arrive();
    await woken;
  };
  const { kube } = lab;
  return {
    reached,
    wake: () => wake(),
    cluster: {
      patch: async (ref, patch, write) => {
        await hold(ref, patch);
        return kube.patch(ref, patch, write);
      },
      create: async (object, write) => {
        await hold({ kind: object.kind, name: object.metadata.name }, object);
        return kube.create(object, write);
      },
    },
  };
}

/** What was asked of every object: no status, no versions. */
async function everything({ namespace }: Bench): Promise<unknown> {
  const kinds = [
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    { apiVersion: 'v1', kind: 'Service' },
    { apiVersion: 'v1', kind: 'ConfigMap' },
  ];
  const lists = await Promise.all(kinds.map((kind) => lab.kube.list(kind, { namespace })));
  return lists.flat().map(({ kind, spec, data, metadata: { name, labels, annotations } }) => ({
    kind,
    name,
    spec,
    data,
    labels,
    fence: annotations?.[marks.fence],
  }));
}

async function stableHash(bench: Bench): Promise<string> {
  const sets = await bench.replicaSets();
  const old = sets.find((set) => set.spec.template.metadata?.labels?.[marks.rollout] === undefined);
  return old?.metadata.labels?.['pod-template-hash'] ?? '';
}

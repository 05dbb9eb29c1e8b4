import type { ClusterActivities } from '../../src/activities';
import { asDeployment } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import { done, openBench, type Bench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const restart = {
  spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-03-01' } } } },
};
const setEnv = {
  spec: {
    template: {
      spec: {
        containers: [{ name: 'web', image: 'registry.example/web:v1', env: [{ name: 'A', value: 'b' }] }],
      },
    },
  },
};

describe('somebody else changes stable', () => {
  it.each([
    ['rollout restart', restart],
    ['set env', setEnv],
  ])('before the canary starts (%s): no pod restarts at the promotion', async (_name, change) => {
    const bench = await openBench(lab);
    await bench.kubectl('Deployment', 'web', change);
    const spec = bench.rollout({ image: 'v2' });
    await bench.toFull(spec);
    bench.recorder.mark();
    await bench.promote(spec);
    expect(bench.recorder.started()).toEqual([]);
    bench.recorder.neverBelow('web', 4);
  });

  it.each([
    ['rollout restart', restart],
    ['set env', setEnv],
  ])(
    'while the canary is out (%s): stable rolls by itself and no endpoint is lost',
    async (_name, change) => {
      const bench = await openBench(lab, { config: 'one' });
      const spec = bench.rollout({ image: 'v2', config: 'two' });
      await bench.toFull(spec);
      await bench.kubectl('Deployment', 'web', change);
      bench.recorder.mark();
      done(await run(bench.worker.handOver, bench.step(spec)));
      expect(await run(bench.worker.adoptCanary, bench.step(spec))).toEqual({
        kind: 'unequal',
        why: "web was changed by somebody during the rollout, so it cannot adopt the canary's pods",
      });
      expect(bench.recorder.started()).toEqual([]);
      done(await run(bench.worker.rollStable, bench.step(spec)));
      done(await run(bench.worker.returnTraffic, bench.step(spec)));
      done(await run(bench.worker.removeCanary, bench.step(spec)));
      bench.recorder.neverBelow('web', 4);
      expect(bench.recorder.started()).toEqual(['v2', 'v2', 'v2', 'v2']);
      const [copied = ''] = configsOf(await bench.deployment());
      await collected(bench);
      expect(await bench.get('ConfigMap', copied)).toMatchObject({ data: { GREETING: 'two' } });
    },
  );
});

describe('an autoscaler changes the size in the middle of a promotion', () => {
  it.each([
    [10, 9],
    [4, 5],
    [4, 2],
  ])('%i to %i: no pod is restarted and endpoints never go below', async (before, after) => {
    const bench = await openBench(lab, { replicas: before });
    const spec = bench.rollout({ image: 'v2', replicas: before });
    await bench.toFull(spec);
    bench.recorder.mark();

    const scaler = scalingWorker(bench, after);
    done(await run(scaler.handOver, bench.step(spec)));
    done(await run(scaler.adoptCanary, bench.step(spec)));
    await bench.kubectl('Deployment', 'web', { spec: { replicas: after } });
    done(await run(scaler.retireOld, bench.step(spec)));
    expect((await bench.deployment()).spec.replicas).toBe(after);
    expect(bench.recorder.started()).toEqual(Array<string>(Math.max(0, after - before)).fill('v2'));
    // The Deployment counts a pod no more as soon as it is told to go; this watch hears later that it has gone, and of old pods too.
    const surplus = Math.max(0, before - after);
    const gone = (): readonly string[] =>
      bench.recorder.gone().filter((name) => name.startsWith('web-canary-'));
    await until(`${surplus} surplus pods have gone`, () => gone().length >= surplus);
    expect(gone()).toHaveLength(surplus);
    bench.recorder.neverBelow('web', Math.min(before, after));
  });
});

describe('replicas', () => {
  // src/domain/read-rollout-spec.ts takes a Rollout without a count for one that asks for 1.
  it.each(['adopted', 'rolled'])('never fall to 1 when Git omits them (%s)', async (way) => {
    const bench = await openBench(lab, { replicas: null });
    await bench.kubectl('Deployment', 'web', { spec: { replicas: 4 } });
    const version = { image: 'v2', replicas: null };
    const spec = bench.rollout(version);
    await bench.toFull(spec);
    if (way === 'adopted') await bench.promote(spec);
    else {
      done(await run(bench.worker.handOver, bench.step(spec)));
      done(await run(bench.worker.rollStable, bench.step(spec)));
      done(await run(bench.worker.returnTraffic, bench.step(spec)));
      done(await run(bench.worker.removeCanary, bench.step(spec)));
    }
    bench.recorder.mark();
    const settled = { kind: 'settled', rolloutId: spec.rolloutId } as const;
    await bench.sync(spec.target.revision, 'after', settled);
    await bench.sync(bench.commit({ ...version }), 'heal', settled);
    expect((await bench.deployment()).spec.replicas).toBe(4);
    bench.recorder.neverBelow('web', 4);
  });
});

/** A worker beside whom an autoscaler sets the size each time stable is given its pods. */
function scalingWorker(bench: Bench, replicas: number): ClusterActivities {
  let isDone = false;
  return lab.worker({
    async patch(ref, patch, write) {
      const written = await lab.kube.patch(ref, patch, write);
      const asked = (patch as { spec?: { replicas?: number } }).spec?.replicas ?? 0;
      if (ref.name !== 'web' || ref.kind !== 'Deployment' || asked === 0 || isDone) return written;
      isDone = true;
      await bench.kubectl('Deployment', 'web', { spec: { replicas } });
      return written;
    },
    async remove(ref, deletion) {
      const removed = await lab.kube.remove(ref, deletion);
      if (ref.name === 'web-canary') await bench.kubectl('Deployment', 'web', { spec: { replicas } });
      return removed;
    },
  });
}

function configsOf(object: KubeObject): readonly string[] {
  const { containers = [] } = asDeployment(object).spec.template.spec as {
    containers?: { envFrom?: { configMapRef: { name: string } }[] }[];
  };
  return containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef.name));
}

/** Waits until the garbage collector has looked at everything that lost its owner before now. */
async function collected({ namespace, get }: Bench): Promise<void> {
  const owner = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'owner',
    uid: '00000000-0000-0000-0000-000000000000',
  };
  const orphan = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'orphan', namespace, ownerReferences: [owner] },
  };
  await lab.kube.create(orphan, { manager: 'test' });
  for (let looks = 0; looks < 200 && (await get('ConfigMap', 'orphan')) !== undefined; looks++)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

import { revisionAnnotation } from '../../src/domain/marks';
import { openBench, type Bench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { imageOf } from '../support/cluster-recorder';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

/** Images of the pods that run, sorted. */
function running({ recorder }: Bench): readonly string[] {
  const gone = new Set(recorder.gone());
  return recorder
    .pods()
    .filter((pod) => !gone.has(pod.metadata.name) && pod.metadata.deletionTimestamp === undefined)
    .map(imageOf)
    .sort();
}

describe('a promotion', () => {
  it('restarts no pod and loses no endpoint', async () => {
    const bench = await openBench(lab);
    bench.recorder.mark();
    const spec = bench.rollout({ image: 'v2' });
    await bench.toFull(spec);
    expect(bench.recorder.started()).toEqual(['v2', 'v2', 'v2', 'v2']);
    const canaryPods = bench.recorder.pods().filter((pod) => imageOf(pod) === 'v2');
    await bench.promote(spec);
    expect(bench.recorder.started()).toEqual(['v2', 'v2', 'v2', 'v2']);
    for (const pod of canaryPods) expect(bench.recorder.gone()).not.toContain(pod.metadata.name);
    bench.recorder.neverBelow('web', 4);
    expect(bench.recorder.range('web').most).toBe(5);
    expect(await bench.get('Deployment', 'web-canary')).toBeUndefined();
    const stable = await bench.deployment();
    expect(stable.spec).toMatchObject({ replicas: 4 });
    expect(stable.spec.paused).toBeUndefined();
  });

  it('keeps the stable Service full: it never lists pods of both versions, nor none', async () => {
    const bench = await openBench(lab, { roles: true });
    const spec = bench.rollout({ image: 'v2', roles: true });
    bench.recorder.mark();
    await run(bench.worker.startCanary, bench.step(spec));
    await bench.weigh(spec, 50);
    expect(bench.recorder.range('web-stable').most).toBe(4);
    expect(await listed(bench, 'web-stable')).toEqual(['v1', 'v1']);
    expect(await listed(bench, 'web-preview')).toEqual(['v2', 'v2']);
    await bench.weigh(spec, 100);
    await bench.promote(spec);
    bench.recorder.neverBelow('web-stable', 1);
    expect(bench.recorder.range('web-stable').most).toBe(4);
    bench.recorder.neverBelow('web', 4);
    for (const name of ['web-stable', 'web-preview']) {
      expect((await bench.get('Service', name))?.['spec']).toMatchObject({ selector: { app: 'web' } });
      expect(await listed(bench, name)).toEqual(['v2', 'v2', 'v2', 'v2']);
    }
  });

  it('starts no pod of any old version in three promotions in a row, and keeps the history for undo', async () => {
    const bench = await openBench(lab);
    bench.recorder.mark();
    for (const image of ['v2', 'v3', 'v4']) {
      const spec = bench.rollout({ image });
      await bench.toFull(spec);
      await bench.promote(spec);
    }
    const started = [...bench.recorder.started()].sort();
    expect(started).toEqual(['v2', 'v3', 'v4'].flatMap((image) => Array<string>(4).fill(image)));
    bench.recorder.neverBelow('web', 4);
    expect(running(bench)).toEqual(['v4', 'v4', 'v4', 'v4']);

    const { uid } = (await bench.deployment()).metadata;
    const history = (await bench.replicaSets())
      .map(({ metadata, spec }) => ({
        revision: metadata.annotations?.[revisionAnnotation],
        app: metadata.labels?.['app'],
        parked: metadata.labels?.['belay.dev/parked'],
        owner: metadata.ownerReferences?.[0]?.uid,
        image: imageOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: '' }, spec: spec.template.spec }),
        replicas: spec.replicas,
      }))
      .sort((a, b) => Number(a.revision) - Number(b.revision));
    expect(history).toEqual(
      [1, 2, 3, 4].map((number) => ({
        revision: String(number),
        app: 'web',
        owner: uid,
        image: `v${number}`,
        replicas: number === 4 ? 4 : 0,
      })),
    );
  });

  it('rolls v2, v3 and v2 again without restarting a pod of the promoted version', async () => {
    const bench = await openBench(lab);
    for (const image of ['v2', 'v3']) {
      const spec = bench.rollout({ image });
      await bench.toFull(spec);
      await bench.promote(spec);
    }
    const again = bench.rollout({ image: 'v2' });
    await bench.toFull(again);
    bench.recorder.mark();
    await bench.promote(again);
    expect(bench.recorder.started()).toEqual([]);
    expect(running(bench)).toEqual(['v2', 'v2', 'v2', 'v2']);
    bench.recorder.neverBelow('web', 4);
  });

  it('leaves a Deployment that a later rollout restart moves with all endpoints', async () => {
    const bench = await openBench(lab, { roles: true });
    const spec = bench.rollout({ image: 'v2', roles: true });
    await bench.toFull(spec);
    await bench.promote(spec);
    bench.recorder.mark();
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-03-01T00:00:00Z' };
    await bench.kubectl('Deployment', 'web', { spec: { template: { metadata: { annotations } } } });
    await until('the restart is complete', async () => {
      const { status, metadata } = await bench.deployment();
      return (
        status?.observedGeneration === metadata.generation &&
        status?.updatedReplicas === 4 &&
        status.replicas === 4 &&
        status.availableReplicas === 4
      );
    });
    expect(bench.recorder.started()).toEqual(['v2', 'v2', 'v2', 'v2']);
    for (const service of ['web', 'web-stable', 'web-preview']) bench.recorder.neverBelow(service, 3);
  });
});

/** Images of the pods that a Service lists as ready, sorted. */
async function listed(bench: Bench, service: string): Promise<readonly string[]> {
  const slices = await lab.kube.list(
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
    { namespace: bench.namespace, labelSelector: `kubernetes.io/service-name=${service}` },
  );
  const names = slices.flatMap((slice) =>
    ((slice['endpoints'] ?? []) as { targetRef: { name: string }; conditions: { ready: boolean } }[])
      .filter((each) => each.conditions.ready)
      .map((each) => each.targetRef.name),
  );
  return bench.recorder
    .pods()
    .filter((pod) => names.includes(pod.metadata.name))
    .map(imageOf)
    .sort();
}

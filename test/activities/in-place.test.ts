import type { InPlaceKind } from '../../src/domain/in-place-view';
import { marks } from '../../src/domain/marks';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { done } from '../support/cluster-bench';
import { openInPlace } from '../support/in-place-bench';
import type { InPlaceVersion } from '../support/in-place-files';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const kinds: readonly InPlaceKind[] = ['StatefulSet', 'DaemonSet'];

describe('a StatefulSet of 4', () => {
  it('moves no pod at the start, then the highest ordinals, and has Git’s updateStrategy back at the end', async () => {
    const bench = await openInPlace(lab, 'StatefulSet');
    const before = (await bench.workload()).spec.updateStrategy;
    const spec = bench.rollout({ image: 'v2' });
    done(await run(bench.worker.startInPlace, bench.step(spec)));
    expect((await bench.workload()).spec.updateStrategy?.rollingUpdate?.partition).toBe(4);
    done(await bench.reach(spec, 25));
    expect(await bench.images()).toEqual(['v1', 'v1', 'v1', 'v2']);
    done(await bench.reach(spec, 30));
    expect(await bench.images()).toEqual(['v1', 'v1', 'v2', 'v2']);
    expect(await bench.recorder.goneAtLeast(2)).toEqual(['db-3', 'db-2']);
    await bench.promote(spec);
    expect(await bench.images()).toEqual(['v2', 'v2', 'v2', 'v2']);
    const { spec: after, status } = await bench.workload();
    expect(after.updateStrategy).toEqual(before);
    expect(status?.currentRevision).toBe(status?.updateRevision);
  });

  it('goes back from a version that does not run: only the highest ordinal was touched', async () => {
    const bench = await openInPlace(lab, 'StatefulSet');
    const untouched = (await bench.pods()).slice(0, 3).map((pod) => pod.metadata.uid);
    const spec = bench.rollout({ image: 'v2-broken' });
    expect(await bench.reach(spec, 25)).toMatchObject({
      kind: 'failed',
      failure: { code: 'ImagePull', pod: 'db-3' },
    });
    await bench.goBack(spec);
    expect(await bench.images()).toEqual(['v1', 'v1', 'v1', 'v1']);
    expect((await bench.pods()).slice(0, 3).map((pod) => pod.metadata.uid)).toEqual(untouched);
    expect(await bench.recorder.goneAtLeast(2)).toEqual(['db-3', 'db-3']);
    expect((await bench.workload()).spec.updateStrategy?.rollingUpdate?.partition ?? 0).toBe(0);
  });

  it('starts pods that Git adds in the same commit with the old version', async () => {
    const bench = await openInPlace(lab, 'StatefulSet', { replicas: 2 });
    const spec = bench.rollout({ image: 'v2', replicas: 4 });
    done(await run(bench.worker.startInPlace, bench.step(spec)));
    await until('there are 4', async () => (await bench.images()).length === 4);
    expect(await bench.images()).toEqual(['v1', 'v1', 'v1', 'v1']);
    done(await bench.reach(spec, 25));
    expect(await bench.images()).toEqual(['v1', 'v1', 'v1', 'v2']);
    await bench.goBack(spec);
    await until('there are 2', async () => (await bench.images()).length === 2);
    expect(await bench.images()).toEqual(['v1', 'v1']);
  });

  it('takes over a size that Git gives it in the middle', async () => {
    const bench = await openInPlace(lab, 'StatefulSet', { replicas: 2 });
    const spec = bench.rollout({ image: 'v2', replicas: 2 });
    done(await bench.reach(spec, 50));
    done(await run(bench.worker.reachInPlace, { ...bench.step(spec), weight: 50, replicas: 4 }));
    await until('there are 4', async () => (await bench.images()).length === 4);
    expect(await bench.images()).toEqual(['v1', 'v2', 'v2', 'v2']);
    done(await run(bench.worker.reachInPlace, { ...bench.step(spec), weight: 100, replicas: 4 }));
    done(await run(bench.worker.settleInPlace, { ...bench.step(spec), to: 'target', replicas: 4 }));
    expect(await bench.images()).toEqual(['v2', 'v2', 'v2', 'v2']);
  });

  it('keeps the count that somebody else gives it', async () => {
    const bench = await openInPlace(lab, 'StatefulSet', { replicas: null });
    const ref = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: bench.namespace, name: 'db' };
    await lab.kube.patch(ref, { spec: { replicas: 3 } }, { manager: 'autoscaler' });
    await until('there are 3', async () => (await bench.images()).length === 3);
    await bench.promote(bench.rollout({ image: 'v2', replicas: null }));
    expect(await bench.images()).toEqual(['v2', 'v2', 'v2']);
  });

  it.each<[string, string]>([
    ['OnDelete', '{type: OnDelete}'],
    ['a partition', '{type: RollingUpdate, rollingUpdate: {partition: 1}}'],
  ])('has %s of Git’s again after a promotion and after a rollback', async (_name, updateStrategy) => {
    const bench = await openInPlace(lab, 'StatefulSet', { updateStrategy });
    const before = (await bench.workload()).spec.updateStrategy;
    const good = bench.rollout({ image: 'v2', updateStrategy });
    await bench.promote(good);
    expect((await bench.workload()).spec.updateStrategy).toEqual(before);
    const bad = bench.rollout({ image: 'v3', updateStrategy });
    done(await bench.reach(bad, 50));
    await bench.goBack(bad);
    expect((await bench.workload()).spec.updateStrategy).toEqual(before);
    expect(await bench.images()).toEqual(['v2', 'v2', 'v2', 'v2']);
  });

  it('goes back when every pod already has the new version', async () => {
    const bench = await openInPlace(lab, 'StatefulSet');
    const spec = bench.rollout({ image: 'v2' });
    done(await bench.reach(spec, 100));
    await bench.goBack(spec);
    expect(await bench.images()).toEqual(['v1', 'v1', 'v1', 'v1']);
  });
});

describe('a DaemonSet on 3 nodes', () => {
  it('moves node by node in the order of their names', async () => {
    const bench = await openInPlace(lab, 'DaemonSet');
    const before = (await bench.workload()).spec.updateStrategy;
    const spec = bench.rollout({ image: 'v2' });
    done(await run(bench.worker.startInPlace, bench.step(spec)));
    expect((await bench.workload()).spec.updateStrategy?.type).toBe('OnDelete');
    expect(bench.recorder.gone()).toEqual([]);
    done(await bench.reach(spec, 25));
    expect(await bench.images()).toEqual(['v2', 'v1', 'v1']);
    done(await bench.reach(spec, 50));
    expect(await bench.images()).toEqual(['v2', 'v2', 'v1']);
    await bench.promote(spec);
    expect(await bench.images()).toEqual(['v2', 'v2', 'v2']);
    expect((await bench.workload()).spec.updateStrategy).toEqual(before);
    expect(await bench.recorder.goneAtLeast(3)).toHaveLength(3);
  });

  it('goes back from a version that does not run: only one node was touched', async () => {
    const bench = await openInPlace(lab, 'DaemonSet');
    const [, second, third] = await bench.pods();
    const spec = bench.rollout({ image: 'v2-broken' });
    expect(await bench.reach(spec, 100)).toMatchObject({ kind: 'failed', failure: { code: 'ImagePull' } });
    await bench.goBack(spec);
    expect(await bench.images()).toEqual(['v1', 'v1', 'v1']);
    const left = (await bench.pods()).slice(1).map((pod) => pod.metadata.uid);
    expect(left).toEqual([second?.metadata.uid, third?.metadata.uid]);
    expect((await bench.workload()).spec.updateStrategy?.type).toBe('RollingUpdate');
  });

  it('keeps all but maxUnavailable pods', async () => {
    const updateStrategy = '{type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}';
    const bench = await openInPlace(lab, 'DaemonSet', { updateStrategy, behavior: 'slow-ready' });
    const spec = bench.rollout({ image: 'v2', updateStrategy, behavior: 'slow-ready' });
    done(await run(bench.worker.startInPlace, bench.step(spec)));
    const reached = bench.reach(spec, 100);
    await bench.recorder.goneAtLeast(2);
    expect(await bench.images()).toContain('v1');
    done(await reached);
    expect(await bench.images()).toEqual(['v2', 'v2', 'v2']);
  });
});

describe.each(kinds)('a %s', (kind) => {
  const size = kind === 'StatefulSet' ? 4 : 3;
  const all = (image: string): readonly string[] => Array<string>(size).fill(image);
  const broken: InPlaceVersion = { image: 'v2-broken' };

  it('carries the label of its rollout and keeps it in a sync', async () => {
    const bench = await openInPlace(lab, kind);
    const spec = bench.rollout({ image: 'v2' });
    await bench.promote(spec);
    const { rolloutId } = spec;
    expect((await bench.workload()).spec.template.metadata?.labels?.[marks.rollout]).toBe(rolloutId);
    const again = await bench.sync(spec.target.revision, 'after', { kind: 'settled', rolloutId });
    expect(again).toEqual([]);
    expect(await bench.recorder.goneAtLeast(size)).toHaveLength(size);
  });

  it('is left alone by a sync while its rollout is out', async () => {
    const bench = await openInPlace(lab, kind, { config: 'one' });
    const spec = bench.rollout({ image: 'v2', config: 'two' });
    await bench.sync(spec.target.revision, 'before', { kind: 'rolling', pace: 'steps' });
    done(await bench.reach(spec, 25));
    expect(await bench.sync(spec.target.revision, 'heal', { kind: 'rolling', pace: 'steps' })).toEqual([]);
    expect(await bench.get('ConfigMap', 'db-config')).toMatchObject({ data: { GREETING: 'one' } });
  });

  it('takes its configuration with it and back', async () => {
    const bench = await openInPlace(lab, kind, { config: 'one' });
    const good = bench.rollout({ image: 'v2', config: 'two' });
    await bench.promote(good);
    await bench.sync(good.target.revision, 'after', { kind: 'settled', rolloutId: good.rolloutId });
    const bad = bench.rollout({ image: 'v3', config: 'three' });
    done(await bench.reach(bad, 50));
    await bench.goBack(bad);
    const [name = ''] = configNames(await bench.pods());
    expect(name).toMatch(/^db-config-[0-9a-f]{10}$/);
    expect(await bench.get('ConfigMap', name)).toMatchObject({
      immutable: true,
      data: { GREETING: 'two' },
      metadata: { ownerReferences: [{ kind: 'ControllerRevision' }] },
    });
    expect(configNames(await bench.pods())).toEqual(Array<string>(size).fill(name));
  });

  it('goes back twice to the same version, and forward to the failed one again', async () => {
    const bench = await openInPlace(lab, kind);
    for (let times = 0; times < 2; times++) {
      const spec = bench.rollout({ image: 'v2' });
      done(await bench.reach(spec, 50));
      await bench.goBack(spec);
      await bench.goBack(spec);
      expect(await bench.images()).toEqual(all('v1'));
    }
    await bench.promote(bench.rollout({ image: 'v2' }));
    expect(await bench.images()).toEqual(all('v2'));
  });

  it('touches nothing when it goes back before anything was started', async () => {
    const bench = await openInPlace(lab, kind);
    await bench.goBack(bench.rollout({ image: 'v2' }));
    expect(bench.recorder.gone()).toEqual([]);
  });

  it('says in a pause that its new pods fail', async () => {
    const bench = await openInPlace(lab, kind);
    const spec = bench.rollout({ image: 'v2', behavior: 'crash-after-ready' });
    done(await bench.reach(spec, 25));
    expect(await run(bench.worker.watchInPlace, bench.step(spec))).toMatchObject({
      kind: 'failed',
      failure: { code: 'CrashLoop' },
    });
    await bench.goBack(spec);
    expect(await bench.images()).toEqual(all('v1'));
  });

  it('stops a step that a newer one has overtaken, and its pods stay', async () => {
    const bench = await openInPlace(lab, kind);
    const spec = bench.rollout({ image: 'v2' });
    const late = bench.step(spec);
    done(await bench.reach(spec, 25));
    await bench.goBack(spec);
    bench.recorder.mark();
    for (const step of [
      () => run(bench.worker.startInPlace, late),
      () => run(bench.worker.reachInPlace, { ...late, weight: 100 }),
      () => run(bench.worker.settleInPlace, { ...late, to: 'target' as const }),
    ])
      await expect(step()).rejects.toMatchObject({ type: 'Fenced', nonRetryable: true });
    expect(bench.recorder.gone()).toEqual([]);
    expect(await bench.images()).toEqual(all('v1'));
  });

  it('does not delete a pod when it wakes up after the rollback', async () => {
    const bench = await openInPlace(lab, kind);
    const spec = bench.rollout(broken);
    await bench.reach(spec, 25);
    let wake = (): void => undefined;
    let arrive = (): void => undefined;
    const reached = new Promise<void>((resolve) => (arrive = resolve));
    const woken = new Promise<void>((resolve) => (wake = resolve));
    const frozen = lab.worker({
      async patch(ref, patch, write) {
        arrive();
        await woken;
        return lab.kube.patch(ref, patch, write);
      },
    });
    const outcome = run(frozen.reachInPlace, { ...bench.step(spec), weight: 100 });
    outcome.catch(() => undefined);
    await reached;
    await bench.goBack(spec);
    bench.recorder.mark();
    wake();
    await expect(outcome).rejects.toMatchObject({ type: 'Fenced' });
    expect(bench.recorder.gone()).toEqual([]);
  });
});

function configNames(pods: readonly { readonly [field: string]: unknown }[]): readonly string[] {
  return pods.map((pod) => {
    const { containers = [] } = pod['spec'] as {
      containers?: { envFrom?: { configMapRef: { name: string } }[] }[];
    };
    return containers[0]?.envFrom?.[0]?.configMapRef.name ?? '';
  });
}

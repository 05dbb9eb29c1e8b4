import type { ClusterActivities } from '../../src/activities';
import { asEndpointSlice } from '../../src/domain/apps';
import { marks, podTemplateHash } from '../../src/domain/marks';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import { noTraffic } from '../../src/domain/routing/traffic';
import type { Strategy } from '../../src/domain/strategy';
import { done, openBench, type Bench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { imageOf } from '../support/cluster-recorder';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const release = { id: 'release/shop/1', isLockstep: false };
const blueGreen: Strategy = {
  kind: 'blueGreen',
  activeService: 'web-stable',
  previewService: 'web-preview',
  maxUnavailable: 0,
  scaleDownDelayMs: 0,
  autoPromotionEnabled: true,
};

interface Way {
  readonly roles: boolean;
  readonly strategy?: Strategy;
}

const ways: readonly (readonly [string, Way, readonly string[]])[] = [
  ['a canary by replica ratio', { roles: false }, ['web']],
  ['a canary by pinned Services', { roles: true }, ['web']],
  ['blue-green', { roles: true, strategy: blueGreen }, ['web-stable', 'web-preview']],
];

function specOf(bench: Bench, { roles, strategy }: Way, image = 'v2'): RolloutSpec {
  const spec = bench.rollout({ image, roles });
  return { ...spec, release, ...(strategy === undefined ? {} : { strategy }) };
}

/** From the start to the handover. */
async function toHandover(bench: Bench, spec: RolloutSpec): Promise<void> {
  const { worker } = bench;
  done(await run(worker.startCanary, bench.step(spec)));
  const traffic = { ...noTraffic, isFull: true, ...(spec.strategy.kind === 'canary' ? { weight: 100 } : {}) };
  done(await run(worker.reachWeight, { ...bench.step(spec), traffic }));
  done(await run(worker.handOver, bench.step(spec)));
}

async function toGate(bench: Bench, spec: RolloutSpec): Promise<void> {
  await toHandover(bench, spec);
  done(await run(bench.worker.standBy, bench.step(spec)));
}

async function back(bench: Bench, spec: RolloutSpec): Promise<void> {
  done(await run(bench.worker.returnTraffic, bench.step(spec)));
  done(await run(bench.worker.removeCanary, bench.step(spec)));
}

/** Every Service is as Git has it, with no mark of a release. */
async function expectGitsServices(bench: Bench, { roles }: Way): Promise<void> {
  for (const name of ['web', ...(roles ? ['web-stable', 'web-preview'] : [])]) {
    const service = await bench.get('Service', name);
    expect(service).toMatchObject({ spec: { selector: { app: 'web' } } });
    expect(service?.['spec']).not.toHaveProperty(['selector', podTemplateHash]);
    expect(service?.metadata.annotations ?? {}).not.toHaveProperty([marks.standby]);
  }
}

const isWhole = { spec: { replicas: 4 }, status: { availableReplicas: 4, readyReplicas: 4 } };

describe('the gate of a release', () => {
  it.each(ways)(
    'of %s has the old version at full size beside the new one, and the way back starts no pod and loses no endpoint',
    async (_name, way, services) => {
      const bench = await openBench(lab, { roles: way.roles });
      const spec = specOf(bench, way);
      bench.recorder.mark();
      await toGate(bench, spec);
      expect(await bench.deployment()).toMatchObject(isWhole);
      expect(await bench.deployment('web-canary')).toMatchObject(isWhole);
      const started = bench.recorder.started().length;
      expect(await imagesBehind(bench, services[0] ?? '')).toEqual(['v2', 'v2', 'v2', 'v2']);
      done(await run(bench.worker.returnTraffic, bench.step(spec)));
      await until('all requests go to the old version', async () =>
        (await imagesBehind(bench, services[0] ?? '')).every((each) => each === 'v1'),
      );
      done(await run(bench.worker.removeCanary, bench.step(spec)));
      expect(bench.recorder.started()).toHaveLength(started);
      for (const service of services) bench.recorder.neverBelow(service, 4);
      await expectGitsServices(bench, way);
      expect((await bench.deployment()).spec.paused).toBeUndefined();
    },
  );

  it.each(ways)(
    'of %s may be passed: stable adopts, and no endpoint is lost',
    async (_name, way, services) => {
      const bench = await openBench(lab, { roles: way.roles });
      const spec = specOf(bench, way);
      bench.recorder.mark();
      await toGate(bench, spec);
      done(await run(bench.worker.adoptCanary, bench.step(spec)));
      done(await run(bench.worker.retireOld, bench.step(spec)));
      for (const service of services) bench.recorder.neverBelow(service, 4);
      expect(await imagesBehind(bench, services[0] ?? '')).toEqual(['v2', 'v2', 'v2', 'v2']);
      await expectGitsServices(bench, way);
      expect(await bench.get('Deployment', 'web-canary')).toBeUndefined();
    },
  );

  it('is kept as it is while somebody waits: Services that are turned, and a new size', async () => {
    const bench = await openBench(lab);
    const spec = specOf(bench, { roles: false });
    await toGate(bench, spec);
    const stop = new AbortController();
    const input = {
      ...bench.step(spec),
      traffic: { ...noTraffic, weight: 100, isStandby: true },
      replicas: 5,
    };
    const kept = run(bench.worker.keepWeight, input, stop.signal).catch((error: unknown) => error);
    await until('both versions have the new size', async () => {
      const sizes = await Promise.all(['web', 'web-canary'].map((name) => bench.deployment(name)));
      return sizes.every(({ status }) => status?.availableReplicas === 5);
    });
    await bench.kubectl('Service', 'web', { spec: { selector: { [podTemplateHash]: null } } });
    await until('the pin is back', async () => (await pinOf(bench, 'web')) !== undefined);
    stop.abort();
    await kept;
  });

  it('is no drift for self-heal', async () => {
    const bench = await openBench(lab);
    const spec = specOf(bench, { roles: false });
    await toGate(bench, spec);
    const pin = await pinOf(bench, 'web');
    expect(pin).toBeDefined();
    expect(await bench.sync(spec.target.revision, 'heal', { kind: 'rolling', pace: 'steps' })).toEqual([]);
    expect(await pinOf(bench, 'web')).toBe(pin);
  });

  it('is left by a worker that dies anywhere, is frozen, or does it twice', async () => {
    const bench = await openBench(lab);
    const spec = specOf(bench, { roles: false });
    await toHandover(bench, spec);
    bench.recorder.mark();
    for (const writes of [0, 1]) {
      const step = bench.step(spec);
      await expect(run(dying(writes).standBy, step)).rejects.toThrow();
    }
    for (let times = 0; times < 2; times++) done(await run(bench.worker.standBy, bench.step(spec)));
    expect(await bench.deployment()).toMatchObject(isWhole);
    for (let times = 0; times < 2; times++) await back(bench, spec);
    bench.recorder.neverBelow('web', 4);
    await expectGitsServices(bench, { roles: false });
  });
});

describe('a worker that freezes while it brings the old version back to size', () => {
  it.each(['Service', 'Deployment'])('does not write the %s after the way back', async (kind) => {
    const bench = await openBench(lab);
    const spec = specOf(bench, { roles: false });
    await toHandover(bench, spec);
    let wake = (): void => undefined;
    let reach = (): void => undefined;
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const woken = new Promise<void>((resolve) => (wake = resolve));
    let isFirst = true;
    const frozen = lab.worker({
      async patch(ref, patch, write) {
        if (ref.kind === kind && isFirst) {
          isFirst = false;
          reach();
          await woken;
        }
        return lab.kube.patch(ref, patch, write);
      },
    });
    const outcome = run(frozen.standBy, bench.step(spec)).then(
      () => 'wrote',
      (error: unknown) => (error as { type?: string }).type,
    );
    await reached;
    await back(bench, spec);
    const before = await Promise.all([bench.get('Service', 'web'), bench.deployment()]);
    wake();
    expect(await outcome).toBe('Fenced');
    const after = await Promise.all([bench.get('Service', 'web'), bench.deployment()]);
    expect(after).toEqual(before);
    await expectGitsServices(bench, { roles: false });
  });
});

/** A worker that dies at its write of this number. */
function dying(writes: number): ClusterActivities {
  let left = writes;
  return lab.worker({
    patch(ref, patch, write) {
      if (left-- <= 0) throw new Error('the worker died');
      return lab.kube.patch(ref, patch, write);
    },
  });
}

async function pinOf(bench: Bench, name: string): Promise<string | undefined> {
  const service = await bench.get('Service', name);
  return (service?.['spec'] as { selector?: Record<string, string> } | undefined)?.selector?.[
    podTemplateHash
  ];
}

/** Images of the pods that a Service lists as ready, once the watch knows all of them. */
async function imagesBehind(bench: Bench, service: string): Promise<readonly string[]> {
  const slices = await lab.kube.list(
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
    { namespace: bench.namespace, labelSelector: `kubernetes.io/service-name=${service}` },
  );
  const names = slices
    .map(asEndpointSlice)
    .flatMap(({ endpoints = [] }) => endpoints)
    .filter(({ conditions }) => conditions?.ready === true)
    .map(({ targetRef }) => targetRef?.name ?? '');
  const pods = () => bench.recorder.pods().filter(({ metadata }) => names.includes(metadata.name));
  await until('the recorder knows the pods', () => pods().length === names.length);
  return pods().map(imageOf);
}

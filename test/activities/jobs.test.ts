import { setTimeout as sleep } from 'node:timers/promises';
import { measureJob } from '../../src/activities/measure-job';
import { runJob, type JobRun } from '../../src/activities/jobs';
import { composeJob } from '../../src/domain/hook-job';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';
import { startLab, type Lab } from '../support/cluster-lab';
import { until } from '../support/until';

let lab: Lab;
let namespace: string;
beforeAll(async () => {
  lab = await startLab();
  namespace = await lab.namespace();
});
afterAll(async () => {
  lab.kube.close();
  await lab.stop();
});

let names = 0;

interface JobShape {
  readonly behavior?: string;
  readonly spec?: object;
  readonly suspend?: boolean;
}

/** A Job of one pod, which the simulated kubelet ends well unless told otherwise. */
function manifest({ behavior, spec = {} }: JobShape = {}): { metadata: object; spec: object } {
  const annotations = behavior === undefined ? {} : { 'sim.belay.dev/behavior': behavior };
  const container = { name: 'main', image: 'registry.example/job:v1' };
  return {
    metadata: {},
    spec: {
      backoffLimit: 0,
      ...spec,
      template: { metadata: { annotations }, spec: { restartPolicy: 'Never', containers: [container] } },
    },
  };
}

function job(shape: JobShape = {}, name = `job-${++names}`): KubeObject {
  const base = { name, namespace, application: 'shop', rolloutId: 'r1-test' };
  return composeJob(manifest(shape), shape.suspend === true ? { ...base, suspend: true } : base);
}

function beat(signal: AbortSignal = new AbortController().signal): JobRun {
  return { signal, note: () => undefined, now: Date.now, onAbort: 'delete' };
}

function live(name: string): Promise<KubeObject | undefined> {
  return lab.kube.get({ apiVersion: 'batch/v1', kind: 'Job', namespace, name });
}

async function podsOf(name: string): Promise<readonly KubeObject[]> {
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  return lab.kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector });
}

function hasPod(name: string): Promise<unknown> {
  return until(`Job ${name} has a pod`, async () => (await podsOf(name)).length > 0);
}

/** As the SDK aborts an activity that the workflow has cancelled. */
function cancelled(): { readonly controller: AbortController; readonly cancel: () => void } {
  const controller = new AbortController();
  return { controller, cancel: () => controller.abort(new Error('CANCELLED')) };
}

describe('a Job', () => {
  it('that ends well is complete, and is made once however often it is asked for', async () => {
    const wanted = job();
    const ends = await Promise.all([1, 2, 3].map(() => runJob(lab.kube, wanted, beat())));
    expect(ends).toEqual([{ kind: 'complete' }, { kind: 'complete' }, { kind: 'complete' }]);
    expect(await runJob(lab.kube, wanted, beat())).toEqual({ kind: 'complete' });
    expect(await podsOf(wanted.metadata.name)).toHaveLength(1);
  });

  it('that fails says how its container ended', async () => {
    const wanted = job({ behavior: 'crash' });
    expect(await runJob(lab.kube, wanted, beat())).toMatchObject({
      kind: 'failed',
      reason: 'BackoffLimitExceeded',
      container: 'main',
      sentence: expect.stringContaining('exit code 1 (Error)') as string,
    });
  });

  it('that runs out of time has failed by its own deadline', async () => {
    const wanted = job({ behavior: 'never-ready', spec: { activeDeadlineSeconds: 1 } });
    expect(await runJob(lab.kube, wanted, beat())).toMatchObject({
      kind: 'failed',
      reason: 'DeadlineExceeded',
    });
  });

  it('whose image does not exist is stuck within seconds', async () => {
    const before = Date.now();
    const end = await runJob(lab.kube, job({ behavior: 'image-pull' }), beat());
    expect(end).toMatchObject({ kind: 'stuck', code: 'ImagePull' });
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  it('that somebody deletes is gone, and is not made again', async () => {
    const wanted = job({ behavior: 'never-ready' });
    const running = runJob(lab.kube, wanted, beat());
    await hasPod(wanted.metadata.name);
    await lab.kube.remove(ref(wanted), { propagation: 'Background' });
    expect(await running).toMatchObject({ kind: 'gone' });
    expect(await live(wanted.metadata.name)).toBeUndefined();
  });

  it('of somebody else under that name is left alone', async () => {
    const theirs = job();
    const { metadata, ...rest } = theirs;
    await lab.kube.create(
      { ...rest, metadata: { ...metadata, labels: {} } },
      {
        manager: 'them',
      },
    );
    await expect(runJob(lab.kube, theirs, beat())).rejects.toMatchObject({ code: 'OwnedByAnother' });
  });
});

describe('a cancellation', () => {
  it('by the workflow deletes the Job with its pods', async () => {
    const { controller, cancel } = cancelled();
    const wanted = job({ behavior: 'never-ready' });
    const running = runJob(lab.kube, wanted, beat(controller.signal));
    running.catch(() => undefined);
    await hasPod(wanted.metadata.name);
    cancel();
    await expect(running).rejects.toThrow('CANCELLED');
    await until('its pods are gone', async () => (await podsOf(wanted.metadata.name)).length === 0);
    expect(await live(wanted.metadata.name)).toBeUndefined();
  });

  it('may leave the Job, suspended, to tell that it ran', async () => {
    const { controller, cancel } = cancelled();
    const wanted = job({ behavior: 'never-ready', suspend: true });
    const running = runJob(lab.kube, wanted, { ...beat(controller.signal), onAbort: 'suspend' });
    running.catch(() => undefined);
    await hasPod(wanted.metadata.name);
    cancel();
    await expect(running).rejects.toThrow('CANCELLED');
    await until('its pods are gone', async () => (await podsOf(wanted.metadata.name)).length === 0);
    expect(await live(wanted.metadata.name)).toMatchObject({
      metadata: { annotations: { 'belay.dev/released': 'true' } },
      spec: { suspend: true },
    });
  });

  it('because a worker stops leaves the Job to the next one, which watches it to its end', async () => {
    const controller = new AbortController();
    const wanted = job({ behavior: 'slow-ready' });
    const running = runJob(lab.kube, wanted, beat(controller.signal));
    running.catch(() => undefined);
    await hasPod(wanted.metadata.name);
    controller.abort(new Error('WORKER_SHUTDOWN'));
    await expect(running).rejects.toThrow('WORKER_SHUTDOWN');
    expect(await runJob(lab.kube, wanted, beat())).toEqual({ kind: 'complete' });
    expect(await podsOf(wanted.metadata.name)).toHaveLength(1);
  });
});

describe('a Job that is held at its start', () => {
  it('gets no pod before it may start', async () => {
    const wanted = job({ suspend: true });
    let podsAtStart: number | undefined;
    const mayStart = async (): Promise<void> => {
      await sleep(500);
      podsAtStart = (await podsOf(wanted.metadata.name)).length;
    };
    expect(await runJob(lab.kube, wanted, { ...beat(), mayStart })).toEqual({ kind: 'complete' });
    expect(podsAtStart).toBe(0);
  });

  it('never gets one when it may not', async () => {
    const wanted = job({ suspend: true });
    const mayStart = (): Promise<void> => Promise.reject(new Error('outdated'));
    await expect(runJob(lab.kube, wanted, { ...beat(), mayStart })).rejects.toThrow('outdated');
    await sleep(500);
    expect(await podsOf(wanted.metadata.name)).toHaveLength(0);
  });

  it('and was deleted meanwhile, does not come back by a worker that wakes up late', async () => {
    const wanted = job({ suspend: true });
    const mayStart = async (): Promise<void> => {
      await lab.kube.remove(ref(wanted), { propagation: 'Background' });
    };
    expect(await runJob(lab.kube, wanted, { ...beat(), mayStart })).toMatchObject({ kind: 'gone' });
    expect(await live(wanted.metadata.name)).toBeUndefined();
  });
});

it('a server that cannot be reached for a moment does not make a second Job', async () => {
  const wanted = job();
  let cuts = 0;
  const flaky: Cluster = {
    ...lab.kube,
    async create(object, write) {
      await lab.kube.create(object, write);
      if (++cuts === 1) throw new Error('cut off after the effect');
      throw new Error('it was made twice');
    },
  };
  await expect(runJob(flaky, wanted, beat())).rejects.toThrow('cut off');
  expect(await runJob(flaky, wanted, beat())).toEqual({ kind: 'complete' });
});

describe('a measurement by a Job', () => {
  const question = (shape: JobShape) => ({
    provider: { job: manifest(shape) },
    name: `measure-${++names}`,
    namespace,
    application: 'shop',
  });

  it.each<[string, string, JobShape]>([
    ['is complete', 'Successful', {}],
    ['fails', 'Failed', { behavior: 'crash' }],
    ['cannot have its image', 'Inconclusive', { behavior: 'image-pull' }],
    ['has no valid image name', 'Inconclusive', { behavior: 'invalid-image' }],
    ['is not valid', 'Error', { spec: { backoffLimit: -1 } }],
  ])('that %s is %s', async (_what, phase, shape) => {
    const asked = question(shape);
    const { measurement } = await measureJob(lab.kube, asked, beat());
    expect(measurement).toMatchObject({ phase, metadata: { 'job-name': asked.name } });
    expect(measurement.finishedAt).toBeGreaterThanOrEqual(measurement.startedAt);
    if (phase !== 'Successful') expect(measurement.message).toContain(asked.name);
  });

  it('that ends before its time is Inconclusive', async () => {
    const asked = question({ behavior: 'never-ready' });
    const measuring = measureJob(lab.kube, asked, beat());
    await hasPod(asked.name);
    await lab.kube.remove(
      { apiVersion: 'batch/v1', kind: 'Job', namespace, name: asked.name },
      { propagation: 'Background' },
    );
    expect((await measuring).measurement).toMatchObject({ phase: 'Inconclusive' });
  });
});

function ref({ metadata: { name } }: KubeObject) {
  return { apiVersion: 'batch/v1', kind: 'Job', namespace, name };
}

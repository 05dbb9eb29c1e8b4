import { setTimeout as sleep } from 'node:timers/promises';
import { createHooks, type HookInput } from '../../src/activities/hooks';
import type { LoadedWorkload } from '../../src/activities/load';
import type { RolloutTools, StepResult } from '../../src/activities/rollout-steps';
import type { KubeObject } from '../../src/domain/kube-object';
import { locate } from '../../src/domain/located';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import type { Hook } from '../../src/domain/workload';
import type { Cluster } from '../../src/ports/cluster';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  lab.kube.close();
  await lab.stop();
});

/** A rollout of `web` with one hook, `migrate`, in a namespace of its own. */
class HookBench {
  private fence = 10_000;

  private constructor(
    readonly namespace: string,
    readonly spec: RolloutSpec,
    private readonly workload: LoadedWorkload,
  ) {}

  static async open(does: string | undefined, undoes?: string, pace: RolloutSpec['pace'] = 'steps') {
    const namespace = await lab.namespace();
    const source = { repoUrl: 'memory', path: 'k8s', revision: 'bad' };
    const spec: RolloutSpec = {
      application: 'shop',
      cluster: lab.kube.id,
      namespace,
      kind: 'Deployment',
      name: 'web',
      target: source,
      good: { ...source, revision: 'good' },
      version: 'v2',
      number: 1,
      rolloutId: 'r1-test',
      strategy: {
        kind: 'canary',
        steps: [],
        maxSurge: 1,
        maxUnavailable: 0,
        scaleDownDelayMs: 0,
      },
      progressDeadlineMs: 30_000,
      pace,
    };
    const hook: Hook = {
      name: 'migrate',
      phase: 'pre',
      job: locate(jobManifest('migrate', does), 'migrate.yaml'),
      ...(undoes === undefined ? {} : { undo: locate(jobManifest('back', undoes), 'back.yaml') }),
    };
    const config: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web-config' },
      data: { GREETING: 'two' },
    };
    return new HookBench(namespace, spec, {
      ...({ name: 'web', namespace, kind: 'Deployment' } as LoadedWorkload),
      config: [{ source: locate(config, 'config.yaml'), hashedName: 'web-config-0123456789' }],
      hooks: [hook],
    });
  }

  /** One activity of a worker; `changes` replace its way to the cluster. */
  run(
    part: HookInput['part'],
    more: Partial<HookInput> = {},
    { changes = {}, cancelled }: { changes?: Partial<Cluster>; cancelled?: AbortSignal } = {},
  ): Promise<StepResult> {
    const tools = {
      ports: { cluster: { ...lab.kube, ...changes } },
      load: () => Promise.resolve({ ok: true, value: { workloads: [this.workload], others: [] } }),
    } as unknown as RolloutTools;
    this.fence += 1;
    const input = { spec: this.spec, hook: 'migrate', part, fence: this.fence, ...more };
    return run(createHooks(tools).runHook, input, cancelled);
  }

  job(part: 'do' | 'undo'): Promise<KubeObject | undefined> {
    return lab.kube.get(this.ref(part));
  }

  ref(part: 'do' | 'undo') {
    const name = part === 'do' ? 'migrate-r1-test' : 'migrate-r1-test-undo';
    return { apiVersion: 'batch/v1', kind: 'Job', namespace: this.namespace, name };
  }

  async pods(part: 'do' | 'undo'): Promise<readonly KubeObject[]> {
    const labelSelector = `batch.kubernetes.io/job-name=${this.ref(part).name}`;
    return lab.kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: this.namespace, labelSelector });
  }

  async hasPod(part: 'do' | 'undo'): Promise<void> {
    await until(`the ${part} Job has a pod`, async () => (await this.pods(part)).length > 0);
  }

  config(): Promise<KubeObject | undefined> {
    return lab.kube.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: this.namespace,
      name: 'web-config-0123456789',
    });
  }
}

function jobManifest(name: string, behavior = 'ready'): KubeObject {
  const container = {
    name: 'main',
    image: `registry.example/${name}:v1`,
    envFrom: [{ configMapRef: { name: 'web-config' } }],
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { annotations: { 'sim.belay.dev/behavior': behavior } },
        spec: { restartPolicy: 'Never', containers: [container] },
      },
    },
  };
}

const done = { kind: 'done' };

describe('a hook', () => {
  it('runs once under the rollout’s name and knows its revisions and the new configuration', async () => {
    const bench = await HookBench.open('ready');
    expect(await bench.run('do')).toEqual(done);
    expect(await bench.run('do')).toEqual(done);
    const [pod, ...more] = await bench.pods('do');
    expect(more).toEqual([]);
    expect(pod?.['spec']).toMatchObject({
      containers: [
        {
          env: [
            { name: 'BELAY_APPLICATION', value: 'shop' },
            { name: 'BELAY_REVISION', value: 'bad' },
            { name: 'BELAY_GOOD_REVISION', value: 'good' },
            { name: 'BELAY_ROLLOUT', value: 'r1-test' },
          ],
          envFrom: [{ configMapRef: { name: 'web-config-0123456789' } }],
        },
      ],
    });
    expect(await bench.config()).toMatchObject({ immutable: true, data: { GREETING: 'two' } });
  });

  it('of a first deployment reads configuration under its plain name', async () => {
    const bench = await HookBench.open('ready', undefined, 'initial');
    expect(await bench.run('do')).toEqual(done);
    expect((await bench.pods('do'))[0]?.['spec']).toMatchObject({
      containers: [{ envFrom: [{ configMapRef: { name: 'web-config' } }] }],
    });
    expect(await bench.config()).toBeUndefined();
  });

  it.each([
    ['crash', 'exit code 1 (Error)'],
    ['image-pull', 'does not exist'],
  ])('that meets %s fails and says why', async (behavior, words) => {
    const bench = await HookBench.open(behavior);
    expect(await bench.run('do')).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'HookFailed',
        sentence: expect.stringContaining(words) as string,
        container: 'main',
      },
    });
  });

  it('does not start when a frozen worker wakes up after the rollout has gone on', async () => {
    const bench = await HookBench.open('ready');
    const stable = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: bench.namespace, annotations: { 'belay.dev/fence': '20000' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'web:v1' }] },
        },
      },
    };
    await lab.kube.create(stable, { manager: 'test' });
    await expect(bench.run('do')).rejects.toMatchObject({ type: 'Fenced', nonRetryable: true });
    await sleep(500);
    expect(await bench.pods('do')).toEqual([]);
  });
});

describe('taking a hook back', () => {
  it('that was never started does nothing', async () => {
    const bench = await HookBench.open('ready', 'ready');
    expect(await bench.run('undo')).toEqual(done);
    expect(await bench.job('undo')).toBeUndefined();
  });

  it('that has run runs its undo once, with the configuration it needs, and leaves no copy behind', async () => {
    const bench = await HookBench.open('ready', 'ready');
    expect(await bench.run('do')).toEqual(done);
    expect(await bench.run('undo')).toEqual(done);
    expect(await bench.run('undo')).toEqual(done);
    const pods = await bench.pods('undo');
    expect(pods).toHaveLength(1);
    expect(pods[0]?.['spec']).toMatchObject({
      containers: [{ envFrom: [{ configMapRef: { name: 'web-config-0123456789' } }] }],
    });
    expect(await bench.config()).toBeUndefined();
  });

  it('that has failed runs its undo as well: it may have done half of its work', async () => {
    const bench = await HookBench.open('crash', 'ready');
    expect(await bench.run('do')).toMatchObject({ kind: 'failed' });
    expect(await bench.run('undo')).toEqual(done);
    expect(await bench.pods('undo')).toHaveLength(1);
  });

  it('whose Job is gone runs its undo if it is known to have run', async () => {
    const bench = await HookBench.open('ready', 'ready');
    expect(await bench.run('undo', { hasRun: true })).toEqual(done);
    expect(await bench.pods('undo')).toHaveLength(1);
  });

  it('that still runs stops it first, and its pods never run beside the undo’s', async () => {
    const bench = await HookBench.open('never-ready', 'ready');
    const stop = new AbortController();
    const running = bench.run('do', {}, { cancelled: stop.signal });
    running.catch(() => undefined);
    await bench.hasPod('do');
    stop.abort();
    await expect(running).rejects.toThrow();
    let beside: number | undefined;
    const create: Cluster['create'] = async (object, write) => {
      if (object.kind === 'Job')
        beside = (await bench.pods('do')).filter((pod) => phaseOf(pod) === 'Running').length;
      return lab.kube.create(object, write);
    };
    expect(await bench.run('undo', {}, { changes: { create } })).toEqual(done);
    expect(beside).toBe(0);
    expect(await bench.pods('undo')).toHaveLength(1);
    expect(await bench.job('do')).toBeUndefined();
  });

  it('stops one that is left running by a worker that was killed', async () => {
    const bench = await HookBench.open('never-ready', 'ready');
    const killed = new AbortController();
    const running = bench.run('do', {}, { changes: { get: dying(killed.signal) } });
    running.catch(() => undefined);
    await bench.hasPod('do');
    killed.abort();
    expect(await bench.run('undo')).toEqual(done);
    expect(await bench.pods('undo')).toHaveLength(1);
    expect(await bench.job('do')).toBeUndefined();
    await expect(running).rejects.toThrow('killed');
  });

  it('that was created and never let run deletes it, and needs no undo', async () => {
    const bench = await HookBench.open('ready', 'ready');
    const patch = (): never => {
      throw new Error('killed before it was let run');
    };
    await expect(bench.run('do', {}, { changes: { patch } })).rejects.toThrow('killed');
    expect(await bench.job('do')).toMatchObject({ spec: { suspend: true } });
    expect(await bench.run('undo')).toEqual(done);
    expect(await bench.job('do')).toBeUndefined();
    expect(await bench.job('undo')).toBeUndefined();
  });

  it('cannot be followed by the hook itself, whenever a worker wakes up', async () => {
    const bench = await HookBench.open('ready', 'ready');
    const fence = 10_001;
    expect(await bench.run('undo', { hasRun: true })).toEqual(done);
    await expect(bench.run('do', { fence })).rejects.toMatchObject({ type: 'Fenced' });
    await sleep(500);
    expect(await bench.pods('do')).toEqual([]);
  });

  it('without an undo stops it, and that is all', async () => {
    const bench = await HookBench.open('never-ready');
    const stop = new AbortController();
    const running = bench.run('do', {}, { cancelled: stop.signal });
    running.catch(() => undefined);
    await bench.hasPod('do');
    stop.abort();
    await expect(running).rejects.toThrow();
    expect(await bench.run('undo')).toEqual(done);
    expect(await bench.job('do')).toBeUndefined();
    expect(await bench.job('undo')).toBeUndefined();
  });

  it('that fails is made again by the next try, and not by a retry of the same one', async () => {
    const bench = await HookBench.open('ready', 'crash');
    expect(await bench.run('do')).toEqual(done);
    const failed = { kind: 'failed', failure: { code: 'UndoFailed' } };
    expect(await bench.run('undo', { fence: 10_010 })).toMatchObject(failed);
    const first = (await bench.job('undo'))?.metadata.uid;
    expect(await bench.run('undo', { fence: 10_010 })).toMatchObject(failed);
    expect((await bench.job('undo'))?.metadata.uid).toBe(first);
    expect(await bench.run('undo', { fence: 10_011 })).toMatchObject(failed);
    expect((await bench.job('undo'))?.metadata.uid).not.toBe(first);
  });

  it('that cannot succeed ends when a person says that it was done by hand', async () => {
    const bench = await HookBench.open('ready', 'crash');
    expect(await bench.run('do')).toEqual(done);
    expect(await bench.run('undo')).toMatchObject({ kind: 'failed' });
    const annotations = { 'belay.dev/undone-by-hand': 'ada' };
    await lab.kube.patch(bench.ref('undo'), { metadata: { annotations } }, { manager: 'kubectl-annotate' });
    expect(await bench.run('undo')).toEqual(done);
  });
});

function phaseOf(pod: KubeObject): string | undefined {
  return (pod['status'] as { readonly phase?: string }).phase;
}

/** Reads until the worker is killed. */
function dying(signal: AbortSignal): Cluster['get'] {
  return async (ref, own) => {
    if (signal.aborted) throw new Error('killed');
    return lab.kube.get(ref, own);
  };
}

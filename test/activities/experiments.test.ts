import { asDeployment } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks, podTemplateHash } from '../../src/domain/marks';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import type { ExperimentTemplate } from '../../src/domain/strategy';
import type { Cluster } from '../../src/ports/cluster';
import { done, openBench, type Bench } from '../support/cluster-bench';
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

const template = (name: string, specRef: 'stable' | 'canary', replicas = 1): ExperimentTemplate => ({
  name,
  specRef,
  replicas,
  labels: { role: name },
  annotations: { note: name },
});

/** The experiment of step 2: both versions, one pod each. */
function inputOf(bench: Bench, spec: RolloutSpec, changes: Partial<{ deadlineAt: number }> = {}) {
  const templates = [template('base', 'stable'), template('next', 'canary', 2)];
  const experiment = { templates, analyses: [], scaleDownDelayMs: 0 };
  return { ...bench.step(spec), step: 2, experiment, ...changes };
}

async function trialPods({ namespace }: Bench): Promise<readonly KubeObject[]> {
  const all = await lab.kube.list(
    { apiVersion: 'v1', kind: 'Pod' },
    { namespace, labelSelector: marks.experiment },
  );
  return all.filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

function imageOf(pod: KubeObject): string {
  const { containers } = pod['spec'] as { readonly containers: readonly { readonly image: string }[] };
  return (containers[0]?.image ?? '').split(':')[1] ?? '';
}

describe('an experiment', () => {
  it('runs both versions beside each other; no controller adopts its pods, and pinned Services do not select them', async () => {
    const bench = await openBench(lab, { roles: true, config: 'one' });
    const spec = bench.rollout({ image: 'v2', roles: true, config: 'two' });
    done(await run(bench.worker.startCanary, bench.step(spec)));
    await bench.weigh(spec, 25);
    const before = await bench.deployment();
    const started = await run(bench.worker.startExperiment, inputOf(bench, spec));
    const pods = await trialPods(bench);
    expect(pods.map(imageOf).sort()).toEqual(['v1', 'v2', 'v2']);
    expect(started).toMatchObject({
      kind: 'done',
      pods: { base: { hash: hashOf(pods, 'base') }, next: { hash: hashOf(pods, 'next') } },
    });
    const notes = pods.map(({ metadata }) => [metadata.labels?.['role'], metadata.annotations?.['note']]);
    expect(notes.sort()).toEqual([
      ['base', 'base'],
      ['next', 'next'],
      ['next', 'next'],
    ]);
    const sets = await bench.replicaSets();
    const owners = sets.map((set) => [set.metadata.ownerReferences?.[0]?.name, set.spec.replicas]);
    expect(owners.sort()).toEqual([
      ['web', 3],
      ['web-2-base', 1],
      ['web-2-next', 2],
      ['web-canary', 1],
    ]);
    expect((await bench.deployment()).status).toMatchObject({ replicas: 3, availableReplicas: 3 });
    expect((await bench.deployment()).spec).toEqual(before.spec);
    expect(bench.recorder.listed('web-stable')).toBe(3);
    expect(bench.recorder.listed('web-preview')).toBe(1);
    // The steps go on with it beside them, and count it for nothing.
    await bench.weigh(spec, 50);
    expect(asDeployment((await bench.get('Deployment', 'web-canary')) as KubeObject).spec.replicas).toBe(2);
    expect(bench.recorder.listed('web-stable')).toBe(2);
    done(await run(bench.worker.endExperiment, { ...bench.step(spec), step: 2 }));
    done(await run(bench.worker.endExperiment, { ...bench.step(spec), step: 2 }));
    expect(await trialPods(bench)).toEqual([]);
    expect(await bench.replicaSets()).toHaveLength(2);
    await bench.weigh(spec, 100);
    await bench.promote(spec);
    expect((await bench.deployment()).status).toMatchObject({ replicas: 4, availableReplicas: 4 });
  });

  it('may be started again at any point, and makes nothing twice', async () => {
    const bench = await openBench(lab);
    const spec = bench.rollout({ image: 'v2' });
    done(await run(bench.worker.startCanary, bench.step(spec)));
    const input = inputOf(bench, spec);
    done(await run(bench.worker.startExperiment, input));
    const first = (await trialPods(bench)).map(({ metadata }) => metadata.uid).sort();
    done(await run(bench.worker.startExperiment, input));
    expect((await trialPods(bench)).map(({ metadata }) => metadata.uid).sort()).toEqual(first);
  });

  it('whose pods fail is judged as any pods are', async () => {
    const bench = await openBench(lab);
    const spec = bench.rollout({ image: 'v2', behavior: 'image-pull' });
    done(await run(bench.worker.startCanary, bench.step(spec)));
    expect(await run(bench.worker.startExperiment, inputOf(bench, spec))).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'ImagePull',
        sentence: expect.stringMatching(/^experiment of step 2: Pod web-2-next-/) as string,
      },
    });
    done(await run(bench.worker.returnTraffic, bench.step(spec)));
    done(await run(bench.worker.removeCanary, bench.step(spec)));
    done(await run(bench.worker.endExperiment, bench.step(spec)));
    expect(await trialPods(bench)).toEqual([]);
    expect(await bench.replicaSets()).toHaveLength(1);
  });

  it('whose pods are not available in time has failed', async () => {
    const bench = await openBench(lab);
    const spec = bench.rollout({ image: 'v2', behavior: 'never-ready' });
    done(await run(bench.worker.startCanary, bench.step(spec)));
    const input = inputOf(bench, spec, { deadlineAt: Date.now() + 1_500 });
    expect(await run(bench.worker.startExperiment, input)).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'ProgressDeadlineExceeded',
        sentence: expect.stringContaining('web-2-next') as string,
      },
    });
  });

  it('is watched: it has failed when its pods do, or when somebody deletes it', async () => {
    const bench = await openBench(lab);
    const spec = bench.rollout({ image: 'v2' });
    done(await run(bench.worker.startCanary, bench.step(spec)));
    done(await run(bench.worker.startExperiment, inputOf(bench, spec)));
    const watching = run(bench.worker.watchExperiment, inputOf(bench, spec));
    await lab.kube.remove(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: bench.namespace, name: 'web-2-base' },
      { propagation: 'Background' },
    );
    expect(await watching).toMatchObject({ kind: 'failed', failure: { code: 'ExperimentMissing' } });
  });

  it('is not started behind a rollback’s back by a worker that was frozen, and leaves nothing', async () => {
    const bench = await openBench(lab);
    const spec = bench.rollout({ image: 'v2' });
    done(await run(bench.worker.startCanary, bench.step(spec)));
    const input = inputOf(bench, spec);
    // Frozen in the middle of its first write, until the rollback is over.
    const create: Cluster['create'] = async (object, write) => {
      if (object.metadata.labels?.[marks.experiment] !== undefined && ++frozen === 1) {
        done(await run(bench.worker.returnTraffic, bench.step(spec)));
        done(await run(bench.worker.removeCanary, bench.step(spec)));
        done(await run(bench.worker.endExperiment, bench.step(spec)));
      }
      return lab.kube.create(object, write);
    };
    let frozen = 0;
    const late = run(lab.worker({ create }).startExperiment, input);
    await expect(late).rejects.toMatchObject({ type: 'Fenced', nonRetryable: true });
    await until('nothing of it is left', async () => {
      const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
      const left = await lab.kube.list(kind, {
        namespace: bench.namespace,
        labelSelector: marks.experimentOf,
      });
      return left.length === 0;
    });
    expect(bench.recorder.started().filter((image) => image === 'v2')).toEqual([]);
  });

  it('does not take a Deployment of somebody else', async () => {
    const bench = await openBench(lab);
    const spec = bench.rollout({ image: 'v2' });
    done(await run(bench.worker.startCanary, bench.step(spec)));
    const { metadata: _metadata, status: _status, ...web } = await bench.deployment();
    const theirs = { ...web, metadata: { name: 'web-2-base', namespace: bench.namespace } };
    await lab.kube.create(theirs, { manager: 'them' });
    expect(await run(bench.worker.startExperiment, inputOf(bench, spec))).toMatchObject({
      kind: 'failed',
      failure: { code: 'OwnedByAnother' },
    });
    done(await run(bench.worker.endExperiment, bench.step(spec)));
    expect(await bench.get('Deployment', 'web-2-base')).toBeDefined();
  });
});

function hashOf(pods: readonly KubeObject[], role: string): string | undefined {
  return pods.find(({ metadata }) => metadata.labels?.['role'] === role)?.metadata.labels?.[podTemplateHash];
}

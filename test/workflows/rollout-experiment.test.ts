import type { AnalysisPhase, AnalysisRun } from '../../src/domain/analysis/spec';
import type { ExperimentSpec, RolloutStep } from '../../src/domain/strategy';
import * as messages from '../../src/messages/rollout';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment, eventually } from '../support/workflow-environment';
import { done, failed, untilCancelled, type FakeCluster } from '../support/workflow-fakes';
import { asked, canary, rolloutSpec, runRollout, startRollout, statusOf } from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const back = ['returnTraffic', 'removeCanary', 'endExperiment'];
const promotion = ['handOver', 'adoptCanary', 'retireOld'];
const ada = { requestedBy: 'ada' };

/** Steps: 20 %, an experiment, then to the end. */
function steps(experiment: Partial<ExperimentSpec> = {}): readonly RolloutStep[] {
  const sides = [
    { name: 'base', specRef: 'stable' },
    { name: 'next', specRef: 'canary' },
  ] as const;
  const templates = sides.map((side) => ({ ...side, replicas: 1, labels: {}, annotations: {} }));
  const base = { templates, analyses: [], scaleDownDelayMs: 0 };
  return [
    { kind: 'setWeight', weight: 20 },
    { kind: 'experiment', experiment: { ...base, ...experiment } },
  ];
}

function specOf(cluster: FakeCluster, experiment: Partial<ExperimentSpec> = {}) {
  return rolloutSpec(cluster, { strategy: canary(steps(experiment)) });
}

function analysis(name: string, requiredForCompletion: boolean, value = 'x') {
  const args = [{ name: 'pods', source: { kind: 'value' as const, value } }];
  const templates = [{ templateName: name, clusterScope: false }];
  return { name, requiredForCompletion, templates, args, dryRun: [], measurementRetention: [] };
}

function ended(phase: AnalysisPhase, more: Partial<AnalysisRun> = {}) {
  return { kind: 'measured' as const, run: { startedAt: 0, phase, metrics: [], ...more } };
}

/** Effects without the keeping of weights and pods meanwhile. */
function effects(cluster: FakeCluster): readonly string[] {
  return cluster.effects.filter((line) => !line.startsWith('watchExperiment'));
}

describe('an experiment', () => {
  test('runs for its duration, then the rollout goes on', async () => {
    const cluster = await environment.cluster();
    const handle = await startRollout(
      environment,
      specOf(cluster, { durationMs: 300, scaleDownDelayMs: 500 }),
    );
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
    const { experiments, steps: marked } = await statusOf(handle);
    expect(experiments).toMatchObject([{ step: 2, phase: 'Successful' }]);
    expect(marked.map(({ mark }) => mark)).toEqual(['done', 'done']);
    await record('experiment', handle);
  });

  test('keeps its pods for scaleDownDelaySeconds while the rollout goes on, and they are gone before the promotion', async () => {
    let startedAt = 0;
    let endedAt = 0;
    const cluster = await environment.cluster({
      reachWeight: () => {
        startedAt = Date.now();
        return done;
      },
      endExperiment: () => {
        endedAt = Date.now();
        return done;
      },
    });
    await runRollout(environment, specOf(cluster, { durationMs: 300, scaleDownDelayMs: 1_500 }));
    expect(effects(cluster).slice(2)).toEqual([
      'startExperiment 2',
      'reachWeight 100',
      'endExperiment 2',
      ...promotion,
    ]);
    expect(endedAt - startedAt).toBeGreaterThan(1_000);
  });

  test('without a duration ends with its required analyses; the others are stopped', async () => {
    const cluster = await environment.cluster({
      analyse: ({ name }) => (name === 'step 2: needed' ? ended('Successful') : untilCancelled()),
    });
    const analyses = [analysis('needed', true), analysis('extra', false)];
    expect(await runRollout(environment, specOf(cluster, { analyses }))).toMatchObject({ kind: 'promoted' });
    await eventually(
      () => cluster.trace,
      (trace) => trace.includes('analyse cancelled') && trace.includes('watchExperiment 2 cancelled'),
    );
  });

  test('tells its analyses the hashes of its pods', async () => {
    const cluster = await environment.cluster({
      startExperiment: () => ({
        kind: 'done',
        pods: { next: { hash: 'abc', replicaSet: 'web-2-next-abc' } },
      }),
    });
    const analyses = [analysis('needed', true, 'hash={{templates.next.podTemplateHash}}')];
    await runRollout(environment, specOf(cluster, { analyses }));
    expect(cluster.inputs('analyse')[0]?.ref.args).toEqual([
      { name: 'pods', source: { kind: 'value', value: 'hash=abc' } },
    ]);
  });

  test.each<AnalysisPhase>(['Failed', 'Error'])(
    'with an analysis that is %s turns the rollout back at once, and nothing of it is left',
    async (phase) => {
      const cluster = await environment.cluster({
        analyse: () => ended(phase, { message: 'metric errors is bad' }),
      });
      const spec = specOf(cluster, { durationMs: 3_600_000, analyses: [analysis('errors', false)] });
      const handle = await startRollout(environment, spec);
      expect(await handle.result()).toMatchObject({
        kind: 'failed',
        failure: {
          code: 'ExperimentFailed',
          sentence: `experiment of step 2: analysis errors ${phase}: metric errors is bad`,
        },
      });
      expect(effects(cluster).slice(2)).toEqual(['startExperiment 2', ...back]);
      expect((await statusOf(handle)).experiments).toMatchObject([{ step: 2, phase: 'Failed' }]);
      if (phase === 'Failed') await record('experiment-failed', handle);
    },
  );

  test('with an inconclusive analysis pauses the rollout until somebody promotes', async () => {
    const cluster = await environment.cluster({ analyse: () => ended('Inconclusive') });
    const spec = specOf(cluster, { durationMs: 3_600_000, analyses: [analysis('errors', false)] });
    const handle = await startRollout(environment, spec);
    const { message } = await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    expect(message).toContain('InconclusiveExperiment: analysis errors Inconclusive');
    await handle.executeUpdate(messages.promoteUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('whose pods never become available turns the rollout back', async () => {
    const verdict = failed('experiment of step 2: Pod web-2-next-x: ImagePullBackOff', 'ImagePull');
    const cluster = await environment.cluster({ startExperiment: () => verdict });
    const outcome = await runRollout(environment, specOf(cluster, { durationMs: 60_000 }));
    expect(outcome).toEqual({ kind: 'failed', failure: verdict.failure });
    expect(effects(cluster).slice(2)).toEqual(['startExperiment 2', ...back]);
  });

  test('whose pods break while it runs turns the rollout back', async () => {
    const verdict = failed('experiment of step 2: Pod web-2-next-x: CrashLoopBackOff', 'CrashLoop');
    const cluster = await environment.cluster({ watchExperiment: () => verdict });
    const outcome = await runRollout(environment, specOf(cluster, { durationMs: 3_600_000 }));
    expect(outcome).toEqual({ kind: 'failed', failure: verdict.failure });
  });

  test('is ended by a person who promotes', async () => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, specOf(cluster, { analyses: [] }));
    await asked(cluster, 'watchExperiment 2');
    await handle.executeUpdate(messages.promoteUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('that is being started is waited for when the rollout is aborted', async () => {
    const cluster = await environment.cluster({ startExperiment: untilCancelled });
    const handle = await startRollout(environment, specOf(cluster, { durationMs: 60_000 }));
    await asked(cluster, 'startExperiment 2');
    await handle.executeUpdate(messages.abortUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'aborted' });
    expect(effects(cluster).slice(2)).toEqual(['startExperiment 2', 'startExperiment 2 cancelled', ...back]);
  });

  test('whose pods have their delay still when the rollout turns back loses them at once', async () => {
    const cluster = await environment.cluster({
      reachWeight: ({ traffic }) => (traffic.weight === 100 ? failed() : done),
    });
    const spec = specOf(cluster, { durationMs: 300, scaleDownDelayMs: 3_600_000 });
    expect(await runRollout(environment, spec)).toMatchObject({ kind: 'failed' });
    expect(effects(cluster).slice(-3)).toEqual(back);
  });

  test('of a rollout that was terminated is looked for', async () => {
    const cluster = await environment.cluster();
    await runRollout(environment, specOf(cluster, { durationMs: 60_000 }), 'recover');
    expect(cluster.trace).toEqual(['inspectCanary', ...back]);
  });
});

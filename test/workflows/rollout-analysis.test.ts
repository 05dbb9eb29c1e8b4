import type { AnalysisPhase, AnalysisRun, OnFailure } from '../../src/domain/analysis/spec';
import type { RolloutStep } from '../../src/domain/strategy';
import * as messages from '../../src/messages/rollout';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { untilCancelled } from '../support/workflow-fakes';
import { record } from '../support/workflow-histories';
import {
  analysisBy,
  asked,
  canary,
  rolloutSpec,
  runRollout,
  startRollout,
  statusOf,
} from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };
const ref = analysisBy('success-rate');
const step: RolloutStep = { kind: 'analysis', analysis: ref };
const weight = (percent: number): RolloutStep => ({ kind: 'setWeight', weight: percent });
const promotion = ['reachWeight 100', 'handOver', 'adoptCanary', 'retireOld'];
const back = ['returnTraffic', 'removeCanary'];

/** The state of an analysis with one metric, as an activity answers it. */
function run(phase: AnalysisPhase, more: { onFailure?: OnFailure; unreachableSince?: number } = {}) {
  const { onFailure, unreachableSince } = more;
  const metric = {
    name: 'errors',
    phase,
    count: 1,
    successful: 0,
    failed: phase === 'Failed' ? 1 : 0,
    inconclusive: 0,
    error: 0,
    consecutiveError: 0,
    consecutiveSuccess: 0,
    measurements: [{ phase: 'Error' as const, startedAt: 0, message: 'connection refused' }],
    ...(unreachableSince === undefined ? {} : { unreachableSince }),
  };
  const message = `Metric "errors" assessed ${phase}`;
  const state: AnalysisRun = {
    startedAt: 0,
    phase,
    message,
    metrics: [metric],
    ...(onFailure && { onFailure }),
  };
  return { kind: 'measured' as const, run: state };
}

describe('an analysis step', () => {
  const strategy = canary([weight(20), step, weight(50)]);

  test('goes on when it is Successful, batch by batch, and keeps the weight meanwhile', async () => {
    const cluster = await environment.cluster({
      analyse: (_input, times) => run(times < 3 ? 'Running' : 'Successful'),
    });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.inputs('analyse').map((input) => input.run?.phase)).toEqual([
      undefined,
      'Running',
      'Running',
    ]);
    expect(cluster.trace).toContain('keepWeight');
    const { analyses } = await statusOf(handle);
    expect(analyses).toMatchObject([{ name: 'step 2', run: { phase: 'Successful' } }]);
    await record('analysis-step', handle);
  });

  test('that fails turns the rollout back, and says which metric and why', async () => {
    const cluster = await environment.cluster({ analyse: () => run('Failed') });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(await handle.result()).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'AnalysisFailed',
        sentence: expect.stringContaining('Metric "errors" assessed Failed'),
      },
    });
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20', ...back]);
    await record('analysis-failed', handle);
  });

  test.each([
    ['Inconclusive', run('Inconclusive'), 'InconclusiveAnalysisRun'],
    ['failed with on-failure: pause', run('Failed', { onFailure: 'pause' }), 'AnalysisRunFailed'],
  ])('that is %s pauses for a person, who promotes', async (_name, answer, reason) => {
    const cluster = await environment.cluster({ analyse: () => answer });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    const status = await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    expect(status.message).toContain(reason);
    await handle.executeUpdate(messages.promoteUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('that fails with on-failure: notify is noted, and the rollout goes on', async () => {
    const cluster = await environment.cluster({ analyse: () => run('Failed', { onFailure: 'notify' }) });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
    const { log } = await statusOf(handle);
    expect(log.map(({ text }) => text).join()).toContain('Step-based analysis Failed');
  });

  test('is skipped by promote', async () => {
    const cluster = await environment.cluster({ analyse: untilCancelled });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    await asked(cluster, 'analyse');
    await handle.executeUpdate(messages.promoteUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20', 'reachWeight 50', ...promotion]);
  });

  test('whose provider cannot be reached says so, and goes on when it is back', async () => {
    let isBack = false;
    const out = run('Running', { unreachableSince: 1 });
    const cluster = await environment.cluster({
      analyse: () =>
        isBack ? run('Successful') : new Promise((resolve) => setTimeout(() => resolve(out), 50)),
    });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    const { message, phase } = await eventually(
      () => statusOf(handle),
      (status) => status.message.startsWith('holding: '),
    );
    expect(phase).toBe('Progressing');
    expect(message).toBe('holding: analysis step 2 cannot measure errors: connection refused');
    isBack = true;
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('finds a canary that breaks meanwhile', async () => {
    const failure = { code: 'CrashLoop', sentence: 'pod web-canary-x crashes', at: 0 };
    const cluster = await environment.cluster({
      analyse: untilCancelled,
      keepWeight: () => ({ kind: 'failed', failure }),
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'CrashLoop' } });
  });

  test('is left by an abort', async () => {
    const cluster = await environment.cluster({ analyse: untilCancelled });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    await asked(cluster, 'analyse');
    await handle.executeUpdate(messages.abortUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'aborted', by: 'ada' });
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20', ...back]);
    await record('analysis-aborted', handle);
  });
});

describe('a background analysis', () => {
  const steps = [weight(20), { kind: 'pause' }, weight(50)] as const;
  const strategy = canary(steps, { analysis: { ...ref, startingStep: 1 } });

  test('that fails turns the rollout back in the middle of a pause', async () => {
    const cluster = await environment.cluster({ analyse: () => run('Failed') });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(await handle.result()).toMatchObject({
      kind: 'failed',
      failure: { code: 'AnalysisFailed', sentence: expect.stringContaining('Background analysis') },
    });
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20', ...back]);
    await record('background-failed', handle);
  });

  test('starts at its step, runs beside the steps, and ends with them', async () => {
    const cluster = await environment.cluster({
      analyse: (_input, times) => (times === 1 ? run('Running') : untilCancelled()),
    });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    await asked(cluster, 'keepWeight');
    await asked(cluster, 'analyse');
    expect(cluster.trace.indexOf('analyse')).toBeGreaterThan(cluster.trace.indexOf('reachWeight 20'));
    await handle.executeUpdate(messages.promoteUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
    const { analyses } = await statusOf(handle);
    expect(analyses).toMatchObject([{ name: 'background', run: { phase: 'Successful' } }]);
    await record('background-analysis', handle);
  });

  test('that is Inconclusive pauses before the next step until somebody resumes', async () => {
    const cluster = await environment.cluster({ analyse: () => run('Inconclusive') });
    const quick = canary([weight(20), weight(50)], { analysis: { ...ref, startingStep: 0 } });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy: quick }));
    const { pausedBy } = await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    expect(pausedBy).toMatchObject({ by: 'analysis' });
    await handle.executeUpdate(messages.resumeUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('whose provider cannot be reached holds the rollout before its next step, and lets it go on when it is back', async () => {
    let isBack = false;
    const cluster = await environment.cluster({
      analyse: (_input, times) => {
        if (times === 1) return run('Running', { unreachableSince: 1 });
        return isBack
          ? run('Successful')
          : new Promise((resolve) => setTimeout(() => resolve(run('Running', { unreachableSince: 1 })), 50));
      },
    });
    const quick = canary([weight(20), { kind: 'pause', durationMs: 1 }, weight(50)], {
      analysis: { ...ref, startingStep: 0 },
    });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy: quick }));
    const status = await eventually(
      () => statusOf(handle),
      ({ message }) => message.startsWith('holding: '),
    );
    expect(status).toMatchObject({ phase: 'Paused', message: expect.stringContaining('connection refused') });
    isBack = true;
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
    await record('telemetry-outage', handle);
  });
});

test('a background analysis of a canary without steps looks at the last move', async () => {
  const cluster = await environment.cluster({ analyse: () => run('Failed'), reachWeight: untilCancelled });
  const strategy = canary([], { analysis: { ...ref, startingStep: 0 } });
  const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy }));
  expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'AnalysisFailed' } });
});

import * as messages from '../../src/messages/rollout';
import {
  asked,
  canary,
  rolloutSpec,
  runRollout,
  startRollout,
  statusOf,
  toldEnds,
} from '../support/workflow-rollouts';
import { record } from '../support/workflow-histories';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { done, forbidden } from '../support/workflow-fakes';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };
const untilPromoted = canary([{ kind: 'setWeight', weight: 20 }, { kind: 'pause' }]);
const promotion = ['reachWeight 100', 'handOver', 'adoptCanary', 'retireOld'];

describe('a canary', () => {
  test('takes its steps in order, and is promoted without restarting a pod', async () => {
    const cluster = await environment.cluster();
    const spec = rolloutSpec(cluster);
    const handle = await startRollout(environment, spec);
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.trace).toEqual(['startCanary', 'reachWeight 20', 'reachWeight 50', ...promotion]);
    await record('promoted', handle);
  });

  test('tells its end to the application', async () => {
    const spec = rolloutSpec(await environment.cluster());
    const outcome = await runRollout(environment, spec);
    expect(await toldEnds(environment, spec)).toEqual([{ workload: 'web', rolloutId: 'r1-test', outcome }]);
  });

  test('ends well when its application is gone', async () => {
    const spec = rolloutSpec(await environment.cluster());
    const handle = await environment.client.start('rollout', {
      workflowId: messages.rolloutWorkflowId(spec),
      taskQueue: 'belay',
      args: [{ spec, mode: 'forward' }],
    });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('numbers its writes with rising fences of its own range', async () => {
    const cluster = await environment.cluster();
    await runRollout(environment, rolloutSpec(cluster, { number: 3 }));
    expect(cluster.fences).toEqual([30_001, 30_002, 30_003, 30_004, 30_005, 30_006, 30_007]);
  });

  test('keeps the size that was live at its start for all later steps', async () => {
    const cluster = await environment.cluster({ startCanary: () => ({ kind: 'done', replicas: 7 }) });
    await runRollout(environment, rolloutSpec(cluster));
    expect(cluster.inputs('reachWeight').map(({ replicas }) => replicas)).toEqual([7, 7, 7]);
    expect(cluster.inputs('retireOld')).toMatchObject([{ replicas: 7 }]);
  });

  test('keeps the old pods for scaleDownDelaySeconds', async () => {
    const cluster = await environment.cluster();
    const strategy = canary([], { scaleDownDelayMs: 30_000 });
    const begun = Date.now();
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    await eventually(
      () => statusOf(handle),
      ({ message }) => message === 'promoted; keeping the old pods for scaleDownDelaySeconds',
    );
    expect(cluster.trace).toEqual(['startCanary', 'reachWeight 100', 'handOver', 'adoptCanary']);
    await handle.result();
    expect(cluster.trace.at(-1)).toBe('retireOld');
    expect(Date.now() - begun).toBeLessThan(20_000);
    await record('scale-down-delay', handle);
  });

  test('rolls stable by itself behind the canary when the templates have become unequal', async () => {
    const why = 'the template of web was changed by kubectl-set';
    const cluster = await environment.cluster({ adoptCanary: () => ({ kind: 'unequal', why }) });
    const handle = await startRollout(environment, rolloutSpec(cluster));
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'rolled' });
    expect(cluster.trace.slice(-4)).toEqual(['adoptCanary', 'rollStable', 'returnTraffic', 'removeCanary']);
    const { log, message } = await statusOf(handle);
    expect(log.map(({ text }) => text).join()).toContain(`fallback: ${why}`);
    expect(message).toBe('promoted; stable rolled to the new template by itself');
    await record('promoted-by-rolling', handle);
  });

  test('goes on until it is done once the new template is on stable', async () => {
    const cluster = await environment.cluster({
      retireOld: (_input, times) => {
        if (times < 3) throw forbidden();
        return done;
      },
    });
    const handle = await startRollout(environment, rolloutSpec(cluster));
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    const { log } = await statusOf(handle);
    expect(log.map(({ text }) => text)).toEqual([
      'cannot go on: deployments.apps "web" is forbidden; trying again in 1 s',
      'cannot go on: deployments.apps "web" is forbidden; trying again in 2 s',
    ]);
  });
});

describe('a pause step', () => {
  test('watches the canary, and ends when its time is over', async () => {
    const cluster = await environment.cluster();
    const strategy = canary([
      { kind: 'setWeight', weight: 20 },
      { kind: 'pause', durationMs: 900 },
    ]);
    await runRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(cluster.trace.filter((line) => !line.endsWith('cancelled'))).toEqual([
      'startCanary',
      'reachWeight 20',
      'keepWeight',
      ...promotion,
    ]);
  });

  test('without a duration waits for promote', async () => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy: untilPromoted }));
    await asked(cluster, 'keepWeight');
    const status = await statusOf(handle);
    expect(status).toMatchObject({
      phase: 'Paused',
      message: `CanaryPauseStep: waiting for \`belay promote ${status.spec.application}\``,
      weight: 20,
    });
    const { message } = await handle.executeUpdate(messages.promoteUpdate, { args: [ada] });
    expect(message).toBe('the current step of web ends');
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    await record('promoted-by-a-person', handle);
  });
});

describe('a person', () => {
  test('pauses before the next step, and resumes', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const cluster = await environment.cluster({
      reachWeight: async ({ traffic }) => {
        if (traffic.weight === 20) await held;
        return done;
      },
    });
    const handle = await startRollout(environment, rolloutSpec(cluster));
    await asked(cluster, 'reachWeight 20');
    await handle.executeUpdate(messages.pauseUpdate, { args: [ada] });
    letGo();
    const paused = await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    expect(paused.message).toContain('paused by ada');
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20']);
    await expect(handle.executeUpdate(messages.pauseUpdate, { args: [ada] })).rejects.toMatchObject({
      cause: { message: 'it is paused already' },
    });
    await handle.executeUpdate(messages.resumeUpdate, { args: [ada] });
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20', 'reachWeight 50', ...promotion]);
    await record('paused-and-resumed', handle);
  });

  test('pauses by a signal', async () => {
    const cluster = await environment.cluster();
    const spec = rolloutSpec(cluster);
    const handle = await environment.client.signalWithStart('rollout', {
      workflowId: messages.rolloutWorkflowId(spec),
      taskQueue: 'belay',
      args: [{ spec, mode: 'forward' }],
      signal: messages.pauseSignal,
      signalArgs: [ada],
    });
    await eventually(
      () => handle.query(messages.rolloutStatusQuery),
      ({ phase }) => phase === 'Paused',
    );
    await handle.executeUpdate(messages.resumeUpdate, { args: [ada] });
    await handle.result();
  });

  test('cannot resume what nobody has paused', async () => {
    const handle = await startRollout(
      environment,
      rolloutSpec(await environment.cluster(), { strategy: untilPromoted }),
    );
    await expect(handle.executeUpdate(messages.resumeUpdate, { args: [ada] })).rejects.toMatchObject({
      cause: { message: 'nobody has paused it; `promote` ends a pause step' },
    });
    await handle.executeUpdate(messages.promoteFullUpdate, { args: [ada] });
    await handle.result();
  });

  test('skips all remaining steps, and still waits for all pods', async () => {
    const cluster = await environment.cluster();
    const strategy = canary([...untilPromoted.steps, { kind: 'setWeight', weight: 50 }, { kind: 'pause' }]);
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy }));
    await asked(cluster, 'keepWeight');
    await handle.executeUpdate(messages.promoteFullUpdate, { args: [ada] });
    await handle.result();
    expect(cluster.effects.filter((line) => !line.endsWith('cancelled'))).toEqual([
      'startCanary',
      'reachWeight 20',
      ...promotion,
    ]);
    const { steps } = await statusOf(handle);
    expect(steps.map(({ mark }) => mark)).toEqual(['done', 'done', 'skipped', 'skipped']);
    await record('promoted-in-full', handle);
  });
});

describe('other paces', () => {
  test('a first deployment skips the steps', async () => {
    const cluster = await environment.cluster();
    const outcome = await runRollout(environment, rolloutSpec(cluster, { pace: 'initial' }));
    expect(outcome).toEqual({ kind: 'promoted', way: 'initial' });
    expect(cluster.trace).toEqual(['rollWorkload target']);
  });

  test('a version that was good before needs no steps', async () => {
    const cluster = await environment.cluster();
    await runRollout(environment, rolloutSpec(cluster, { pace: 'fast' }));
    expect(cluster.trace).toEqual(['startCanary', ...promotion]);
  });

  test('a plain Deployment is applied and watched', async () => {
    const cluster = await environment.cluster();
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy: { kind: 'rolling' } }));
    expect(outcome).toEqual({ kind: 'promoted', way: 'rolled' });
    expect(cluster.trace).toEqual(['rollWorkload target']);
  });
});

import type { HookFacts } from '../../src/domain/rollout-status';
import * as messages from '../../src/messages/rollout';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment, eventually } from '../support/workflow-environment';
import { done, failed, forbidden, untilCancelled } from '../support/workflow-fakes';
import { asked, canary, rolloutSpec, runRollout, startRollout, statusOf } from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const backup: HookFacts = { name: 'backup', phase: 'pre' };
const migrate: HookFacts = { name: 'migrate', phase: 'pre', undo: 'migrate-back' };
const warm: HookFacts = { name: 'warm', phase: 'post' };
const announce: HookFacts = { name: 'announce', phase: 'post', undo: 'take-down' };
const strategy = canary([{ kind: 'setWeight', weight: 20 }]);
const back = ['returnTraffic', 'removeCanary'];
const broken = failed('hook migrate: Job migrate-r1-test failed', 'HookFailed');
const ada = { requestedBy: 'ada' };

describe('hooks before a rollout', () => {
  test('run one after the other before the canary, those after it when the old pods are gone', async () => {
    const cluster = await environment.cluster();
    const spec = rolloutSpec(cluster, { strategy, hooks: [backup, migrate, warm] });
    const handle = await startRollout(environment, spec);
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.trace).toEqual([
      'runHook do backup',
      'runHook do migrate',
      'startCanary',
      'reachWeight 20',
      'reachWeight 100',
      'handOver',
      'adoptCanary',
      'retireOld',
      'runHook do warm',
    ]);
    const { hooks } = await statusOf(handle);
    expect(hooks?.map(({ name, mark }) => [name, mark])).toEqual([
      ['backup', 'done'],
      ['migrate', 'done'],
      ['warm', 'done'],
    ]);
    await record('hooks', handle);
  });

  test('that fail turn it back before the new version has a pod, and are taken back themselves', async () => {
    const cluster = await environment.cluster({ runHook: ({ part }) => (part === 'do' ? broken : done) });
    const spec = rolloutSpec(cluster, { strategy, hooks: [migrate, warm] });
    const handle = await startRollout(environment, spec);
    expect(await handle.result()).toEqual({ kind: 'failed', failure: broken.failure });
    expect(cluster.trace).toEqual(['runHook do migrate', ...back, 'runHook undo migrate']);
    expect((await statusOf(handle)).hooks).toMatchObject([{ name: 'migrate', mark: 'undone' }]);
    await record('hook-failed', handle);
  });

  test('that cannot be run at all turn it back too', async () => {
    const cluster = await environment.cluster({
      runHook: ({ part }) => {
        if (part === 'do') throw forbidden();
        return done;
      },
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy, hooks: [migrate] }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'Forbidden' } });
    expect(cluster.trace).toEqual(['runHook do migrate', ...back, 'runHook undo migrate']);
  });

  test('of plain Deployments and first deployments run as well', async () => {
    const rolling = await environment.cluster();
    await runRollout(
      environment,
      rolloutSpec(rolling, { strategy: { kind: 'rolling' }, hooks: [migrate, warm] }),
    );
    expect(rolling.trace).toEqual(['runHook do migrate', 'rollWorkload target', 'runHook do warm']);
    const initial = await environment.cluster({ rollWorkload: () => failed() });
    await runRollout(environment, rolloutSpec(initial, { pace: 'initial', hooks: [migrate, warm] }));
    expect(initial.trace).toEqual(['runHook do migrate', 'rollWorkload target', 'runHook undo migrate']);
  });
});

describe('a rollback', () => {
  test('takes hooks back, the last one first, when traffic is back and the canary is gone', async () => {
    const cluster = await environment.cluster({ reachWeight: () => failed() });
    const second: HookFacts = { name: 'index', phase: 'pre', undo: 'index-back' };
    const hooks = [migrate, backup, second, announce];
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy, hooks }));
    expect(await handle.result()).toMatchObject({ kind: 'failed' });
    expect(cluster.trace.slice(-4)).toEqual([...back, 'runHook undo index', 'runHook undo migrate']);
    const undos = cluster.inputs('runHook').filter(({ part }) => part === 'undo');
    expect(undos.every(({ hasRun }) => hasRun === true)).toBe(true);
    const { log } = await statusOf(handle);
    expect(log.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['hook index was taken back', 'hook migrate was taken back']),
    );
  });

  test('in the middle of a hook waits until it has let go, then takes it back', async () => {
    const cluster = await environment.cluster({
      runHook: ({ part }) => (part === 'do' ? untilCancelled() : done),
    });
    const handle = await startRollout(
      environment,
      rolloutSpec(cluster, { strategy, hooks: [backup, migrate] }),
    );
    await asked(cluster, 'runHook do backup');
    await handle.executeUpdate(messages.abortUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'aborted', by: 'ada' });
    expect(cluster.trace).toEqual([
      'runHook do backup',
      'runHook do backup cancelled',
      ...back,
      'runHook undo backup',
    ]);
    expect(cluster.inputs('runHook').at(-1)?.hasRun).toBeUndefined();
  });

  test('is repeated until a hook is taken back, with a higher fence each time, and says what is in its way', async () => {
    const verdict = failed('undo of hook migrate: Job migrate-r1-test-undo failed', 'UndoFailed');
    const cluster = await environment.cluster({
      reachWeight: () => failed(),
      runHook: ({ part }, times) => (part === 'undo' && times < 5 ? verdict : done),
    });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy, hooks: [migrate] }));
    expect(await handle.result()).toMatchObject({ kind: 'failed' });
    const fences = cluster
      .inputs('runHook')
      .filter(({ part }) => part === 'undo')
      .map(({ fence }) => fence);
    expect(fences).toHaveLength(4);
    expect(new Set(fences).size).toBe(4);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    const { log } = await statusOf(handle);
    expect(log.map(({ text }) => text)).toContain(
      `cannot go on: ${verdict.failure.sentence}; trying again in 4 s`,
    );
  });

  test('after a termination looks at every hook: nobody knows which were started', async () => {
    const cluster = await environment.cluster();
    const spec = rolloutSpec(cluster, { strategy, hooks: [backup, migrate, announce] });
    await runRollout(environment, spec, 'recover');
    expect(cluster.trace).toEqual([
      'inspectCanary',
      ...back,
      'runHook undo announce',
      'runHook undo migrate',
      'runHook undo backup',
    ]);
    expect(cluster.inputs('runHook').every(({ hasRun }) => hasRun === undefined)).toBe(true);
  });

  test('that finds the promotion past its return finishes it, and runs what comes after it', async () => {
    const cluster = await environment.cluster({ inspectCanary: () => ({ isPastReturn: true }) });
    const spec = rolloutSpec(cluster, { strategy, hooks: [migrate, warm] });
    expect(await runRollout(environment, spec, 'recover')).toMatchObject({ kind: 'promoted' });
    expect(cluster.trace.slice(-2)).toEqual(['retireOld', 'runHook do warm']);
  });
});

describe('a hook after the promotion', () => {
  test('that fails is shown, its undo runs, those after it do not, and nothing is rolled back', async () => {
    const verdict = failed('hook announce: Job announce-r1-test failed', 'HookFailed');
    const cluster = await environment.cluster({
      runHook: ({ hook, part }) => (hook === 'announce' && part === 'do' ? verdict : done),
    });
    const spec = rolloutSpec(cluster, { strategy, hooks: [announce, warm] });
    const handle = await startRollout(environment, spec);
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.trace.slice(-3)).toEqual(['retireOld', 'runHook do announce', 'runHook undo announce']);
    const { hooks, log } = await statusOf(handle);
    expect(hooks).toMatchObject([{ name: 'announce', mark: 'failed', sentence: verdict.failure.sentence }]);
    expect(log.map(({ text }) => text)).toEqual([
      `hook announce has failed after the promotion, which stays: ${verdict.failure.sentence}`,
      'hook announce was taken back',
      'not run after it: warm',
    ]);
    await record('post-hook-failed', handle);
  });

  test('is past the point of no return: abort says to use undo', async () => {
    let mayEnd = false;
    const cluster = await environment.cluster({
      runHook: () =>
        eventually(
          () => done,
          () => mayEnd,
        ),
    });
    const spec = rolloutSpec(cluster, { strategy: { kind: 'rolling' }, hooks: [warm] });
    const handle = await startRollout(environment, spec);
    await asked(cluster, 'runHook do warm');
    await expect(handle.executeUpdate(messages.abortUpdate, { args: [ada] })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('use undo') as string },
    });
    mayEnd = true;
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });
});

import { setTimeout as wait } from 'node:timers/promises';
import * as messages from '../../src/messages/rollout';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment, eventually } from '../support/workflow-environment';
import { done, failed, forbidden, untilCancelled } from '../support/workflow-fakes';
import {
  asked,
  canary,
  rolloutSpec,
  runRollout,
  startRollout,
  statusOf,
  toldEnds,
} from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada', reason: 'errors in the shop' };
const back = ['returnTraffic', 'removeCanary'];
const aborted = { kind: 'aborted', by: 'ada', reason: 'errors in the shop' };
const untilPromoted = canary([{ kind: 'setWeight', weight: 20 }, { kind: 'pause' }]);

describe('a failure', () => {
  test('brings traffic back before it removes the canary, and tells the application', async () => {
    const verdict = failed();
    const cluster = await environment.cluster({
      reachWeight: ({ traffic }) => (traffic.weight === 50 ? verdict : done),
    });
    const spec = rolloutSpec(cluster);
    const handle = await startRollout(environment, spec);
    const outcome = await handle.result();
    expect(outcome).toEqual({ kind: 'failed', failure: verdict.failure });
    expect(cluster.trace).toEqual(['startCanary', 'reachWeight 20', 'reachWeight 50', ...back]);
    expect(await toldEnds(environment, spec)).toEqual([{ workload: 'web', rolloutId: 'r1-test', outcome }]);
    await record('failed', handle);
  });

  test('is written with fences above everything that went forward', async () => {
    const cluster = await environment.cluster({ reachWeight: () => failed() });
    await runRollout(environment, rolloutSpec(cluster));
    expect(cluster.fences).toEqual([10_001, 10_002, 10_003, 10_004]);
  });

  test('of the canary during a pause ends the pause', async () => {
    const cluster = await environment.cluster({
      keepWeight: () => failed('pod web-canary-x crashes', 'CrashLoop'),
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy: untilPromoted }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'CrashLoop' } });
    expect(cluster.trace).toEqual(['startCanary', 'reachWeight 20', 'keepWeight', ...back]);
  });

  test('that no retry mends is a failure of the rollout, not of the workflow', async () => {
    const cluster = await environment.cluster({
      startCanary: () => {
        throw forbidden();
      },
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster));
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'Forbidden', sentence: 'deployments.apps "web" is forbidden' },
    });
    expect(cluster.trace).toEqual(['startCanary', ...back]);
  });

  test('to watch the canary during a pause is a failure of the rollout too', async () => {
    const cluster = await environment.cluster({
      keepWeight: () => {
        throw forbidden();
      },
    });
    const strategy = canary([{ kind: 'pause', durationMs: 500 }]);
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'Forbidden' } });
    expect(cluster.trace).toEqual(['startCanary', 'keepWeight', ...back]);
  });

  test('of the handover is still taken back', async () => {
    const cluster = await environment.cluster({ handOver: () => failed() });
    expect(await runRollout(environment, rolloutSpec(cluster))).toMatchObject({ kind: 'failed' });
    expect(cluster.trace.slice(-4)).toEqual(['reachWeight 100', 'handOver', ...back]);
  });

  test('of a plain Deployment re-applies the last good version', async () => {
    const cluster = await environment.cluster({
      rollWorkload: ({ to }) => (to === 'target' ? failed() : done),
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy: { kind: 'rolling' } }));
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(cluster.trace).toEqual(['rollWorkload target', 'rollWorkload good']);
  });

  test('of the good version too is told apart', async () => {
    const cluster = await environment.cluster({ rollWorkload: () => failed('pod web-x crashes') });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy: { kind: 'rolling' } }));
    expect(outcome).toMatchObject({ kind: 'failed', goodAlsoFails: 'pod web-x crashes' });
  });

  test('of a first deployment changes nothing more: there is nothing to go back to', async () => {
    const cluster = await environment.cluster({ rollWorkload: () => failed() });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { pace: 'initial' }));
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(cluster.trace).toEqual(['rollWorkload target']);
  });
});

describe('the rollback', () => {
  test('is repeated until it is done, and says what stands in its way', async () => {
    let mended = false;
    const cluster = await environment.cluster({
      reachWeight: () => failed(),
      returnTraffic: () => {
        if (!mended) throw forbidden();
        return done;
      },
    });
    const handle = await startRollout(environment, rolloutSpec(cluster));
    const stuck = await eventually(
      () => statusOf(handle),
      ({ log }) => log.some(({ text }) => text.startsWith('cannot go on')),
    );
    expect(stuck.phase).toBe('Degraded');
    expect(stuck.log.at(-1)?.text).toBe(
      'cannot go on: deployments.apps "web" is forbidden; trying again in 1 s',
    );
    mended = true;
    expect(await handle.result()).toMatchObject({ kind: 'failed' });
    expect(cluster.trace.slice(-3)).toEqual(['returnTraffic', ...back]);
    await record('rollback-repeated', handle);
  });

  test('is not disturbed by an abort, a pause or a cancellation', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const cluster = await environment.cluster({
      reachWeight: () => failed(),
      returnTraffic: async () => {
        await held;
        return done;
      },
    });
    const handle = await startRollout(environment, rolloutSpec(cluster));
    await asked(cluster, 'returnTraffic');
    const refusal = { cause: { message: 'the rollout of web is rolling back' } };
    await expect(handle.executeUpdate(messages.abortUpdate, { args: [ada] })).rejects.toMatchObject(refusal);
    await expect(handle.executeUpdate(messages.pauseUpdate, { args: [ada] })).rejects.toMatchObject(refusal);
    await handle.signal(messages.abortSignal, ada);
    await handle.cancel();
    letGo();
    expect(await handle.result()).toMatchObject({ kind: 'failed' });
    expect(cluster.trace).toEqual(['startCanary', 'reachWeight 20', ...back]);
  });
});

describe('an abort', () => {
  const ways: [string, (handle: Awaited<ReturnType<typeof startRollout>>) => Promise<unknown>, object][] = [
    ['by update', (handle) => handle.executeUpdate(messages.abortUpdate, { args: [ada] }), aborted],
    ['by signal', (handle) => handle.signal(messages.abortSignal, ada), aborted],
    [
      'by cancelling the workflow',
      (handle) => handle.cancel(),
      { kind: 'aborted', by: 'cancellation of the workflow' },
    ],
    [
      'by a newer revision',
      (handle) => handle.signal(messages.supersedeSignal, { revision: 'v3' }),
      { kind: 'superseded', by: 'v3' },
    ],
  ];

  test.each(ways)(
    '%s in the middle of a step waits for the write in flight, then goes back',
    async (_name, abort, expected) => {
      const cluster = await environment.cluster({
        reachWeight: async () => {
          try {
            return await untilCancelled();
          } catch (error: unknown) {
            await wait(300); // the write that is under way comes to its end
            throw error;
          }
        },
      });
      const handle = await startRollout(environment, rolloutSpec(cluster));
      await asked(cluster, 'reachWeight 20');
      await abort(handle);
      expect(await handle.result()).toEqual(expected);
      expect(cluster.trace).toEqual(['startCanary', 'reachWeight 20', 'reachWeight 20 cancelled', ...back]);
    },
  );

  test.each(ways)('%s during a pause goes back', async (_name, abort, expected) => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy: untilPromoted }));
    await asked(cluster, 'keepWeight');
    await abort(handle);
    expect(await handle.result()).toEqual(expected);
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20', ...back]);
  });

  test.each(ways)(
    '%s counts when the step in flight ends well all the same',
    async (_name, abort, expected) => {
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const cluster = await environment.cluster({
        handOver: async () => {
          await held;
          return done;
        },
      });
      const handle = await startRollout(environment, rolloutSpec(cluster));
      await asked(cluster, 'handOver');
      await abort(handle);
      await eventually(
        () => handle.fetchHistory(),
        (history) =>
          (history.events ?? []).some((event) => Boolean(event.activityTaskCancelRequestedEventAttributes)),
      );
      letGo();
      expect(await handle.result()).toEqual(expected);
      expect(cluster.trace.slice(-3)).toEqual(['handOver', ...back]);
    },
  );

  test('is what a canary that fails while a person holds it comes to', async () => {
    const cluster = await environment.cluster({ keepWeight: () => failed() });
    const spec = rolloutSpec(cluster);
    const handle = await environment.client.signalWithStart('rollout', {
      workflowId: messages.rolloutWorkflowId(spec),
      taskQueue: 'belay',
      args: [{ spec, mode: 'forward' }],
      signal: messages.pauseSignal,
      signalArgs: [ada],
    });
    expect(await handle.result()).toMatchObject({ kind: 'failed' });
    expect(cluster.trace).toEqual(['startCanary', 'keepWeight', ...back]);
  });

  test('while a person holds it goes back', async () => {
    const cluster = await environment.cluster();
    const spec = rolloutSpec(cluster);
    const handle = await environment.client.signalWithStart('rollout', {
      workflowId: messages.rolloutWorkflowId(spec),
      taskQueue: 'belay',
      args: [{ spec, mode: 'forward' }],
      signal: messages.pauseSignal,
      signalArgs: [ada],
    });
    await asked(cluster, 'keepWeight');
    await handle.executeUpdate(messages.abortUpdate, { args: [ada] });
    expect(await handle.result()).toEqual(aborted);
    expect(cluster.effects).toEqual(['startCanary', ...back]);
  });

  test('after the point of no return is refused: use undo', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const cluster = await environment.cluster({
      adoptCanary: async () => {
        await held;
        return done;
      },
    });
    const handle = await startRollout(environment, rolloutSpec(cluster));
    await asked(cluster, 'adoptCanary');
    await expect(handle.executeUpdate(messages.abortUpdate, { args: [ada] })).rejects.toMatchObject({
      cause: { message: 'the new version is already the stable one; use undo' },
    });
    await expect(handle.executeUpdate(messages.pauseUpdate, { args: [ada] })).rejects.toMatchObject({
      cause: { message: 'the new version is already the stable one' },
    });
    await handle.signal(messages.abortSignal, ada);
    await handle.signal(messages.supersedeSignal, { revision: 'v3' });
    await handle.cancel();
    letGo();
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.trace.slice(-2)).toEqual(['adoptCanary', 'retireOld']);
    await record('abort-too-late', handle);
  });

  test('of a plain Deployment re-applies the last good version', async () => {
    const cluster = await environment.cluster({
      rollWorkload: ({ to }) => (to === 'target' ? untilCancelled() : done),
    });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy: { kind: 'rolling' } }));
    await asked(cluster, 'rollWorkload target');
    await handle.executeUpdate(messages.abortUpdate, { args: [ada] });
    expect(await handle.result()).toEqual(aborted);
    expect(cluster.trace).toEqual([
      'rollWorkload target',
      'rollWorkload target cancelled',
      'rollWorkload good',
    ]);
    await record('rolling-aborted', handle);
  });
});

describe('recovery after a terminated rollout', () => {
  test('takes everything back when stable still has its old template', async () => {
    const cluster = await environment.cluster();
    const outcome = await runRollout(environment, rolloutSpec(cluster), 'recover');
    expect(outcome).toEqual({ kind: 'aborted', by: 'termination of its workflow' });
    expect(cluster.trace).toEqual(['inspectCanary', ...back]);
  });

  test('finishes the promotion when the new template is on stable already', async () => {
    const cluster = await environment.cluster({ inspectCanary: pastReturn });
    const outcome = await runRollout(environment, rolloutSpec(cluster), 'recover');
    expect(outcome).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.trace).toEqual(['inspectCanary', 'handOver', 'adoptCanary', 'retireOld']);
  });

  test('goes on trying when the promotion cannot be finished at once', async () => {
    const cluster = await environment.cluster({
      inspectCanary: pastReturn,
      handOver: (_input, times) => (times === 1 ? failed('the endpoints do not come') : done),
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster), 'recover');
    expect(outcome).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.trace).toEqual(['inspectCanary', 'handOver', 'handOver', 'adoptCanary', 'retireOld']);
  });

  function pastReturn() {
    return { isPastReturn: true } as never;
  }
});

describe("what Temporal's UI shows", () => {
  test('is a table of the steps, and why it went back', async () => {
    const cluster = await environment.cluster({ keepWeight: () => failed() });
    const handle = await startRollout(environment, rolloutSpec(cluster, { strategy: untilPromoted }));
    await handle.result();
    const metadata: { currentDetails?: string } = await handle.query('__temporal_workflow_metadata');
    const details = (metadata.currentDetails ?? '').replace(/\d\d:\d\d:\d\dZ/g, 'TIME');
    expect(details).toBe(
      [
        '**shop/web**: Degraded. rolled back: pod web-canary-x: ImagePullBackOff: not found (since TIME)',
        '',
        '| # | step | state | since |',
        '| --- | --- | --- | --- |',
        '| 1 | setWeight 20 | ✔ done | TIME |',
        '| 2 | pause until promoted | ◌ now | TIME |',
        '',
        '- TIME pod web-canary-x: ImagePullBackOff: not found',
        '- TIME all traffic is back on the stable version',
        '- TIME the stable version is complete',
      ].join('\n'),
    );
  });

  test('are search attributes with phase, weight, revision and the code of the reason', async () => {
    const cluster = await environment.cluster({
      reachWeight: ({ traffic }) => (traffic.weight === 50 ? failed() : done),
    });
    const handle = await startRollout(environment, rolloutSpec(cluster));
    await handle.result();
    const { searchAttributes } = await handle.describe();
    expect(searchAttributes).toMatchObject({
      BelayApp: [rolloutSpec(cluster).application],
      BelayPhase: ['Degraded'],
      BelayReason: ['ImagePullFailed'],
      BelayRevision: ['v2----------'],
      BelayWeight: [0],
    });
  });
});

import * as messages from '../../src/messages/rollout';
import { back, blueGreen, gatesOf, inRelease, pass, reached, toGate } from '../support/workflow-gates';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { failed, untilCancelled } from '../support/workflow-fakes';
import { record } from '../support/workflow-histories';
import { canary, startRollout, statusOf, toldEnds } from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };

describe('a rollout in a release', () => {
  test.each([
    ['canary', {}, toGate],
    [
      'blue-green',
      { strategy: blueGreen },
      ['startCanary', 'reachWeight 0', 'reachWeight 0', 'handOver', 'standBy'],
    ],
    [
      'canary of a version that was good before',
      { pace: 'fast' as const },
      ['startCanary', 'reachWeight 100', 'handOver', 'standBy'],
    ],
  ])('by %s stops at the gate, and stable adopts when it is told to', async (name, changes, steps) => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, inRelease(cluster, changes));
    await reached(environment, cluster, 'ready');
    expect(await gatesOf(environment, cluster)).toEqual([
      { workload: 'web', rolloutId: 'r1-test', at: 'ready' },
    ]);
    const status = await statusOf(handle);
    expect(status).toMatchObject({ phase: 'Progressing', weight: 100, pastReturn: false });
    expect(status.message).toBe(
      'all traffic is on the new version; the old one stands by until release release/shop/1 is good',
    );
    expect(cluster.effects).toEqual(steps);
    await pass(handle, 'ready');
    expect(await handle.result()).toEqual({ kind: 'promoted', way: 'adopted' });
    expect(cluster.effects).toEqual([...steps, 'adoptCanary', 'retireOld']);
    await record(`gate-${name.split(' ').at(-1) ?? ''}`, handle);
  });

  test('says at the gate that the old version cannot stand by, where that is so', async () => {
    const obstacle = 'Service all selects pods of other workloads too';
    const cluster = await environment.cluster({ standBy: () => ({ kind: 'done', obstacle }) });
    const handle = await startRollout(environment, inRelease(cluster));
    await reached(environment, cluster, 'ready');
    expect((await statusOf(handle)).message).toContain(`the old one cannot stand by: ${obstacle}`);
    await pass(handle, 'ready');
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('fails, and goes back, where the old version does not come up again', async () => {
    const cluster = await environment.cluster({ standBy: () => failed('old pods are late') });
    const handle = await startRollout(environment, inRelease(cluster));
    await reached(environment, cluster, 'trafficBack');
    await pass(handle, 'trafficBack');
    expect(await handle.result()).toMatchObject({
      kind: 'failed',
      failure: { sentence: 'old pods are late' },
    });
    expect(cluster.effects).toEqual([...toGate, ...back]);
  });

  test('is not passed by a full promotion, which is refused at the gate and skips only the steps before', async () => {
    const cluster = await environment.cluster();
    const strategy = canary([{ kind: 'setWeight', weight: 20 }, { kind: 'pause' }]);
    const handle = await startRollout(environment, inRelease(cluster, { strategy }));
    await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    await handle.executeUpdate(messages.promoteFullUpdate, { args: [ada] });
    await reached(environment, cluster, 'ready');
    for (const update of [messages.promoteUpdate, messages.promoteFullUpdate])
      await expect(handle.executeUpdate(update, { args: [ada] })).rejects.toMatchObject({
        cause: { message: expect.stringContaining('waits until release release/shop/1 is good') as string },
      });
    expect(cluster.trace).not.toContain('adoptCanary');
    await pass(handle, 'ready');
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('that is aborted at the gate gives the traffic back at once, and the rest when all of the release have', async () => {
    const cluster = await environment.cluster();
    const hooks = [{ name: 'migrate', phase: 'pre' as const, undo: 'unmigrate' }];
    const handle = await startRollout(environment, inRelease(cluster, { hooks }));
    await reached(environment, cluster, 'ready');
    await handle.signal(messages.abortSignal, { requestedBy: 'belay', reason: 'api failed' });
    await reached(environment, cluster, 'trafficBack');
    const before = ['runHook do migrate', ...toGate, 'returnTraffic'];
    expect(cluster.effects).toEqual(before);
    expect((await statusOf(handle)).message).toContain('waiting until release release/shop/1');
    await pass(handle, 'trafficBack');
    expect(await handle.result()).toEqual({ kind: 'aborted', by: 'belay', reason: 'api failed' });
    expect(cluster.effects).toEqual([...before, 'removeCanary', 'runHook undo migrate']);
    await record('gate-aborted', handle);
  });

  test('whose pods crash at the gate fails, and waits on its way back', async () => {
    let crash: (() => void) | undefined;
    const cluster = await environment.cluster({
      keepWeight: ({ traffic }) =>
        traffic.isStandby === true
          ? new Promise((resolve) => (crash = () => resolve(failed('it crashed'))))
          : untilCancelled(),
    });
    const handle = await startRollout(environment, inRelease(cluster));
    await reached(environment, cluster, 'ready');
    await eventually(
      () => crash,
      (found) => found !== undefined,
    );
    crash?.();
    await reached(environment, cluster, 'trafficBack');
    expect(cluster.effects).toEqual([...toGate, 'returnTraffic']);
    await pass(handle, 'trafficBack');
    expect(await handle.result()).toMatchObject({ kind: 'failed', failure: { sentence: 'it crashed' } });
  });

  test('that fails before the gate waits on its way back as well', async () => {
    const cluster = await environment.cluster({ reachWeight: () => failed() });
    const handle = await startRollout(environment, inRelease(cluster));
    await reached(environment, cluster, 'trafficBack');
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20', 'returnTraffic']);
    await pass(handle, 'trafficBack');
    expect(await handle.result()).toMatchObject({ kind: 'failed' });
    expect((await gatesOf(environment, cluster)).map(({ at }) => at)).toEqual(['trafficBack']);
  });

  test('goes on at once when the answer was given before', async () => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, inRelease(cluster));
    await pass(handle, 'ready');
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('that is superseded waits for nobody', async () => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, inRelease(cluster));
    await reached(environment, cluster, 'ready');
    await handle.signal(messages.supersedeSignal, { revision: 'newer' });
    expect(await handle.result()).toMatchObject({ kind: 'superseded' });
    expect(cluster.effects).toEqual([...toGate, ...back]);
  });

  test('that a person has paused holds after the gate until it is resumed', async () => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, inRelease(cluster));
    await reached(environment, cluster, 'ready');
    await handle.signal(messages.pauseSignal, ada);
    await pass(handle, 'ready');
    await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    expect(cluster.trace).not.toContain('adoptCanary');
    await handle.executeUpdate(messages.resumeUpdate, { args: [ada] });
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  });

  test('takes over a new size at the gate', async () => {
    const cluster = await environment.cluster();
    const handle = await startRollout(environment, inRelease(cluster, { replicas: 4 }));
    await reached(environment, cluster, 'ready');
    await handle.signal(messages.adjustSignal, { replicas: 6, isPaused: false });
    await eventually(
      () => cluster.inputs('keepWeight').at(-1),
      (input) => input?.replicas === 6,
    );
    expect(cluster.inputs('keepWeight').at(-1)?.traffic).toMatchObject({ isStandby: true });
    await pass(handle, 'ready');
    await handle.result();
    expect(cluster.inputs('adoptCanary')[0]?.replicas).toBe(6);
  });

  test('finishes past the point of no return after a termination, and before it goes back behind the gate', async () => {
    const cluster = await environment.cluster({ inspectCanary: () => ({ isPastReturn: true }) });
    const handle = await startRollout(environment, inRelease(cluster), 'recover');
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
    expect(await gatesOf(environment, cluster)).toEqual([]);
    const other = await environment.cluster();
    const second = await startRollout(environment, inRelease(other), 'recover');
    await reached(environment, other, 'trafficBack');
    expect(other.effects).toEqual(['inspectCanary', 'returnTraffic']);
    await pass(second, 'trafficBack');
    expect(await second.result()).toMatchObject({ kind: 'aborted' });
  });
});

test.each([
  ['a first deployment', { pace: 'initial' as const }],
  ['a workload without steps', { strategy: { kind: 'rolling' as const } }],
  [
    'pods that are replaced in place',
    { kind: 'StatefulSet' as const, strategy: { kind: 'inPlace' as const, steps: [] } },
  ],
])('%s has no gate', async (_name, changes) => {
  const cluster = await environment.cluster();
  const spec = inRelease(cluster, changes);
  const handle = await startRollout(environment, spec);
  expect(await handle.result()).toMatchObject({ kind: 'promoted' });
  expect(await gatesOf(environment, cluster)).toEqual([]);
  expect(await toldEnds(environment, spec)).toHaveLength(1);
});

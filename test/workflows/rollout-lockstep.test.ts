import { weightGrantedSignal, type WeightWanted } from '../../src/messages/release';
import { workflowQueue } from '../../src/messages/queues';
import * as messages from '../../src/messages/rollout';
import { listener, weightsQuery } from '../support/workflow-bundle';
import { blueGreen, pass, reached } from '../support/workflow-gates';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { failed, type FakeCluster } from '../support/workflow-fakes';
import { record } from '../support/workflow-histories';
import {
  canary,
  rolloutSpec,
  startRollout,
  statusOf,
  type RunningRollout,
} from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };
const idOf = ({ id }: FakeCluster): string => `release/${id}/1`;

/** A rollout in lockstep whose release is a listener. */
async function start(
  cluster: FakeCluster,
  changes: Parameters<typeof rolloutSpec>[1] = {},
): Promise<RunningRollout> {
  await environment.client.start(listener, { workflowId: idOf(cluster), taskQueue: workflowQueue });
  const release = { id: idOf(cluster), isLockstep: true };
  return startRollout(environment, rolloutSpec(cluster, { release, ...changes }));
}

async function weights(cluster: FakeCluster): Promise<readonly WeightWanted['weight'][]> {
  const told = await environment.client.getHandle(idOf(cluster)).query(weightsQuery);
  return told.map(({ weight }) => weight);
}

/** Waits until the release has been asked for this. */
async function wanted(cluster: FakeCluster, weight: WeightWanted['weight']): Promise<void> {
  await eventually(
    () => weights(cluster),
    (told) => told.at(-1) === weight,
  );
}

const grant = (handle: RunningRollout, weight: number): Promise<void> =>
  handle.signal(weightGrantedSignal, { weight });

describe('a rollout in lockstep', () => {
  test('asks before each weight, takes it when it is granted, and says when it is over', async () => {
    const cluster = await environment.cluster();
    const handle = await start(cluster);
    await wanted(cluster, 20);
    expect((await statusOf(handle)).message).toBe(
      `waiting until all canaries of release ${idOf(cluster)} may have 20 %`,
    );
    expect(cluster.effects).toEqual(['startCanary']);
    await grant(handle, 20);
    await wanted(cluster, 50);
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20']);
    await grant(handle, 50);
    await wanted(cluster, 100);
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 20', 'reachWeight 50']);
    await grant(handle, 100);
    await reached(environment, cluster, 'ready');
    await pass(handle, 'ready');
    expect(await handle.result()).toMatchObject({ kind: 'promoted' });
    expect(await weights(cluster)).toEqual([20, 50, 100, 'done']);
    await record('lockstep', handle);
  });

  test('does not ask for what was granted before, nor for less', async () => {
    const cluster = await environment.cluster();
    const steps = [60, 20, 60].map((weight) => ({ kind: 'setWeight' as const, weight }));
    const handle = await start(cluster, { strategy: canary(steps) });
    await wanted(cluster, 60);
    await grant(handle, 70);
    await wanted(cluster, 100);
    expect(cluster.effects).toEqual(['startCanary', 'reachWeight 60', 'reachWeight 20', 'reachWeight 60']);
    expect(await weights(cluster)).toEqual([60, 100]);
    await handle.signal(messages.supersedeSignal, { revision: 'newer' });
    await handle.result();
    expect(await weights(cluster)).toEqual([60, 100, 'done']);
  });

  test('by blue-green asks before the switch', async () => {
    const cluster = await environment.cluster();
    const handle = await start(cluster, { strategy: blueGreen });
    await wanted(cluster, 100);
    expect(cluster.trace).not.toContain('handOver');
    await grant(handle, 100);
    await reached(environment, cluster, 'ready');
    expect(cluster.trace).toContain('handOver');
    await handle.signal(messages.supersedeSignal, { revision: 'newer' });
    await handle.result();
  });

  test('is aborted while it waits', async () => {
    const cluster = await environment.cluster();
    const handle = await start(cluster);
    await wanted(cluster, 20);
    await handle.signal(messages.abortSignal, ada);
    await pass(handle, 'trafficBack');
    expect(await handle.result()).toMatchObject({ kind: 'aborted', by: 'ada' });
    expect(cluster.effects).toEqual(['startCanary', 'returnTraffic', 'removeCanary']);
    expect(await weights(cluster)).toEqual([20, 'done']);
  });

  test('fails while it waits when pods of its canary fail', async () => {
    const cluster = await environment.cluster({
      keepWeight: () => failed('it crashed'),
    });
    const handle = await start(cluster);
    await pass(handle, 'trafficBack');
    expect(await handle.result()).toMatchObject({ kind: 'failed', failure: { sentence: 'it crashed' } });
  });

  test('that a person has paused meanwhile holds although the weight is granted', async () => {
    const cluster = await environment.cluster();
    const handle = await start(cluster);
    await wanted(cluster, 20);
    await handle.signal(messages.pauseSignal, ada);
    await grant(handle, 20);
    await eventually(
      () => statusOf(handle),
      ({ phase }) => phase === 'Paused',
    );
    expect(cluster.effects).toEqual(['startCanary']);
    await handle.executeUpdate(messages.resumeUpdate, { args: [ada] });
    await wanted(cluster, 50);
    await handle.signal(messages.supersedeSignal, { revision: 'newer' });
    await handle.result();
  });
});

import { ApplicationFailure } from '@temporalio/activity';
import { applicationId } from '../../src/messages/application';
import { back, blueGreen, gatesOf, inRelease, pass, reached, toGate } from '../support/workflow-gates';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { failed } from '../support/workflow-fakes';
import { rolloutSpec, startRollout, statusOf } from '../support/workflow-rollouts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

/** Time is not skipped while an activity runs: this one waits for its next try instead. */
const asleep = (): never => {
  throw ApplicationFailure.create({ message: 'later', nextRetryDelay: '2 days' });
};

describe('a rollout in a release, while time goes on,', () => {
  test('tells the gate again now and then', async () => {
    const cluster = await environment.cluster({ keepWeight: asleep });
    const handle = await startRollout(environment, inRelease(cluster));
    await reached(environment, cluster, 'ready');
    await environment.env.sleep('4 minutes');
    expect((await gatesOf(environment, cluster)).map(({ at }) => at)).toEqual(['ready', 'ready', 'ready']);
    await pass(handle, 'ready');
    await handle.result();
  });

  test('goes back by itself when its application is gone', async () => {
    const cluster = await environment.cluster({ keepWeight: asleep });
    const handle = await startRollout(environment, inRelease(cluster));
    await reached(environment, cluster, 'ready');
    await environment.client.getHandle(applicationId(`shop-${cluster.id}`)).signal('stop');
    expect(await handle.result()).toMatchObject({ kind: 'aborted', by: 'belay' });
    expect(cluster.effects).toEqual([...toGate, ...back]);
  });

  test('keeps the canary for abortScaleDownDelaySeconds from the moment when its traffic was back', async () => {
    const cluster = await environment.cluster({ handOver: () => failed() });
    const handle = await startRollout(environment, inRelease(cluster, { strategy: blueGreen }));
    await reached(environment, cluster, 'trafficBack');
    await environment.env.sleep('31 seconds');
    await pass(handle, 'trafficBack');
    expect(await handle.result()).toMatchObject({ kind: 'failed' });
    const { log } = await statusOf(handle);
    expect(log.at(-1)?.text).toBe('the stable version is complete');
    const { events } = await handle.fetchHistory();
    expect((events ?? []).filter((each) => each.timerFiredEventAttributes)).toEqual([]);
  });

  test('goes back in lockstep when its release is gone', async () => {
    const cluster = await environment.cluster({ keepWeight: asleep });
    const release = { id: 'release/gone/1', isLockstep: true };
    const handle = await startRollout(environment, rolloutSpec(cluster, { release }));
    await handle.signal('passGate', { at: 'trafficBack' });
    const reason = `release ${release.id} is gone, and nobody would say when its canaries move on`;
    expect(await handle.result()).toEqual({ kind: 'aborted', by: 'belay', reason });
  });
});

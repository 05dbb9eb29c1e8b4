import { ApplicationFailure } from '@temporalio/activity';
import { emptyState, type ApplicationState } from '../../src/domain/application-state';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import { rolloutStatusQuery } from '../../src/messages/rollout';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { revisionOf, untilCancelled } from '../support/workflow-fakes';
import { canary, rolloutSpec, runRollout } from '../support/workflow-rollouts';
import { openShop, type Shop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const lost: ApplicationState = {
  ...emptyState,
  good: { revision: revisionOf('v1'), tree: 'tree of {"web":"web-1"}', at: 1 },
  synced: revisionOf('v1'),
  workloads: { web: { version: 'web-1', revision: revisionOf('v1'), number: 3, healthy: true } },
};

/** The rollout of `v2` that was in the middle, as the mirror has it. */
function interrupted(cluster: string): Readonly<Record<string, RolloutSpec>> {
  const known = rolloutSpec({ id: cluster } as never, { number: 3, rolloutId: 'r3-lost' });
  return { web: { ...known, cluster, application: `shop-${cluster}` } };
}

/** An application that is started with what the cluster has kept. */
function recovered(isPastReturn: boolean, more: Partial<ApplicationState> = {}): Promise<Shop> {
  return openShop(environment, {
    scripts: {
      recallState: ({ spec }) =>
        JSON.stringify({ ...lost, interrupted: interrupted(spec.destination.name ?? ''), ...more }),
      inspectCanary: () => ({ isPastReturn }),
    },
  });
}

test('a rollout that was in the middle goes back before Git is read, with fences above, and is brought out again', async () => {
  const shop = await recovered(false);
  await shop.push('v2', { web: 'web-2' });
  const { state } = await shop.synced('v2');
  const { trace } = shop.cluster;
  expect(trace.slice(0, 5)).toEqual([
    'recallState',
    'watchSources',
    'inspectCanary',
    'returnTraffic',
    'removeCanary',
  ]);
  expect(shop.cluster.fences.slice(0, 3)).toEqual([40_001, 40_002, 40_003]);
  expect(shop.cluster.inputs('startCanary')).toMatchObject([{ fence: 50_001 }]);
  expect([state.quarantine, state.interrupted, shop.restores]).toEqual([{}, undefined, []]);
});

test('one that was past the point of no return is finished, and not brought out again', async () => {
  const shop = await recovered(true);
  await shop.push('v2', { web: 'web-2' });
  const { state } = await shop.synced('v2');
  expect(shop.cluster.inputs('startCanary')).toEqual([]);
  expect(shop.news()).toEqual(expect.arrayContaining(['handOver', 'adoptCanary', 'retireOld']));
  expect(state.workloads['web']).toMatchObject({ version: 'web-2', rolloutId: 'r3-lost', number: 4 });
});

test('one that was broken off stays back: held until somebody retries', async () => {
  const revision = revisionOf('v2');
  const hold = { code: 'Quarantined', reason: 'broken off', remedy: 'retry', since: 1 } as const;
  const shop = await recovered(false, {
    hold,
    quarantine: { 'web-2': { revision, workload: 'web', reason: 'broken off', at: 1 } },
    lastFailure: { code: 'Aborted', sentence: 'broken off', at: 1, revision, workload: 'web' },
  });
  await shop.push('v2', { web: 'web-2' });
  const { state } = await shop.settled('v2');
  expect(state.hold).toEqual(hold);
  expect(shop.news()).toEqual(['inspectCanary', 'returnTraffic', 'removeCanary']);
  await shop.handle.executeUpdate('retry', { args: [{ requestedBy: 'ada' }] });
  await shop.synced('v2');
  expect(shop.cluster.inputs('startCanary')).toHaveLength(1);
});

test('a retry that is asked for before Git has told its head is not lost', async () => {
  const revision = revisionOf('v2');
  const shop = await recovered(false, {
    interrupted: {},
    quarantine: { 'web-2': { revision, workload: 'web', reason: 'broken off', at: 1 } },
    lastFailure: { code: 'Aborted', sentence: 'broken off', at: 1, revision, workload: 'web' },
  });
  await shop.until(({ state }) => state.lastFailure !== undefined);
  await shop.handle.executeUpdate('retry', { args: [{ requestedBy: 'ada' }] });
  await shop.push('v2', { web: 'web-2' });
  await shop.synced('v2');
});

describe('a rollout that a person has ended in the cluster alone', () => {
  const stopped = (found: number, by?: string): ApplicationFailure =>
    ApplicationFailure.nonRetryable('outdated', 'Fenced', { fence: 1, found, ...(by && { by }) });
  const steps = canary([{ kind: 'setWeight', weight: 20 }, { kind: 'pause' }]);

  test('turns back as aborted by that person, with fences above', async () => {
    const cluster = await environment.cluster({
      keepWeight: () => {
        throw stopped(19_000, 'ada: slow');
      },
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy: steps }));
    expect(outcome).toEqual({ kind: 'aborted', by: 'ada: slow (--break-glass)' });
    expect(cluster.inputs('returnTraffic')).toMatchObject([{ fence: 19_002 }]);
    expect(cluster.inputs('removeCanary')).toMatchObject([{ fence: 19_003 }]);
  });

  test('in the middle of its way back goes on with it, for its own reason', async () => {
    const cluster = await environment.cluster({
      reachWeight: () => ({ kind: 'failed', failure: { code: 'Crash', sentence: 'it crashed', at: 0 } }),
      returnTraffic: ({ fence }) => {
        if (fence < 19_000) throw stopped(19_000, 'ada');
        return { kind: 'done' };
      },
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy: steps }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'Crash' } });
    expect(cluster.inputs('returnTraffic').map(({ fence }) => fence)).toEqual([10_003, 19_001]);
  });

  test.each([
    ['a newer rollout has written', 20_001, 'ada'],
    ['nobody says that it was a person', 19_000, undefined],
  ])('is not taken for one where %s', async (_words, found, by) => {
    const cluster = await environment.cluster({
      reachWeight: () => {
        throw stopped(found, by);
      },
    });
    const outcome = await runRollout(environment, rolloutSpec(cluster, { strategy: steps }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'Fenced' } });
  });
});

test('one whose workflow still runs is asked to go back', async () => {
  const first = await openShop(environment, {
    scripts: { keepWeight: untilCancelled },
    workload: { strategy: canary([{ kind: 'pause' }]) },
    state: lost,
  });
  await first.push('v2', { web: 'web-2' });
  await first.asked('keepWeight');
  const [spec] = first.cluster.inputs('startCanary').map((input) => input.spec);
  await environment.terminate(first.handle);
  await environment.client.start('application', {
    workflowId: first.handle.workflowId,
    taskQueue: 'belay',
    args: [{ spec: first.spec, state: { ...lost, interrupted: { web: spec } } }],
  });
  await first.asked('removeCanary');
  await first.until(({ state }) => state.events.some(({ text }) => /web is back/.test(text)));
  // Not by waiting for its result, which would let time skip: the server still counts what the terminated run left open.
  const ended = await eventually(
    () => first.rollout().query(rolloutStatusQuery),
    ({ outcome }) => outcome !== undefined,
  );
  expect(ended.outcome).toMatchObject({ kind: 'superseded' });
});

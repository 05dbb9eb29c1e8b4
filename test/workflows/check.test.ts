import { ApplicationFailure } from '@temporalio/common';
import type { Problem } from '../../src/domain/problem';
import { checkId, type CheckInput, type CheckResult } from '../../src/messages/check';
import { workflowQueue } from '../../src/messages/queues';
import type { CommitStatus } from '../../src/ports/forge';
import type { check } from '../../src/workflows';
import { record } from '../support/workflow-histories';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import {
  forbidden,
  revisionOf,
  untilCancelled,
  type FakeCluster,
  type Scripts,
} from '../support/workflow-fakes';
import { openGoodShop, openShop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
let told: CommitStatus[];
let forge: () => Promise<{ kind: 'set' } | { kind: 'none' }>;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    git: {
      setCommitStatus: async (status) => {
        told.push(status);
        return forge();
      },
    },
  });
});
afterAll(() => environment.stop());
beforeEach(() => {
  told = [];
  forge = async () => ({ kind: 'set' });
});

const violation: Problem = { code: 'PolicyViolation', message: 'no pods', file: 'k8s/a.yaml', line: 3 };
const planned =
  (more: object) =>
  ({ revision }: { readonly revision: string }) => ({
    kind: 'planned' as const,
    plan: { revision, tree: 't', objects: 1, workloads: [], ...more },
  });

interface Started {
  readonly cluster: FakeCluster;
  readonly handle: Awaited<ReturnType<typeof environment.client.start<typeof check>>>;
}

async function start(scripts: Scripts, changes: Partial<CheckInput> = {}): Promise<Started> {
  const cluster = await environment.cluster(scripts);
  const { spec } = await openShop(environment);
  const input: CheckInput = {
    cluster: cluster.id,
    spec,
    names: [revisionOf('v2')],
    run: 'r1',
    jobs: true,
    status: true,
    ...changes,
  };
  const handle = await environment.client.start<typeof check>('check', {
    workflowId: checkId(spec.name, 'r1'),
    taskQueue: workflowQueue,
    args: [input],
  });
  return { cluster, handle };
}

async function checked(
  scripts: Scripts,
  changes: Partial<CheckInput> = {},
): Promise<{ cluster: FakeCluster; result: CheckResult }> {
  const { cluster, handle } = await start(scripts, changes);
  return { cluster, result: await handle.result() };
}

describe('a check of a revision', () => {
  test('does all that comes before the first write, and tells the forge', async () => {
    const { cluster, handle } = await start({
      planRevision: planned({ checks: ['tests'], warnings: [violation] }),
    });
    expect(await handle.result()).toEqual({
      revision: revisionOf('v2'),
      problems: [],
      warnings: [violation],
      ran: ['tests'],
      skipped: [],
      status: 'set',
    });
    expect(cluster.trace).toEqual([
      'resolveCheck',
      'planRevision v2',
      'applyRevision try v2',
      'runChecks v2',
      'dropChecks v2',
    ]);
    expect(cluster.inputs('applyRevision')).toMatchObject([{ fix: false, prune: false }]);
    expect(told.map(({ state, description }) => [state, description])).toEqual([
      ['pending', 'is being checked'],
      ['success', 'may be deployed, 1 warnings'],
    ]);
    expect(told[0]).toMatchObject({
      revision: revisionOf('v2'),
      context: expect.stringMatching(/^belay\/shop-/),
    });
    await record('passed', handle);
  });

  test.each<[string, Scripts, readonly string[]]>([
    [
      'is read',
      { planRevision: () => ({ kind: 'refused', problems: [violation] }) },
      ['resolveCheck', 'planRevision v2'],
    ],
    [
      'is tried',
      {
        planRevision: planned({ checks: ['tests'] }),
        applyRevision: () => ({
          applied: [],
          pruned: [],
          differing: [],
          unpruned: [],
          problems: [violation],
        }),
      },
      ['resolveCheck', 'planRevision v2', 'applyRevision try v2'],
    ],
    [
      'is checked by its Jobs, whose failed ones are kept',
      { planRevision: planned({ checks: ['tests'] }), runChecks: () => ({ problems: [violation] }) },
      ['resolveCheck', 'planRevision v2', 'applyRevision try v2', 'runChecks v2'],
    ],
  ])('stops at what is found when it %s', async (_what, scripts, trace) => {
    const { cluster, result } = await checked(scripts);
    expect(result.problems).toEqual([violation]);
    expect(cluster.trace).toEqual(trace);
    expect(told.at(-1)).toMatchObject({ state: 'failure', description: 'k8s/a.yaml:3: no pods' });
  });

  test('of a fork runs none of its Jobs', async () => {
    const { cluster, result } = await checked(
      { planRevision: planned({ checks: ['tests'] }) },
      { jobs: false },
    );
    expect(result).toMatchObject({ problems: [], ran: [], skipped: ['tests'] });
    expect(cluster.trace).not.toContain('runChecks v2');
  });

  test('tells nobody unless it is asked to', async () => {
    const { result } = await checked({}, { status: false });
    expect(result).not.toHaveProperty('status');
    expect(told).toEqual([]);
  });

  test('does not depend on the forge', async () => {
    forge = () => Promise.reject(ApplicationFailure.nonRetryable('its token may not', 'Forbidden'));
    expect((await checked({})).result).toMatchObject({ problems: [], status: 'not set: its token may not' });
    forge = async () => ({ kind: 'none' });
    expect((await checked({})).result).toMatchObject({ status: 'not set: the worker knows no forge' });
  });

  test('that cannot be done fails, and the forge hears so', async () => {
    const { handle } = await start({
      planRevision: () => Promise.reject(ApplicationFailure.nonRetryable('no way', 'Forbidden')),
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { message: 'no way' } });
    expect(told.at(-1)).toMatchObject({ state: 'error', description: 'could not be checked' });
  });

  test('that is called off ends its Jobs, and the forge hears so', async () => {
    const { cluster, handle } = await start({
      planRevision: planned({ checks: ['tests'] }),
      runChecks: untilCancelled,
    });
    await eventually(
      () => cluster.trace,
      (trace) => trace.includes('runChecks v2'),
    );
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    expect(cluster.trace.at(-1)).toBe('runChecks v2 cancelled');
    expect(told.at(-1)).toMatchObject({ state: 'error', description: 'the check was called off' });
  });
});

describe('a sync to a revision with checks', () => {
  const withChecks = { checks: ['tests'], content: 'content of v2' };

  test('runs them before its first write', async () => {
    const shop = await openGoodShop(environment);
    shop.more = withChecks;
    await shop.push('v2', { web: 'web-2' });
    await shop.synced('v2');
    expect(shop.news().slice(0, 3)).toEqual(['runChecks v2', 'dropChecks v2', 'applyRevision before v2']);
    await record('sync-with-checks', shop.handle);
  });

  test('goes on where those that succeeded may not be deleted', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        dropChecks: () => {
          throw forbidden();
        },
      },
    });
    shop.more = withChecks;
    await shop.push('v2', { web: 'web-2' });
    await shop.synced('v2');
  });

  test('writes nothing when one fails', async () => {
    const failed: Problem = {
      code: 'CheckFailed',
      message: 'check failed: exit code 1',
      object: 'Job tests',
    };
    const shop = await openGoodShop(environment, { scripts: { runChecks: () => ({ problems: [failed] }) } });
    shop.more = withChecks;
    await shop.push('v2', { web: 'web-2' });
    const { state } = await shop.settled('v2');
    expect(state.problems).toEqual([failed]);
    expect(state.good?.revision).toBe(revisionOf('v1'));
    expect(shop.news()).toEqual(['runChecks v2']);
  });

  test('runs none for what is the good version already', async () => {
    const shop = await openShop(environment);
    shop.more = withChecks;
    await shop.push('v1', { web: 'web-1' });
    await shop.synced('v1');
    shop.news();
    await shop.drift('Deployment shop/web');
    await shop.push('v1b', { web: 'web-1' });
    await shop.synced('v1b');
    expect(shop.news().filter((line) => line.startsWith('runChecks'))).toEqual([]);
  });

  test('calls them off when a newer revision arrives', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        runChecks: async ({ revision }) =>
          revision === revisionOf('v2') ? untilCancelled() : { problems: [] },
      },
    });
    shop.more = withChecks;
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('runChecks v2');

    shop.more = { ...withChecks, content: 'content of v3' };
    await shop.push('v3', { web: 'web-3' });
    await shop.synced('v3');
    const news = shop.news();
    expect(news.slice(0, 4)).toEqual([
      'runChecks v2',
      'runChecks v2 cancelled',
      'runChecks v3',
      'dropChecks v3',
    ]);
    expect(news.join()).not.toContain('applyRevision before v2');
  });
});

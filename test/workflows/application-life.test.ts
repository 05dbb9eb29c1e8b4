import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { failed, done, revisionOf, untilCancelled } from '../support/workflow-fakes';
import { openGoodShop } from '../support/workflow-shop';

/** A server that suggests to continue as new after a few events. */
let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    devServer: ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=60'],
  });
});
afterAll(() => environment.stop());

describe('continue-as-new', () => {
  test('keeps the state, the memo and the search attributes', async () => {
    const shop = await openGoodShop(environment, {
      scripts: { reachWeight: ({ spec }) => (spec.version === 'web-bad' ? failed() : done) },
    });
    const first = (await shop.handle.describe()).runId;
    await shop.push('v2', { web: 'web-bad' });
    const before = await shop.synced('r1');
    for (const version of [3, 4]) {
      await shop.push(`v${version}`, { web: `web-${version}` });
      await shop.synced(`v${version}`);
    }
    const described = await shop.handle.describe();
    expect(described.runId).not.toBe(first);
    expect(described.searchAttributes).toMatchObject({ BelayApp: [shop.spec.name], BelayPhase: ['Healthy'] });
    const { state } = await shop.status();
    expect(state.quarantine).toEqual(before.state.quarantine);
    expect(state.history.map(({ result }) => result)).toEqual([
      'promoted',
      'promoted',
      'reverted',
      'failed',
      'promoted',
    ]);
    expect(state.workloads['web']).toMatchObject({ version: 'web-4', number: 4 });
    await record('continued', shop.handle);
  });

  test('keeps what stands in the way of a revision', async () => {
    const problem = { code: 'InvalidYaml', message: 'a tab', file: 'k8s/web.yaml', line: 3 } as const;
    const shop = await openGoodShop(environment);
    const first = (await shop.handle.describe()).runId;
    await shop.push('v2', [problem]);
    await shop.settled('v2');
    let run = first;
    for (let turn = 0; run === first && turn < 100; turn += 1) {
      await shop.head('v2');
      run = (await shop.handle.describe()).runId;
    }
    expect(run).not.toBe(first);
    await shop.until(({ operation }) => operation === undefined);
    expect((await shop.status()).state.problems).toEqual([problem]);
  });

  test('never happens while a rollout is under way', async () => {
    const shop = await openGoodShop(environment, {
      scripts: { reachWeight: (_input, times) => (times === 1 ? untilCancelled() : done) },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    const first = (await shop.handle.describe()).runId;
    for (let turn = 0; turn < 60; turn += 1) await shop.drift();
    expect((await shop.handle.describe()).runId).toBe(first);
    expect((await shop.status()).rollouts).toHaveLength(1);
    await shop.push('v3', { web: 'web-3' });
    await shop.synced('v3');
    expect((await shop.status()).state.good?.revision).toBe(revisionOf('v3'));
  });

  test('keeps a restart of pods that is not through', async () => {
    let isStuck = true;
    const shop = await openGoodShop(environment, {
      scripts: { restartPods: () => (isStuck ? untilCancelled() : done) },
    });
    const first = (await shop.handle.describe()).runId;
    shop.workload.restartAt = '2020-01-01T00:00:00Z';
    await shop.push('v2', { web: 'web-1' });
    await shop.asked('restartPods');
    isStuck = false;
    let run = first;
    for (let turn = 0; run === first && turn < 100; turn += 1) {
      await shop.head('v2');
      run = (await shop.handle.describe()).runId;
    }
    expect(run).not.toBe(first);
    await shop.until(({ state }) => state.workloads['web']?.restartedAt === shop.workload.restartAt);
    expect(shop.news().slice(-2)).toEqual(['restartPods cancelled', 'restartPods']);
  });
});

import { createAtOnce } from '../../src/activities/deliver-at-once';
import { mirrorOf } from '../../src/domain/application-state';
import type { KubeObject } from '../../src/domain/kube-object';
import { gitChangedSignal, syncUpdate } from '../../src/messages/application';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { revisionOf } from '../support/workflow-fakes';
import { openShop, planOf, type Shop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

interface Seen {
  /** Mirrored states, as they were written. */
  readonly mirrored: unknown[];
  readonly applied: string[];
  readonly kept: string[];
}

interface Trouble {
  readonly problem?: string;
  readonly noMirror?: boolean;
}

/** A good shop whose reading delivers as the real activity does, to an API server that only notes what is written. */
async function open(trouble: Trouble = {}): Promise<{ readonly shop: Shop; readonly seen: Seen }> {
  const seen: Seen = { mirrored: [], applied: [], kept: [] };
  const cluster = {
    apply: async (object: KubeObject) => {
      if (trouble.noMirror === true) throw new Error('the API server is gone');
      const { state = '' } = object['data'] as { readonly state?: string };
      seen.mirrored.push(JSON.parse(state));
      return object;
    },
  };
  const git = { keepRevision: async ({ revision }: { revision: string }) => void seen.kept.push(revision) };
  const { problem } = trouble;
  const deliver = createAtOnce(
    { cluster, git } as unknown as Parameters<typeof createAtOnce>[0],
    async ({ revision }) => {
      seen.applied.push(revision);
      const problems = problem === undefined ? [] : [{ code: 'Invalid', message: problem } as const];
      return { applied: [], pruned: [], differing: [], unpruned: ['ConfigMap shop/old'], problems };
    },
  );
  const holder: { shop?: Shop } = {};
  const beat = { signal: new AbortController().signal, note: () => undefined, now: Date.now };
  const shop = await openShop(environment, {
    scripts: {
      planRevision: async ({ spec, revision, delivered, atOnce }) => {
        const answer = planOf(holder.shop, revision);
        if (answer.kind === 'refused' || atOnce === undefined) return answer;
        const done = await deliver({ spec, plan: answer.plan, delivered, ...atOnce }, beat);
        return done === undefined ? answer : { ...answer, done };
      },
    },
  });
  holder.shop = shop;
  await shop.push('v1', { web: 'web-1' });
  await shop.synced('v1');
  shop.more = { objects: 3 };
  shop.news();
  return { shop, seen };
}

test('a commit that changes no workload is delivered and mirrored by the activity that reads it', async () => {
  const { shop, seen } = await open();
  const before = shop.cluster.inputs('mirrorState').length;
  await shop.push('v2', { web: 'web-1' });
  await shop.until(({ state }) => state.synced === revisionOf('v2'));
  const { state, spec } = await shop.status();
  expect(shop.news()).toEqual([]);
  expect(seen).toMatchObject({ applied: [revisionOf('v2')], kept: [revisionOf('v2')] });
  expect(shop.cluster.inputs('mirrorState')).toHaveLength(before);
  expect(state.history[0]).toMatchObject({
    revision: revisionOf('v2'),
    result: 'synced',
    message: 'no workload changed',
  });
  expect(state.unpruned).toEqual(['ConfigMap shop/old']);
  expect(seen.mirrored.at(-1)).toEqual({ ...mirrorOf(state), spec });
});

test('what is mirrored by the workflow after that says the same', async () => {
  const { shop, seen } = await open({ noMirror: true });
  await shop.push('v2', { web: 'web-1' });
  await shop.settled('v2');
  expect(seen.mirrored).toEqual([]);
  const { state, spec } = await shop.status();
  const [last] = shop.cluster.inputs('mirrorState').slice(-1);
  expect(JSON.parse(last?.state ?? '')).toEqual(JSON.parse(JSON.stringify({ ...mirrorOf(state), spec })));
});

test('a changed workload is brought out by a rollout all the same', async () => {
  const { shop, seen } = await open();
  await shop.push('v2', { web: 'web-2' });
  await shop.synced('v2');
  expect(seen.applied).toEqual([]);
  expect(shop.news()).toEqual(expect.arrayContaining(['applyRevision before v2', 'applyRevision after v2']));
});

test('what the API server refuses is shown, and nothing counts as synced', async () => {
  const { shop } = await open({ problem: 'spec.ports is missing' });
  await shop.push('v2', { web: 'web-1' });
  const { state, sync } = await shop.settled('v2');
  expect(sync).toBe('OutOfSync');
  expect(state.synced).toBe(revisionOf('v1'));
  expect(state.problems).toMatchObject([{ message: 'spec.ports is missing' }]);
});

test('a revision without objects is not delivered with the reading', async () => {
  const { shop, seen } = await open();
  shop.more = { objects: 0 };
  await shop.push('v2', {});
  const { state } = await shop.settled('v2');
  expect(seen.applied).toEqual([]);
  expect(state.problems).toMatchObject([{ field: 'spec.syncPolicy.automated.allowEmpty' }]);
});

test('a person who asks for a sync gets all of it', async () => {
  const { shop, seen } = await open();
  await shop.handle.executeUpdate(syncUpdate, { args: [{ requestedBy: 'ada' }] });
  await shop.asked('applyRevision after v1');
  await shop.until(({ operation }) => operation === undefined);
  expect(seen.applied).toEqual([]);
});

describe('a commit that changes nothing of what the application uses', () => {
  const tell = (shop: Shop, short: string, same: string): Promise<void> =>
    shop.handle.signal(gitChangedSignal, {
      kind: 'revision',
      revision: revisionOf(short),
      branch: 'refs/heads/main',
      same: revisionOf(same),
    });

  test('is noted: nothing is read, and the good revision stays the one that was delivered', async () => {
    const { shop } = await open();
    const reads = shop.cluster.inputs('planRevision').length;
    await tell(shop, 'v2', 'v1');
    const { state, sync } = await shop.until(({ state: { synced } }) => synced === revisionOf('v2'));
    expect(sync).toBe('Synced');
    expect(state).toMatchObject({ head: revisionOf('v2'), compared: revisionOf('v2') });
    expect(state.good?.revision).toBe(revisionOf('v1'));
    expect(shop.cluster.inputs('planRevision')).toHaveLength(reads);
  });

  test('is looked at where the application knows another head', async () => {
    const { shop } = await open();
    shop.contents['v3'] = { web: 'web-1' };
    await tell(shop, 'v3', 'v2');
    await shop.until(({ state }) => state.synced === revisionOf('v3'));
    await shop.asked('planRevision v3');
  });

  test('does not end what keeps a revision from being synced', async () => {
    const { shop } = await open({ problem: 'no' });
    await shop.push('v2', { web: 'web-1' });
    await shop.settled('v2');
    await tell(shop, 'v3', 'v2');
    const { state, sync } = await shop.settled('v3');
    expect(sync).toBe('OutOfSync');
    expect(state.problems).toMatchObject([{ message: 'no' }]);
    expect(state.synced).toBe(revisionOf('v1'));
  });
});

import { createAtOnce } from '../../src/activities/deliver-at-once';
import type { Applier } from '../../src/activities/sync';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import { emptyState, type ApplicationState } from '../../src/domain/application-state';
import type { RevisionPlan, WorkloadPlan } from '../../src/domain/revision-plan';

const revision = '2'.repeat(40);
const workload: WorkloadPlan = {
  kind: 'Deployment',
  name: 'web',
  namespace: 'shop',
  version: 'v1',
  strategy: { kind: 'canary', steps: [] } as unknown as WorkloadPlan['strategy'],
  progressDeadlineMs: 600_000,
  exists: true,
};
const plan: RevisionPlan = { revision, tree: 't', content: 'c2', objects: 2, workloads: [workload] };
const known = { version: 'v1', revision: '1'.repeat(40), number: 1, healthy: true, rolloutId: 'abc' };
const state: ApplicationState = { ...emptyState, applied: 'c1', workloads: { web: known } };
const failed = { revision, workload: 'web', reason: 'it failed', at: 0 };

interface Asked {
  readonly plan?: Partial<RevisionPlan>;
  readonly state?: Partial<ApplicationState>;
  readonly delivered?: string;
}

/** What comes of it, what was applied, and whether the mirror was written. */
async function deliver(asked: Asked) {
  const applied: Parameters<Applier>[0][] = [];
  const mirrored: string[] = [];
  const ports = {
    cluster: { apply: async () => void mirrored.push('state') },
    git: { keepRevision: async () => undefined },
  };
  const apply: Applier = async (input) => {
    applied.push(input);
    return { applied: [], pruned: [], differing: [], unpruned: [], problems: [] };
  };
  const spec = {
    name: 'web',
    source: { repoUrl: 'https://git.example/shop.git', path: 'k8s', targetRevision: 'main', recurse: false },
    destination: { namespace: 'shop' },
    revisionHistoryLimit: 10,
  } as ApplicationSpec;
  const delivery = {
    spec,
    plan: { ...plan, ...asked.plan },
    state: { ...state, ...asked.state },
    prune: true,
    delivered: asked.delivered,
  };
  const beat = { signal: new AbortController().signal, note: () => undefined, now: Date.now };
  const done = await createAtOnce(ports as unknown as Parameters<typeof createAtOnce>[0], apply)(
    delivery,
    beat,
  );
  return { done, applied, mirrored };
}

test('where every workload is deployed already, everything is applied with the overlay of its rollout', async () => {
  const { done, applied, mirrored } = await deliver({});
  expect(done).toMatchObject({ kind: 'applied', isMirrored: true });
  const treatments = { web: { kind: 'settled', rolloutId: 'abc' } };
  expect(applied).toMatchObject([{ revision, stage: 'after', fix: true, prune: true, treatments }]);
  expect(mirrored).toEqual(['state']);
});

test('where the manifests are those of the good revision, only the state is mirrored', async () => {
  const { done, applied, mirrored } = await deliver({ delivered: 'c2' });
  expect(done).toMatchObject({ kind: 'unchanged', isMirrored: true });
  expect([applied, mirrored]).toEqual([[], ['state']]);
});

test.each<[string, Asked]>([
  ['a version that is not deployed', { plan: { workloads: [{ ...workload, version: 'v2' }] } }],
  ['a workload that somebody has deleted', { plan: { workloads: [{ ...workload, exists: false }] } }],
  [
    'a workload that has not been healthy yet',
    { state: { workloads: { web: { ...known, healthy: false } } } },
  ],
  [
    'phases and waves',
    { plan: { steps: [{ phase: 'Sync', wave: 0, objects: 1, hooks: [], workloads: [] }] } },
  ],
  ['checks before the first write', { plan: { checks: ['scan'] } }],
  ['nothing at all, which would be pruned', { plan: { objects: 0, workloads: [] } }],
  ['manifests in quarantine', { state: { quarantine: { c2: failed } } }],
  [
    'a version in quarantine',
    { plan: { workloads: [{ ...workload, version: 'v2' }] }, state: { quarantine: { v2: failed } } },
  ],
])('%s is left to the workflow: nothing is written', async (_what, asked) => {
  expect(await deliver(asked)).toEqual({ done: undefined, applied: [], mirrored: [] });
});

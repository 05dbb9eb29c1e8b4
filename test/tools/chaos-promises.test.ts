import { brokenPromises } from '../../tools/chaos/promises';
import type { Expected, SeenHistory, SeenWorkload, View } from '../../tools/chaos/view';

const selectors = { web: { app: 'web' }, 'web-canary': { app: 'web' } };
const web: SeenWorkload = {
  ...{ name: 'web', image: 'registry.example/web:v1', replicas: 4, ready: 4, updated: 4 },
  ...{ paused: false, isCanary: false },
};
const history: SeenHistory = {
  ...{ workflowId: 'app/shop', runId: 'r1', status: 'RUNNING', events: 300, largestPayload: 2_000 },
  taskFailures: [],
};
const revert = { revision: 'c3', bad: 'c2', runs: ['app/shop/1'] };

const expected: Expected = {
  ...{ tag: 'v1', replicas: 4, bad: 'c2', keepsFirst: true, leastReady: 4 },
  ...{ selectors, ingresses: ['web'] },
};
const kept: View = {
  cluster: {
    ...{ workloads: [web], selectors, ingresses: ['web'] },
    replicaSets: [
      { name: 'web-1', replicas: 4, isParked: false },
      { name: 'web-2', replicas: 0, isParked: false },
    ],
  },
  pods: { first: ['a', 'b'], firstNow: ['a', 'b'], everNew: 2, lowest: 4, restarts: 0 },
  git: { tree: 't1', wantedTree: 't1', after: [revert] },
  application: { sync: 'Synced', health: 'Healthy', held: false, isBusy: false, message: 'all is well' },
  histories: [history],
};

const inCluster = (change: Partial<View['cluster']>): Partial<View> => ({
  cluster: { ...kept.cluster, ...change },
});
const inPods = (change: Partial<View['pods']>): Partial<View> => ({ pods: { ...kept.pods, ...change } });
const inGit = (change: Partial<View['git']>): Partial<View> => ({ git: { ...kept.git, ...change } });
const inHistory = (change: Partial<SeenHistory>): Partial<View> => ({
  histories: [history, { ...history, ...change }],
});
const inApplication = (change: Partial<NonNullable<View['application']>>): Partial<View> => ({
  application: { ...kept.application!, ...change },
});

test('a view in which everything is as it must be breaks no promise', () => {
  expect(brokenPromises(kept, expected)).toEqual([]);
});

test.each<[string, Partial<View>, string]>([
  [
    'stable runs the bad image',
    inCluster({ workloads: [{ ...web, image: 'registry.example/web:v2' }] }),
    'stable runs v1',
  ],
  ['there is no workload', inCluster({ workloads: [] }), 'the workload exists'],
  [
    'stable is too small',
    inCluster({ workloads: [{ ...web, replicas: 3, ready: 3, updated: 3 }] }),
    'stable is at its full size of 4',
  ],
  [
    'a pod of stable is not ready',
    inCluster({ workloads: [{ ...web, ready: 3 }] }),
    'stable is at its full size of 4',
  ],
  ['stable is paused', inCluster({ workloads: [{ ...web, paused: true }] }), 'nothing is paused'],
  [
    'the canary is left',
    inCluster({ workloads: [web, { ...web, name: 'web-canary', isCanary: true }] }),
    'no object of the new version is left',
  ],
  [
    'the route of the canary is left',
    inCluster({ ingresses: ['web', 'web-web-canary'] }),
    'no object of the new version is left',
  ],
  [
    'a ReplicaSet is still parked',
    inCluster({ replicaSets: [{ name: 'web-1', replicas: 4, isParked: true }] }),
    'no ReplicaSet is parked',
  ],
  [
    'two ReplicaSets have pods',
    inCluster({ replicaSets: kept.cluster.replicaSets.map((each) => ({ ...each, replicas: 2 })) }),
    'one ReplicaSet has pods',
  ],
  [
    'a Service is still pinned',
    inCluster({ selectors: { ...selectors, web: { app: 'web', 'pod-template-hash': 'x' } } }),
    'the Service web selects what Git says',
  ],
  [
    'a Service is gone',
    inCluster({ selectors: { web: { app: 'web' } } }),
    'the Service web-canary selects what Git says',
  ],
  ['a pod of stable was replaced', inPods({ firstNow: ['a'] }), 'the pods of stable are the same ones'],
  ['a pod of stable was restarted', inPods({ restarts: 1 }), 'no pod of stable was restarted'],
  ['users had too few pods once', inPods({ lowest: 3 }), 'users never had fewer than 4 ready pods'],
  ['the tree is not the good one', inGit({ tree: 't2' }), "Git's path equals the last good tree"],
  ['nobody has reverted', inGit({ after: [] }), 'exactly one commit reverts the bad revision'],
  [
    'it was reverted twice',
    inGit({ after: [revert, { ...revert, revision: 'c4', runs: ['app/shop/2'] }] }),
    'exactly one commit reverts the bad revision',
  ],
  [
    'the same run has committed twice',
    inGit({ after: [revert, { ...revert, revision: 'c4' }] }),
    'every revert has a run of its own',
  ],
  [
    'the commit reverts something else',
    inGit({ after: [{ ...revert, bad: 'c1' }] }),
    'exactly one commit reverts the bad revision',
  ],
  ['the application does not answer', { application: undefined }, 'the application answers'],
  [
    'it is out of sync',
    inApplication({ sync: 'OutOfSync' }),
    'the application is Synced and Healthy and idle',
  ],
  [
    'it is not healthy',
    inApplication({ health: 'Degraded' }),
    'the application is Synced and Healthy and idle',
  ],
  ['it is held', inApplication({ held: true }), 'the application is Synced and Healthy and idle'],
  ['it is still busy', inApplication({ isBusy: true }), 'the application is Synced and Healthy and idle'],
  ['a workflow has failed', inHistory({ status: 'FAILED' }), 'no workflow fails or is terminated'],
  ['a workflow was terminated', inHistory({ status: 'TERMINATED' }), 'no workflow fails or is terminated'],
  [
    'a workflow task has failed',
    inHistory({ taskFailures: ['cause 24: not deterministic'] }),
    'no workflow task fails',
  ],
  ['a history is long', inHistory({ events: 4_000 }), 'histories have fewer than 4000 events'],
  ['a payload is large', inHistory({ largestPayload: 128 * 1024 }), 'payloads are smaller than 128 KiB'],
  ['no history is there', { histories: [] }, 'there are histories to look at'],
])('it is found when %s', (_what, change, promise) => {
  const found = brokenPromises({ ...kept, ...change }, expected).map((each) => each.promise);
  expect(found).toContain(promise);
});

describe('after a good version', () => {
  const { bad: _bad, ...more } = expected;
  const good: Expected = { ...more, keepsFirst: false, newPods: 4 };
  const promoted: Partial<View> = { ...inGit({ after: [] }), ...inPods({ firstNow: [], everNew: 4 }) };

  test('old pods may go, and no commit is wanted', () => {
    expect(brokenPromises({ ...kept, ...promoted }, good)).toEqual([]);
  });

  test.each<[string, Partial<View>, string]>([
    ['Belay has committed', inGit({}), 'Belay commits nothing without a reason'],
    ['a pod was started twice', inPods({ everNew: 5 }), 'each of the 4 new pods was started once'],
  ])('it is found when %s', (_what, change, promise) => {
    const found = brokenPromises({ ...kept, ...promoted, ...change }, good).map((each) => each.promise);
    expect(found).toEqual([promise]);
  });
});

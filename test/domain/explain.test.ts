import { emptyState, type ApplicationState, type Proposal } from '../../src/domain/application-state';
import type { ApplicationStatus } from '../../src/domain/application-status';
import { explain } from '../../src/domain/explain';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import {
  applicationSpec,
  applicationStatus,
  bad,
  good,
  historyEntry,
  minutesAgo,
  now,
  reverting,
  rolloutStatus,
  settledState,
} from '../client/fixtures/statuses';

const sentence =
  'container app of pod web-canary-1 cannot pull shop/web:2: manifest unknown; push the image or correct its tag';
const failure = { code: 'ImageNotFound', sentence, at: minutesAgo(4) };
const failed = historyEntry({ id: 2, revision: bad, result: 'failed', message: sentence, at: minutesAgo(4) });
const backAgain = historyEntry({ id: 3, revision: reverting, result: 'reverted', at: minutesAgo(3) });
const afterFailure: Partial<ApplicationState> = {
  lastFailure: { ...failure, revision: bad, workload: 'web' },
  history: [failed, historyEntry()],
};
const afterRevert: Partial<ApplicationState> = {
  ...afterFailure,
  head: reverting,
  synced: reverting,
  lastRevert: { revision: reverting, bad, good, at: minutesAgo(3) },
  history: [backAgain, failed, historyEntry()],
};

const restore = {
  ...{ repoUrl: 'https://git.example/shop', branch: 'refs/heads/main', paths: ['k8s'], sources: [0] },
  ...{ good, bad },
};
const awaiting: Partial<ApplicationState> = {
  hold: {
    code: 'AwaitingPullRequest',
    reason: 'Git goes back when https://git.example/pulls/7 is merged',
    remedy: 'merge it, or push a fix; closing it keeps Git as it is',
    since: minutesAgo(3),
  },
};

function proposal(): Proposal {
  return { ...mergedProposal(), nextLook: now + 15_000 };
}

function mergedProposal(): Proposal {
  return { restore, number: 7, url: 'https://git.example/pulls/7', bad, good, since: minutesAgo(3) };
}

const notHealthy = {
  at: minutesAgo(5),
  health: 'Degraded',
  objects: [
    { object: 'Job shop/import', status: 'Degraded', message: 'BackoffLimitExceeded' },
    { object: 'Service shop/web', status: 'Progressing' },
  ],
} as const;

type Case = [string, Partial<ApplicationStatus>, RolloutStatus | undefined, string];

const membership = { release: 'shop', dependsOn: [], wave: 0 };
const inRelease: Partial<ApplicationState> = {
  head: bad,
  release: {
    directive: {
      ...{ release: 'release/shop/3', want: 'deliver', revision: bad, isPaused: false, isLockstep: false },
    },
    report: {
      ...{ application: 'web', stage: 'ready', message: 'all traffic is on 9ab12cd', since: minutesAgo(2) },
    },
  },
};

const cases: Case[] = [
  [
    'a member of a release under way',
    {
      spec: applicationSpec('web', { release: membership }),
      state: settledState(inRelease),
      message: 'is out',
    },
    undefined,
    'web is Synced and Healthy at 3f2c1aa since 2 h. web is part of release shop/3, which decides for it; since 2 min: ' +
      'all traffic is on 9ab12cd. `belay release get shop` shows what the others do.',
  ],
  [
    'a member whose commit has not been released yet, without automated sync',
    {
      spec: (({ automated: _automated, ...spec }) => spec)(applicationSpec('web', { release: membership })),
      state: settledState({ head: bad }),
      sync: 'OutOfSync',
      message: 'nothing was done',
    },
    undefined,
    'web is OutOfSync and Healthy at 3f2c1aa since 2 h: nothing was done. 9ab12cd waits for release shop, with which web ' +
      'comes out. `belay release get shop` says why it has not come out yet.',
  ],
  ['a healthy application', {}, undefined, 'web is Synced and Healthy at 3f2c1aa since 2 h.'],
  [
    'a rollout that waits for a person',
    {},
    rolloutStatus(),
    'web rolls out 9ab12cd over 3f2c1aa since 6 min, 50 % of the traffic is on it. It waits for a person since 3 min: waits for promotion. Next: `belay promote web` or `belay abort web`.',
  ],
  [
    'a rollout that a person paused',
    {},
    rolloutStatus({ pausedBy: { by: 'ada@laptop', reason: 'errors rise', since: minutesAgo(2) } }),
    'web rolls out 9ab12cd over 3f2c1aa since 6 min, 50 % of the traffic is on it. ada@laptop paused it 2 min ago (errors rise). Next: `belay resume web` or `belay abort web`.',
  ],
  [
    'a rollout past the point of no return',
    {},
    rolloutStatus({
      phase: 'Progressing',
      message: 'handing 4 pods over',
      weight: 100,
      pastReturn: true,
      since: now - 5_000,
    }),
    'web rolls out 9ab12cd over 3f2c1aa since 6 min, 100 % of the traffic is on it. Since 5 s: handing 4 pods over. Nothing to do: it goes on by itself; it can no longer be aborted; afterwards `belay undo web` goes back.',
  ],
  [
    'a rollout that goes back',
    {},
    rolloutStatus({
      phase: 'Degraded',
      failure,
      weight: 0,
      log: [{ at: minutesAgo(3), text: 'all traffic is on stable' }],
    }),
    `web rolls out 9ab12cd over 3f2c1aa since 6 min, 0 % of the traffic is on it. It failed 4 min ago: ${sentence}. The rollback is under way: all traffic is on stable. Nothing to do: it goes on by itself.`,
  ],
  [
    'a rollback that reverts Git now',
    {
      state: settledState(afterFailure),
      operation: { kind: 'rollback', message: 'reverting Git', since: now - 2_000 },
    },
    undefined,
    `9ab12cd failed 4 min ago: ${sentence}. web is busy since 2 s (rollback): reverting Git. Nothing to do: traffic goes back first, then Git.`,
  ],
  [
    'a finished rollback',
    { state: settledState(afterRevert), since: minutesAgo(3) },
    undefined,
    `9ab12cd failed 4 min ago: ${sentence}. Users have the good version back, and Git too: commit 77e0b3f restores 3f2c1aa. Next: push a corrected commit; \`belay retry web\` tries 9ab12cd once more. web is Synced and Healthy at 77e0b3f since 3 min.`,
  ],
  [
    'an abort that was taken back in Git',
    {
      state: settledState({
        ...afterRevert,
        history: [backAgain, { ...failed, result: 'aborted', message: 'ada@laptop: checkout is slow' }],
      }),
      since: minutesAgo(3),
    },
    undefined,
    'the rollout of 9ab12cd was aborted 4 min ago: ada@laptop: checkout is slow. Users have the good version back, and Git too: commit 77e0b3f restores 3f2c1aa. Next: `belay retry web` tries 9ab12cd once more, or push another commit. web is Synced and Healthy at 77e0b3f since 3 min.',
  ],
  [
    'a hold because Git refuses the revert',
    {
      held: true,
      state: settledState({
        ...afterFailure,
        hold: {
          code: 'RevertRefused',
          reason: 'main is protected',
          remedy: 'merge the revert yourself',
          since: minutesAgo(3),
        },
      }),
    },
    undefined,
    `9ab12cd failed 4 min ago: ${sentence}. web is held since 3 min and waits for a person: main is protected. Next: merge the revert yourself.`,
  ],
  [
    'a revert that waits in a pull request',
    { held: true, state: settledState({ ...afterFailure, ...awaiting, proposals: [proposal()] }) },
    undefined,
    `9ab12cd failed 4 min ago: ${sentence}. web is held since 3 min and waits for a person: Git goes back when https://git.example/pulls/7 is merged. Pull request #7 is open since 3 min and is looked at again in 15 s. Next: merge it, or push a fix; closing it keeps Git as it is.`,
  ],
  [
    'an undo that waits in a pull request, long after a failure',
    {
      held: true,
      state: settledState({
        ...afterFailure,
        history: [historyEntry()],
        ...awaiting,
        proposals: [proposal()],
      }),
    },
    undefined,
    'web is held since 3 min and waits for a person: Git goes back when https://git.example/pulls/7 is merged. Pull request #7 is open since 3 min and is looked at again in 15 s. Next: merge it, or push a fix; closing it keeps Git as it is.',
  ],
  [
    'a pull request that is merged, before the branch is seen',
    { held: true, state: settledState({ ...awaiting, proposals: [mergedProposal()] }) },
    undefined,
    'web is held since 3 min and waits for a person: Git goes back when https://git.example/pulls/7 is merged. Pull request #7 is merged, and the branch is taken in as soon as it is seen. Next: merge it, or push a fix; closing it keeps Git as it is.',
  ],
  [
    'a failure outside of the paths that may go back',
    {
      held: true,
      state: settledState({
        ...afterFailure,
        hold: {
          code: 'OutsidePath',
          reason: 'k8s did not change',
          remedy: 'push a fix',
          since: minutesAgo(3),
        },
      }),
    },
    undefined,
    `9ab12cd failed 4 min ago: ${sentence}. web is held since 3 min and waits for a person: k8s did not change. Next: push a fix.`,
  ],
  [
    'a failure that is not confirmed yet',
    {
      state: settledState({
        ...afterFailure,
        unconfirmedFailure: { revision: bad, at: minutesAgo(4), until: now + 6 * 60_000 },
      }),
      operation: { kind: 'rollback', message: 'Git waits until 03:06', since: minutesAgo(4) },
    },
    undefined,
    `9ab12cd failed 4 min ago: ${sentence}. web is busy since 4 min (rollback): Git waits until 03:06. Next: \`belay retry web\` if it was a flake (a second failure confirms it), or push a fix; in 6 min Git goes back by itself, and \`belay undo web\` does it at once.`,
  ],
  [
    'a revert that Git does not take now',
    {
      state: settledState(afterFailure),
      operation: {
        kind: 'rollback',
        message: 'reverting Git; Git cannot be written now and is tried again: the token has expired',
        since: minutesAgo(4),
      },
    },
    undefined,
    `9ab12cd failed 4 min ago: ${sentence}. web is busy since 4 min (rollback): reverting Git; Git cannot be written now and is tried again: the token has expired. Next: mend what is in the way of Git; it is tried again by itself, every 5 min at least.`,
  ],
  [
    'a finished rollback of two repositories',
    {
      state: settledState({
        ...afterRevert,
        lastRevert: {
          ...{ revision: reverting, bad, good, at: minutesAgo(3) },
          writes: [reverting, 'abcdef0'.padEnd(40, '0')].map((revision) => ({ ...restore, revision })),
        },
      }),
      since: minutesAgo(3),
    },
    undefined,
    `9ab12cd failed 4 min ago: ${sentence}. Users have the good version back, and Git too: commits 77e0b3f, abcdef0 restore 3f2c1aa. Next: push a corrected commit; \`belay retry web\` tries 9ab12cd once more. web is Synced and Healthy at 77e0b3f since 3 min.`,
  ],
  [
    'problems in Git',
    {
      sync: 'OutOfSync',
      state: settledState({
        head: bad,
        problemsSince: minutesAgo(1),
        problems: [
          {
            code: 'InvalidYaml',
            file: 'k8s/web/a.yaml',
            line: 3,
            message: 'a tab indents here',
            remedy: 'use spaces',
          },
          { code: 'UnknownField', message: 'no such field' },
        ],
      }),
    },
    undefined,
    'web cannot sync 9ab12cd since 1 min: k8s/web/a.yaml:3: a tab indents here; use spaces (and 1 more: `belay app get web`). 3f2c1aa keeps running. Next: push a commit that mends it; it is tried again by itself.',
  ],
  [
    'drift that is not healed',
    { sync: 'OutOfSync', state: settledState({ drift: ['Deployment shop/web', 'Service shop/web'] }) },
    undefined,
    "web is OutOfSync and Healthy at 3f2c1aa since 2 h. Deployment shop/web, Service shop/web in the cluster differ from Git. Next: `belay app sync web` puts Git's version back, or commit what you changed; `selfHeal: true` does it by itself.",
  ],
  [
    'a new revision without automated sync',
    { sync: 'OutOfSync', spec: manual(), state: settledState({ head: bad }), message: 'Git is at 9ab12cd' },
    undefined,
    'web is OutOfSync and Healthy at 3f2c1aa since 2 h: Git is at 9ab12cd. Next: `belay app sync web`; it has no automated sync.',
  ],
  [
    'a new revision that waits for a sync window',
    {
      sync: 'OutOfSync',
      state: settledState({
        head: bad,
        window: { why: 'inside a deny window (0 22 * * *, UTC)', until: now + 3 * 3_600_000 },
      }),
    },
    undefined,
    'web is OutOfSync and Healthy at 3f2c1aa since 2 h. 9ab12cd waits for a sync window: inside a deny window (0 22 * * *, UTC), for 3 h more at least. Nothing to do: it is looked at again by itself; `belay app sync web` does not wait where the window has manualSync.',
  ],
  [
    'a first revision that waits for a sync window that nothing will open',
    {
      sync: 'Unknown',
      health: 'Unknown',
      state: { ...emptyState, head: bad, window: { why: 'outside an allow window (0 22 * * *, UTC)' } },
      message: 'not synced to 9ab12cd',
    },
    undefined,
    'web has not been synced yet, since 2 h. 9ab12cd waits for a sync window: outside an allow window (0 22 * * *, UTC). Nothing to do: it is looked at again by itself; `belay app sync web` does not wait where the window has manualSync.',
  ],
  [
    'an application without automated sync before the first look at Git',
    {
      sync: 'Unknown',
      health: 'Unknown',
      spec: manual(),
      state: emptyState,
      message: 'waiting for the first look at Git',
    },
    undefined,
    'web has not been synced yet, since 2 h: waiting for the first look at Git. Next: `belay app sync web`; it has no automated sync.',
  ],
  [
    'a window that a revert in Git has made of no account',
    { state: settledState({ window: { why: 'inside a deny window (0 22 * * *, UTC)' } }) },
    undefined,
    'web is Synced and Healthy at 3f2c1aa since 2 h.',
  ],
  [
    'pruning that a person must confirm',
    { sync: 'OutOfSync', state: settledState({ unconfirmed: ['PersistentVolumeClaim shop/data'] }) },
    undefined,
    'web is OutOfSync and Healthy at 3f2c1aa since 2 h. Git no longer has PersistentVolumeClaim shop/data, and a person must confirm that they go. Next: `belay app sync web --confirm-prune` deletes them.',
  ],
  [
    'objects that Git no longer has and that stay',
    {
      sync: 'OutOfSync',
      state: settledState({ unpruned: ['a', 'b', 'c', 'd'].map((name) => `ConfigMap shop/${name}`) }),
    },
    undefined,
    'web is OutOfSync and Healthy at 3f2c1aa since 2 h. Git no longer has ConfigMap shop/a, ConfigMap shop/b, ConfigMap shop/c and more, which stay in the cluster. Next: `belay app sync web --prune` deletes what does not ask to stay.',
  ],
  [
    'objects that are left over, and a new revision without automated sync',
    {
      sync: 'OutOfSync',
      spec: manual(),
      state: settledState({ head: bad, unpruned: ['ConfigMap shop/old'] }),
    },
    undefined,
    'web is OutOfSync and Healthy at 3f2c1aa since 2 h. Git no longer has ConfigMap shop/old, which stay in the cluster. Next: `belay app sync web --prune` deletes what does not ask to stay. Next: `belay app sync web`; it has no automated sync.',
  ],
  [
    'objects that are not healthy',
    { health: 'Degraded', state: settledState({ seen: notHealthy }) },
    undefined,
    'web is Synced and Degraded at 3f2c1aa since 2 h. Job shop/import is Degraded (BackoffLimitExceeded), Service shop/web is Progressing. Next: mend it by a commit; `belay undo web` goes back to an earlier good revision.',
  ],
  [
    'a sync that waits for objects to be healthy',
    {
      health: 'Progressing',
      state: settledState({ head: bad, seen: notHealthy }),
      operation: { kind: 'sync', message: 'waiting until Sync wave 1 is healthy', since: minutesAgo(4) },
    },
    undefined,
    'web is busy since 4 min (sync): waiting until Sync wave 1 is healthy. Job shop/import is Degraded (BackoffLimitExceeded), Service shop/web is Progressing. Nothing to do: it goes on by itself.',
  ],
];

function manual() {
  const { automated: _, ...spec } = applicationSpec();
  return spec;
}

test.each(cases)('explains %s', (_, changes, rollout, expected) => {
  expect(explain(applicationStatus(changes), rollout, now)).toBe(expected);
});

import type { ApplicationStatus } from '../../../src/domain/application-status';
import { endOf, noteSeen, restoreMs, type Timeline } from '../../../src/domain/drill/timeline';
import type { RolloutStatus } from '../../../src/domain/rollout-status';
import {
  applicationStatus,
  bad,
  good,
  historyEntry,
  now,
  reverting,
  rolloutStatus,
  settledState,
} from '../../client/fixtures/statuses';

const failure = { code: 'ImagePull', sentence: 'the image does not exist', at: now };
const reverted = settledState({ head: reverting, lastRevert: { revision: reverting, bad, good, at: now } });
const syncing = { kind: 'sync', message: 'syncing', since: now } as const;
const problem = (code: 'PolicyViolation' | 'Unreachable') => [{ code, message: 'no' }];

test.each<[string, Partial<ApplicationStatus>, ReturnType<typeof endOf>]>([
  ['nothing has happened yet', {}, undefined],
  ['a sync is under way', { operation: syncing, state: reverted }, undefined],
  ['a rollout is under way', { rollouts: ['rollout/web'], state: reverted }, undefined],
  ['Git is back and the application healthy', { state: reverted }, 'back'],
  ['Git is back and the application is not', { state: reverted, sync: 'OutOfSync' }, undefined],
  [
    'Git is back from something else',
    { state: settledState({ lastRevert: { revision: reverting, bad: good, good, at: now } }) },
    undefined,
  ],
  ['a person is needed', { held: true, state: reverted }, 'held'],
  ['it was promoted', { state: settledState({ history: [historyEntry({ revision: bad })] }) }, 'promoted'],
  [
    'it was refused before the first write',
    { state: settledState({ head: bad, problems: problem('PolicyViolation') }) },
    'refused',
  ],
  [
    'somebody cannot be reached for a while',
    { state: settledState({ head: bad, problems: problem('Unreachable') }) },
    undefined,
  ],
  [
    'the problem is of an earlier commit',
    { state: settledState({ head: good, problems: problem('PolicyViolation') }) },
    undefined,
  ],
])('%s', (_what, changes, end) => {
  expect(endOf(applicationStatus(changes), bad)).toBe(end);
});

const forward = rolloutStatus();
const failed = rolloutStatus({ failure, log: [{ at: 1_000, text: failure.sentence }] });
const backAgain = rolloutStatus({
  failure,
  log: [...failed.log, { at: 1_400, text: 'all traffic is back on the stable version' }],
});
const inPlace = rolloutStatus({
  failure,
  log: failed.log,
  outcome: { kind: 'failed', failure },
  endedAt: 3_000,
});

function seen(
  ...moments: readonly [number, readonly RolloutStatus[], Partial<ApplicationStatus>?][]
): Timeline {
  return moments.reduce<Timeline>(
    (timeline, [at, rollouts, status = {}]) =>
      noteSeen(timeline, { status: applicationStatus(status), rollouts }, bad, at),
    { pushedAt: 0 },
  );
}

test('what is seen for the first time is noted once', () => {
  expect(
    seen(
      [1, []],
      [2, [forward]],
      [3, [failed]],
      [4, [failed]],
      [5, [backAgain]],
      [6, [backAgain], { state: reverted }],
    ),
  ).toEqual({ pushedAt: 0, begunAt: 2, detectedAt: 3, trafficBackAt: 5, backAt: 6 });
});

test('traffic is back only when all rollouts have it back', () => {
  expect(seen([1, [backAgain, failed]])).toEqual({ pushedAt: 0, begunAt: 1, detectedAt: 1 });
  expect(seen([1, [backAgain, failed]], [2, [backAgain, backAgain]]).trafficBackAt).toBe(2);
});

test('a rollout that came and went between two looks is known from the application', () => {
  const state = settledState({ lastFailure: { ...failure, revision: bad, workload: 'web' } });
  expect(seen([1, [], { state }])).toEqual({ pushedAt: 0, detectedAt: 1 });
});

test.each<[string, readonly RolloutStatus[], number | undefined]>([
  ['nothing has failed', [forward], undefined],
  ['traffic is not back yet', [failed], undefined],
  ['traffic is back', [backAgain], 400],
  ['pods were replaced in place: at the end', [inPlace], 2_000],
  ['of several the slowest counts', [backAgain, inPlace], 2_000],
])('the time until traffic is back: %s', (_what, rollouts, millis) => {
  expect(restoreMs(rollouts)).toBe(millis);
});

import type { ApplicationStatus } from '../../../src/domain/application-status';
import { endOfRelease, lastMember, noteRelease, releaseRestoreMs } from '../../../src/domain/drill/release';
import type { Timeline } from '../../../src/domain/drill/timeline';
import { defaultReleaseOptions, type Member } from '../../../src/domain/release/spec';
import type { ReleaseState } from '../../../src/domain/release/state';
import type { RolloutStatus } from '../../../src/domain/rollout-status';
import { applicationStatus, rolloutStatus } from '../../client/fixtures/statuses';

const member = (application: string, dependsOn: readonly string[] = [], wave = 0): Member => ({
  application,
  dependsOn,
  wave,
});
const spec = (...members: readonly Member[]) => ({ name: 'shop', members, options: defaultReleaseOptions });

test.each<[string, readonly Member[], string | undefined]>([
  [
    'what everything else is waited for',
    [member('web', ['api']), member('db'), member('api', ['db'])],
    'web',
  ],
  ['a higher wave', [member('a', [], 2), member('b', [], 1)], 'a'],
  ['the last name of the last wave', [member('b'), member('c'), member('a')], 'c'],
  ['nothing of nothing', [], undefined],
])('the last member is %s', (_what, members, last) => {
  expect(lastMember(spec(...members))).toBe(last);
});

const verdict = { kind: 'failed', member: 'web', sentence: 'no image', at: 1_000 } as const;
const state: ReleaseState = {
  id: 'release/shop/1',
  spec: spec(member('web')),
  phase: 'Progressing',
  message: '',
  since: 0,
  startedAt: 0,
  members: {},
  log: [],
};
const ended = (phase: ReleaseState['phase']) => ({ ...state, phase, verdict, endedAt: 9_000 });
const busy = { operation: { kind: 'sync', message: '', since: 0 } } as const;

test.each<[string, ReleaseState | undefined, Partial<ApplicationStatus>, ReturnType<typeof endOfRelease>]>([
  ['has not begun', undefined, {}, undefined],
  ['is under way', state, {}, undefined],
  ['is back', ended('Degraded'), {}, 'back'],
  ['is back, and a member is busy', ended('Degraded'), busy, undefined],
  ['is back, and a member is not in sync', ended('Degraded'), { sync: 'OutOfSync' }, undefined],
  ['is held', ended('Held'), {}, 'held'],
  ['is back, and a member is held', ended('Degraded'), { held: true }, 'held'],
  ['was good', ended('Healthy'), {}, 'promoted'],
])('a release that %s', (_what, release, changes, end) => {
  expect(endOfRelease({ release, members: [applicationStatus(changes)], rollouts: [] })).toBe(end);
});

const forward = rolloutStatus();
const back = (at: number): RolloutStatus =>
  rolloutStatus({ log: [{ at, text: 'all traffic is back on the stable version' }] });
const aborted = rolloutStatus({ outcome: { kind: 'aborted', by: 'belay' }, endedAt: 1_700 });

test('of a release what is seen first is noted once, and traffic is back when it is for all', () => {
  const failed = { ...state, verdict };
  const moments: readonly [number, ReleaseState | undefined, readonly RolloutStatus[]][] = [
    [1, undefined, []],
    [2, state, [forward]],
    [3, failed, [forward, back(1_400)]],
    [4, failed, [aborted, back(1_400)]],
    [5, ended('Degraded'), [aborted, back(1_400)]],
    [6, ended('Degraded'), [aborted, back(1_400)]],
  ];
  const timeline = moments.reduce<Timeline>(
    (before, [now, release, rollouts]) =>
      noteRelease(before, { release, rollouts, members: [applicationStatus()] }, now),
    { pushedAt: 0 },
  );
  expect(timeline).toEqual({ pushedAt: 0, begunAt: 2, detectedAt: 3, trafficBackAt: 4, backAt: 5 });
});

test.each<[string, ReleaseState, readonly RolloutStatus[], number | undefined]>([
  ['there is no verdict', state, [back(1_400)], undefined],
  ['one is not back', ended('Degraded'), [back(1_400), forward], undefined],
  ['the slowest counts', ended('Degraded'), [back(1_400), aborted], 700],
  ['it was back before the verdict was told', ended('Degraded'), [back(900)], 0],
])('the time until traffic is back in a release: %s', (_what, release, rollouts, millis) => {
  expect(releaseRestoreMs({ release, rollouts, members: [] })).toBe(millis);
});

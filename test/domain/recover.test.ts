import { emptyState, mirrorOf, type ApplicationState } from '../../src/domain/application-state';
import { recoveredState, type LiveWorkload } from '../../src/domain/recover';
import { readMirrored, type BrokenOff } from '../../src/domain/recover-read';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import { applicationSpec, rolloutSpec } from '../client/fixtures/statuses';

const place = { application: 'web', namespace: applicationSpec('web').destination.namespace };
const workload = { version: 'v1', revision: 'a1', number: 3, healthy: true, rolloutId: 'r3-x' };
const state: ApplicationState = {
  ...emptyState,
  good: { revision: 'a1', tree: 't', at: 1 },
  workloads: { web: workload },
  quarantine: { bad: { revision: 'b1', workload: 'web', reason: 'crashed', at: 2 } },
};
const fourth: RolloutSpec = {
  ...rolloutSpec(),
  kind: 'Deployment',
  name: 'web',
  number: 4,
  rolloutId: 'r4-y',
  version: 'v2',
};
const brokenOff: BrokenOff = {
  rolloutId: 'r4-y',
  number: 4,
  version: 'v2',
  revision: 'c1c1c1c1c1c1c1',
  by: 'ada@host',
  reason: 'slow',
  at: 9,
};

function recover(live: LiveWorkload, more: Record<string, unknown> = {}): ApplicationState {
  const data = Object.fromEntries(Object.entries(more).map(([key, value]) => [key, JSON.stringify(value)]));
  const stored = JSON.stringify({ ...mirrorOf(state), spec: applicationSpec('web') });
  const read = readMirrored(place, { state: stored, inventory: '[]', ...data });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return recoveredState(read.value, { web: live });
}

const idle: LiveWorkload = { fence: 30_007, isUnfinished: false };

test('an idle application goes on from what it was', () => {
  expect(recover(idle)).toEqual(state);
});

test.each([
  ['the mirror is older than the last rollout', 50_002, 5],
  ['the mirror is up to date', 30_007, 3],
  ['nothing was ever written with a number', 0, 3],
])('numbers never fall: %s', (_words, fence, number) => {
  expect(recover({ ...idle, fence }).workloads['web']).toEqual({ ...workload, number });
});

test('a workload that the state has never heard of has the number of what has written it', () => {
  const read = readMirrored(place, {});
  if (!read.ok) throw new Error('it is readable');
  const { workloads } = recoveredState(read.value, { web: { fence: 10_004, isUnfinished: false } });
  expect(workloads['web']).toEqual({ version: '', revision: '', number: 1, healthy: false });
});

describe('a rollout was interrupted', () => {
  const left: LiveWorkload = { fence: 40_003, isUnfinished: true };

  test('when it is the newest one and something of it is left', () => {
    expect(recover(left, { 'rollout.web': fourth }).interrupted).toEqual({ web: fourth });
  });

  test.each<[string, LiveWorkload, Partial<RolloutSpec>]>([
    ['nothing of it is left', { ...left, isUnfinished: false }, {}],
    ['a newer one has written since', { ...left, fence: 50_001 }, {}],
    ['it has written nothing yet', { ...left, fence: 30_007 }, {}],
    ['its pods are replaced in place, which a sync takes up by itself', left, { kind: 'StatefulSet' }],
  ])('but not when %s', (_words, live, changes) => {
    expect(recover(live, { 'rollout.web': { ...fourth, ...changes } }).interrupted).toBeUndefined();
  });
});

describe('a rollout that was broken off', () => {
  test('leaves its version in quarantine and the application held', () => {
    const { quarantine, hold, lastFailure } = recover(
      { fence: 49_000, isUnfinished: false },
      { 'aborted.web': brokenOff },
    );
    expect(Object.keys(quarantine)).toEqual(['bad', 'v2']);
    expect(hold).toMatchObject({ code: 'Quarantined', since: 9 });
    expect(hold?.reason).toContain('aborted by ada@host with --break-glass: slow');
    expect(lastFailure).toMatchObject({ code: 'Aborted', revision: 'c1c1c1c1c1c1c1', workload: 'web' });
  });

  test('means nothing any more once a newer rollout has written', () => {
    expect(
      recover({ fence: 50_001, isUnfinished: false }, { 'aborted.web': brokenOff }).hold,
    ).toBeUndefined();
  });
});

test.each([
  ['is no JSON', { state: '{' }, /data\.state is no JSON object/],
  ['holds a list', { state: '[]' }, /data\.state is no JSON object/],
  ['has a history that is none', { state: '{"history":{}}' }, /history is no list/],
  ['has a quarantine that is none', { state: '{"quarantine":[]}' }, /quarantine is no object/],
  ['has half a specification', { state: '{"spec":{"name":"web"}}' }, /spec is no specification/],
  [
    'is of another application',
    { state: JSON.stringify({ spec: applicationSpec('other') }) },
    /spec\.name is not web/,
  ],
  [
    'is of another namespace',
    {
      state: JSON.stringify({ spec: { ...applicationSpec('web'), destination: { namespace: 'elsewhere' } } }),
    },
    /destination\.namespace is not/,
  ],
  [
    'has a rollout without a number',
    { 'rollout.web': '{"rolloutId":"r1"}' },
    /rollout\.web names no rollout/,
  ],
])('a mirror that %s is refused, with its place', (_words, data: Record<string, string>, why) => {
  const read = readMirrored(place, data);
  expect(read.ok ? [] : read.problems).toMatchObject([
    { message: expect.stringMatching(why), object: `ConfigMap ${place.namespace}/belay-web` },
  ]);
});

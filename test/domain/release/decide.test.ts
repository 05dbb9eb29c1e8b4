import { decide, wakeAt } from '../../../src/domain/release/decide';
import { directiveOf } from '../../../src/domain/release/directive';
import { messageOf } from '../../../src/domain/release/message';
import { beginRelease } from '../../../src/domain/release/plan';
import { takeReport } from '../../../src/domain/release/report';
import { defaultReleaseOptions, type ReleaseOptions } from '../../../src/domain/release/spec';
import type { MemberReport, MemberStage, ReleaseState } from '../../../src/domain/release/state';
import * as steer from '../../../src/domain/release/steer';

/** web depends on api, which depends on db; mail stands alone. */
const edges: Readonly<Record<string, readonly string[]>> = { web: ['api'], api: ['db'], db: [], mail: [] };
const hour = 3_600_000;
const anna = { requestedBy: 'anna' };

function begun(options: Partial<ReleaseOptions> = {}): ReleaseState {
  const members = Object.entries(edges).map(([application, dependsOn]) => ({
    application,
    dependsOn,
    wave: 0,
  }));
  const heads = members.map(({ application }) => ({
    ...{ application, branch: 'x#main', head: 'v2', isBehind: true, isAutomated: true, at: 0 },
  }));
  const spec = { name: 'shop', members, options: { ...defaultReleaseOptions, ...options } };
  return decide(beginRelease({ id: 'release/shop/1', spec, heads, now: 0 }), 0);
}

/** What members say, as `db: ready`, one after the other. */
function after(state: ReleaseState, said: readonly string[], now = 0): ReleaseState {
  return said.reduce((current, text) => {
    const [application = '', stage] = text.split(': ');
    const report: MemberReport = {
      application,
      stage: stage as MemberStage,
      message: `is ${stage}`,
      since: now,
    };
    return decide(takeReport(current, report, now), now);
  }, state);
}

/** `deliver: db mail`: who is told what. */
function told(state: ReleaseState): readonly string[] {
  const wants = new Map<string, string[]>();
  for (const member of Object.values(state.members)) {
    const want = directiveOf(state, member)?.want;
    if (want !== undefined) wants.set(want, [...(wants.get(want) ?? []), member.application]);
  }
  return [...wants].map(([want, names]) => `${want}: ${names.toSorted().join(' ')}`).toSorted();
}

const out = ['db: ready', 'mail: ready', 'api: unchanged', 'web: ready'];

test.each<[string, Partial<ReleaseOptions>, readonly string[], string, readonly string[]]>([
  ['at first the lowest wave', {}, [], 'Progressing', ['deliver: db mail']],
  ['no more at a time than allowed', { parallel: 1 }, [], 'Progressing', ['deliver: db']],
  [
    'the next of a wave when there is room',
    { parallel: 1 },
    ['db: ready'],
    'Progressing',
    ['deliver: db mail'],
  ],
  ['no wave before the one below is out', {}, ['db: ready'], 'Progressing', ['deliver: db mail']],
  ['then the next wave', {}, ['db: ready', 'mail: unchanged'], 'Progressing', ['deliver: api db mail']],
  [
    'in lockstep all at once',
    { mode: 'lockstep', parallel: 1 },
    [],
    'Progressing',
    ['deliver: api db mail web'],
  ],
  ['all out: adopt', {}, out, 'Committing', ['commit: api db mail web']],
  ['all out: first together for a while', { bakeMs: hour }, out, 'Baking', ['deliver: api db mail web']],
  [
    'a failure: all go back at once, also those that have not begun',
    {},
    ['mail: ready', 'db: failed'],
    'RollingBack',
    ['back: api db mail web'],
  ],
  [
    'objects only when the traffic of all is back',
    {},
    ['mail: ready', 'db: failed', 'web: trafficBack', 'api: trafficBack'],
    'RollingBack',
    ['back: api db mail web'],
  ],
  [
    'objects in reverse waves',
    {},
    ['mail: ready', 'db: failed', 'web: trafficBack', 'api: trafficBack', 'mail: trafficBack'],
    'RollingBack',
    ['back: api db mail', 'restore: web'],
  ],
  [
    'policy dependents: the others go on',
    { rollback: 'dependents' },
    ['db: ready', 'mail: ready', 'api: failed'],
    'RollingBack',
    ['back: api web', 'deliver: db mail'],
  ],
  [
    'policy failed-only: dependents that have not begun do not begin',
    { rollback: 'failed-only' },
    ['mail: ready', 'db: failed'],
    'RollingBack',
    ['back: api db web', 'deliver: mail'],
  ],
  ['deleted in the middle: the others go back', {}, ['mail: gone'], 'RollingBack', ['back: api db web']],
])('%s', (_case, options, said, phase, wants) => {
  const state = after(begun(options), said);
  expect(state.phase).toBe(phase);
  expect(told(state)).toEqual(wants);
  // Level-triggered: without news there is nothing to decide.
  expect(decide(state, 0)).toBe(state);
});

test('adopted by all, it is healthy and lets them go', () => {
  const state = after(begun(), [...out, ...Object.keys(edges).map((each) => `${each}: committed`)]);
  expect(state).toMatchObject({ phase: 'Healthy', endedAt: 0, message: '4 members released' });
  expect(told(state)).toEqual(['free: api db mail web']);
});

test('one that is deleted while all adopt holds nothing up', () => {
  const adopting = after(begun(), out);
  const state = after(adopting, ['db: committed', 'mail: gone', 'api: committed', 'web: committed']);
  expect(state.phase).toBe('Healthy');
});

test('the bake ends by its time, and stands still while the release is paused', () => {
  const baking = after(begun({ bakeMs: hour }), out, 1_000);
  expect(wakeAt(baking)).toBe(hour + 1_000);
  expect(decide(baking, hour).phase).toBe('Baking');
  expect(decide(baking, hour + 1_000).phase).toBe('Committing');
  const paused = decide(steer.paused(baking, anna, 2_000), 2_000);
  expect(wakeAt(paused)).toBeUndefined();
  expect(decide(paused, 10 * hour).phase).toBe('Baking');
  const resumed = decide(steer.resumed(paused, anna, 5 * hour), 5 * hour);
  expect(wakeAt(resumed)).toBe(6 * hour - 1_000);
  expect(decide(steer.promoted(resumed, anna, 5 * hour), 5 * hour).phase).toBe('Committing');
});

test('paused, nothing begins and those on their way are told; traffic that goes back is not held up', () => {
  const paused = decide(steer.paused(begun(), anna, 0), 0);
  const state = after(paused, ['db: ready', 'mail: ready']);
  expect(told(state)).toEqual(['deliver: db mail']);
  expect(Object.values(state.members).map((each) => directiveOf(state, each)?.isPaused)).toContain(true);
  const failed = after(state, ['db: failed']);
  expect(told(failed)).toEqual(['back: api db mail web']);
  expect(Object.values(failed.members).map((each) => directiveOf(failed, each)?.isPaused)).not.toContain(
    true,
  );
});

test.each([
  [
    'pause',
    steer.mayNotPause,
    'Committing',
    out,
    'its members adopt the new version already; there is nothing to pause',
  ],
  ['abort', steer.mayNotAbort, 'Committing', out, 'its members adopt the new version already; use undo'],
  ['abort', steer.mayNotAbort, 'RollingBack', ['db: failed'], 'it goes back already'],
  ['resume', steer.mayNotResume, 'Progressing', [], 'it is not paused'],
  [
    'promote',
    steer.mayNotPromote,
    'Progressing',
    [],
    'nothing bakes: promote ends the time for which all members run together',
  ],
] as const)('%s is refused with the reason (%#)', (_what, mayNot, phase, said, why) => {
  const state = after(begun(), said);
  expect(state.phase).toBe(phase);
  expect(mayNot(state)).toBe(why);
});

test.each<[string, readonly string[], string]>([
  ['api', [], 'waits for db (waiting), which it depends on'],
  ['web', ['db: ready', 'mail: delivering'], 'waits for api (waiting), which it depends on'],
  ['db', ['db: delivering'], 'is delivering'],
  ['db', ['db: ready'], 'out; waits for mail (waiting), api (waiting), web (waiting)'],
  [
    'mail',
    ['db: failed', 'mail: trafficBack'],
    'its traffic is back; waits for the traffic of api (waiting), web (waiting)',
  ],
])('%s says why it waits after %j', (application, said, message) => {
  expect(messageOf(after(begun(), said), application)).toBe(message);
});

test('a member of a full wave says that it waits for its turn', () => {
  expect(messageOf(begun({ parallel: 1 }), 'mail')).toBe(
    'waits for its turn: at most 1 members come out at a time',
  );
});

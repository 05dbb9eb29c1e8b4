import { gitChecks, noticed, rolloutChecks, statusCheck } from '../../../src/domain/drill/checks';
import { scorecardOf, type Check, type DrillResult } from '../../../src/domain/drill/scorecard';
import type { RolloutStatus } from '../../../src/domain/rollout-status';
import {
  applicationStatus,
  bad,
  good,
  reverting,
  rolloutStatus,
  settledState,
} from '../../client/fixtures/statuses';

const failure = { code: 'ImagePull', sentence: 'no such image', at: 0 };
const side = { images: ['web:1'], desired: 4, current: 4, ready: 4, available: 4 };
const over = rolloutStatus({
  weight: 0,
  actualWeight: 0,
  failure,
  outcome: { kind: 'failed', failure },
  pods: { at: 0, stable: side },
});

function broken(checks: readonly Check[]): readonly string[] {
  return checks.filter(({ held }) => !held).map(({ promise }) => promise);
}

test.each<[string, Partial<RolloutStatus>, readonly string[]]>([
  ['nothing is left', {}, []],
  ['a weight is still wanted', { weight: 20 }, ['no request goes to the new version']],
  ['the router still sends', { actualWeight: 5 }, ['no request goes to the new version']],
  [
    'pods of the broken version are left',
    { pods: { at: 0, stable: side, canary: side } },
    ['no object of the new version is left'],
  ],
  [
    'stable is short of a pod',
    { pods: { at: 0, stable: { ...side, available: 3 } } },
    ['the stable version is at its full size'],
  ],
  [
    'the good version does not run either',
    { outcome: { kind: 'failed', failure, goodAlsoFails: 'no node' } },
    ['no object of the new version is left', 'the stable version is at its full size'],
  ],
  [
    'it was promoted',
    { outcome: { kind: 'promoted', way: 'adopted' }, weight: 100, actualWeight: 100 },
    [
      'no request goes to the new version',
      'no object of the new version is left',
      'the stable version is at its full size',
    ],
  ],
])('a rollout of which %s', (_what, changes, promises) => {
  expect(broken(rolloutChecks({ ...over, ...changes }))).toEqual(promises);
});

test('pods that are replaced in place are not counted: the end of the rollout says that they are all back', () => {
  const { pods: _pods, actualWeight: _weight, ...inPlace } = over;
  expect(broken(rolloutChecks(inPlace))).toEqual([]);
});

const git = { path: 'k8s', goodTree: 'a', tree: 'a', reverts: [reverting] };
test.each<[string, Partial<typeof git>, readonly string[]]>([
  ['one revert', {}, []],
  [
    'no revert',
    { tree: 'b', reverts: [] },
    ['Git is back at the last good content', 'Git was written exactly once'],
  ],
  ['two reverts', { reverts: [reverting, good] }, ['Git was written exactly once']],
  ['another content', { tree: 'b' }, ['Git is back at the last good content']],
])('Git with %s', (_what, changes, promises) => {
  expect(broken(gitChecks({ ...git, ...changes }))).toEqual(promises);
});

test('an application is back when it is Synced and Healthy at the newest commit', () => {
  const state = settledState({ synced: reverting });
  expect(statusCheck(applicationStatus({ state }), reverting).held).toBe(true);
  expect(statusCheck(applicationStatus({ state }), good).held).toBe(false);
  expect(statusCheck(applicationStatus({ state, held: true }), reverting).held).toBe(false);
  expect(statusCheck(applicationStatus({ state, health: 'Degraded' }), reverting).held).toBe(false);
  expect(statusCheck(applicationStatus({ state, sync: 'OutOfSync' }), reverting).held).toBe(false);
});

test('what was seen through is said, and otherwise why it was not', () => {
  expect(noticed('back', applicationStatus(), [over])).toMatchObject({
    held: true,
    seen: 'ImagePull: no such image',
  });
  expect(noticed('promoted', applicationStatus(), [rolloutStatus()])).toMatchObject({
    held: false,
    seen: expect.stringContaining('nothing that watches this rollout has noticed'),
  });
});

const held = { promise: 'a', held: true, seen: '' };
const result: DrillResult = {
  drill: { id: '7f', subject: 'web', fault: 'image', branch: 'main', revision: bad },
  end: 'back',
  timeline: { pushedAt: 1_000, detectedAt: 3_000, trafficBackAt: 3_900, backAt: 9_000 },
  restoreMs: 400,
  probe: undefined,
  checks: [held],
};

test('times count from the push and from the verdict, and Temporal’s own are better than looks', () => {
  expect(scorecardOf(result)).toMatchObject({ detectMs: 2_000, restoreMs: 400, backMs: 8_000, passed: true });
  expect(scorecardOf({ ...result, restoreMs: undefined })).toMatchObject({ restoreMs: 900 });
});

test('what was not seen has no time', () => {
  const card = scorecardOf({ ...result, timeline: { pushedAt: 0 }, restoreMs: undefined });
  for (const key of ['detectMs', 'restoreMs', 'backMs', 'probe']) expect(card).not.toHaveProperty(key);
});

test.each<[string, Partial<DrillResult>]>([
  ['a promise was broken', { checks: [held, { ...held, held: false }] }],
  ['nothing was looked at', { checks: [] }],
  ['it did not end', { end: 'timedOut' }],
])('a drill is not passed when %s', (_what, changes) => {
  expect(scorecardOf({ ...result, ...changes }).passed).toBe(false);
});

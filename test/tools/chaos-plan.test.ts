import { faultNames } from '../../tools/chaos/fault-names';
import { readOptions } from '../../tools/chaos/options';
import { allStrikes, planTurns, strikeKey, type Boundary } from '../../tools/chaos/plan';
import { watchRecovery } from '../../tools/chaos/recovery';
import { storyNames } from '../../tools/chaos/story-names';

const activities = ['planRevision', 'reachWeight', 'returnTraffic', 'restorePath'];
const boundaries: readonly Boundary[] = storyNames.flatMap((story) =>
  activities.flatMap((activity) => [1, 2].map((occurrence) => ({ story, activity, occurrence }))),
);
const places = allStrikes(boundaries).length;
const options = { seed: 7, kills: 60, faults: faultNames, stories: storyNames, activities: [] };
const strikesOf = (turns: ReturnType<typeof planTurns>): readonly string[] =>
  turns.flatMap(({ strikes }) => strikes.map(strikeKey));

test('the same seed plans the same, another one something else', () => {
  expect(planTurns(boundaries, options)).toEqual(planTurns(boundaries, options));
  expect(planTurns(boundaries, options)).not.toEqual(planTurns(boundaries, { ...options, seed: 8 }));
});

test.each([1, 60, places, 2 * places + 1])(
  '%i kills are planned, and no place twice before all had one',
  (kills) => {
    const strikes = strikesOf(planTurns(boundaries, { ...options, kills }));
    expect(strikes).toHaveLength(kills);
    expect(new Set(strikes).size).toBe(Math.min(kills, places));
  },
);

test('with few kills every kind of activity dies at every moment first', () => {
  const kinds = planTurns(boundaries, { ...options, kills: activities.length * 3 }).flatMap(({ strikes }) =>
    strikes.map(({ activity, moment }) => `${activity} ${moment}`),
  );
  expect(new Set(kinds).size).toBe(activities.length * 3);
});

test('kills can be limited to one activity', () => {
  const turns = planTurns(boundaries, { ...options, activities: ['restorePath'] });
  expect(new Set(turns.flatMap(({ strikes }) => strikes.map(({ activity }) => activity)))).toEqual(
    new Set(['restorePath']),
  );
});

test('a telling has at most four strikes, none twice, all of its own story', () => {
  for (const { story, strikes } of planTurns(boundaries, { ...options, kills: 3 * places })) {
    expect(strikes.length).toBeLessThanOrEqual(4);
    expect(new Set(strikes.map(strikeKey)).size).toBe(strikes.length);
    expect(strikes.every((each) => each.story === story)).toBe(true);
  }
});

test('every fault comes once, with two workers; kills come with two and with one', () => {
  const turns = planTurns(boundaries, options);
  const faults = turns.flatMap(({ fault }) => (fault === undefined ? [] : [fault.name]));
  expect([...faults].sort()).toEqual([...faultNames].sort());
  expect(turns.filter(({ fault }) => fault !== undefined).every(({ workers }) => workers === 2)).toBe(true);
  expect(new Set(turns.filter(({ fault }) => fault === undefined).map(({ workers }) => workers))).toEqual(
    new Set([1, 2]),
  );
});

test('a worker freezes in a write of a rollout that goes back', () => {
  const frozen = planTurns(boundaries, options).find(({ fault }) => fault?.name === 'frozen');
  expect(frozen?.story).toMatch(/canary-bad|abort|blue-green-bad/);
  expect(frozen?.fault?.at.activity).toMatch(/reachWeight|returnTraffic/);
});

test.each<[string, readonly string[], string]>([
  ['a number that is none', ['--kills', 'many'], '--kills many is not a whole number'],
  ['a story that is none', ['--stories', 'abort,hamlet'], '--stories: there is no hamlet'],
  ['a fault that is none', ['--faults', 'flood'], '--faults: there is no flood'],
  ['--postgres without a service', ['--postgres'], '--postgres needs TEMPORAL_ADDRESS'],
  ['an option that is none', ['--frogs'], "Unknown option '--frogs'"],
])('the command line is refused for %s', (_what, argv, says) => {
  expect(() => readOptions(argv, {})).toThrow(says);
});

test('a Temporal service that is not ours is not killed', () => {
  const { faults } = readOptions(['--postgres'], { TEMPORAL_ADDRESS: 'temporal.example:7233' });
  expect(faults).not.toContain('temporal-killed');
});

test('the full run has outages of half a minute', () => {
  expect(readOptions([], {}).outageMs).toBe(10_000);
  expect(readOptions(['--kills', '500'], {}).outageMs).toBe(30_000);
});

describe('the time to go on', () => {
  const moment = { moment: 'before', activity: 'reachWeight', attempt: 1 } as const;
  const post = {} as Parameters<ReturnType<typeof watchRecovery>['handed']>[1];

  test('is measured from the worker that is back, to anybody and to the workflow that was struck', () => {
    let now = 0;
    const recovery = watchRecovery(() => now);
    recovery.killed({ ...moment, workflowId: 'a' }, false);
    now = 1_000;
    recovery.handed({ ...moment, workflowId: 'b' }, post); // not yet back: from a worker that was there before
    now = 2_000;
    recovery.back();
    now = 2_300;
    recovery.handed({ ...moment, workflowId: 'b' }, post);
    now = 2_700;
    recovery.handed({ ...moment, workflowId: 'a' }, post);
    expect(recovery.figures()).toEqual({ any: [300], own: [700] });
  });

  test('is measured from the kill where another worker is alive', () => {
    let now = 0;
    const recovery = watchRecovery(() => now);
    recovery.killed({ ...moment, workflowId: 'a' }, true);
    now = 400;
    recovery.handed({ ...moment, workflowId: 'a' }, post);
    expect(recovery.figures()).toEqual({ any: [400], own: [400] });
  });
});

import { gridOf, type Grid } from '../../../src/domain/judge/plan';
import { countsOn, valuesOn, type RangeSeries } from '../../../src/domain/judge/series';

const grid: Grid = { from: 1_000_000, stepMs: 10_000, points: 5 };

/** A series with the label pod; `null` is a point that is not there. */
function series(pod: string, ...values: readonly (number | null)[]): RangeSeries {
  const points = values.flatMap((value, index) =>
    value === null ? [] : [[grid.from + index * grid.stepMs, value] as const],
  );
  return { labels: { pod }, points };
}

const nan = Number.NaN;

test.each<[string, RangeSeries[], (number | null)[]]>([
  ['nothing', [], [null, null, null, null, null]],
  ['one series as it is', [series('a', 1, 2, 3, 4, 5)], [1, 2, 3, 4, 5]],
  ['the mean of several', [series('a', 1, 2, 3, 4, 5), series('b', 3, 4, 5, 6, 7)], [2, 3, 4, 5, 6]],
  ['a gap', [series('a', 1, null, 3, 4, 5)], [1, null, 3, 4, 5]],
  [
    'no number and infinity for no value',
    [series('a', 1, nan, Infinity, -Infinity, 5)],
    [1, null, null, null, 5],
  ],
  ['the mean of those that are there', [series('a', 1, nan, 3), series('b', 3, 8)], [2, 8, 3, null, null]],
])('values: %s', (_name, given, expected) => expect(valuesOn(grid, given)).toEqual(expected));

test.each<[string, RangeSeries[], RangeSeries[], (number | null)[], (number | null)[]]>([
  ['no counters', [], [], [null, null, null, null, null], [null, null, null, null, null]],
  [
    'counters that grow',
    [series('a', 100, 110, 120, 130, 140)],
    [series('a', 7, 8, 8, 10, 10)],
    [null, 10, 10, 10, 10],
    [null, 1, 0, 2, 0],
  ],
  ['errors that never came', [series('a', 1, 2, 3, 4, 5)], [], [null, 1, 1, 1, 1], [null, 0, 0, 0, 0]],
  [
    'errors that come for the first time',
    [series('a', 1, 2, 3, 4, 5)],
    [series('a', null, null, 4, 4, 6)],
    [null, 1, 1, 1, 1],
    [null, 0, 4, 0, 2],
  ],
  [
    'a counter that begins anew',
    [series('a', 100, 110, 4, 9, 14)],
    [series('a', 5, 6, 1, 1, 1)],
    [null, 10, 4, 5, 5],
    [null, 1, 1, 0, 0],
  ],
  [
    'a pod that comes later, with counts of before',
    [series('a', 1, 2, 3, 4, 5), series('b', null, null, 500, 510, 520)],
    [series('b', null, null, 50, 51, 51)],
    [null, 1, 1, 11, 11],
    [null, 0, 0, 1, 0],
  ],
  [
    'a lost scrape, which arrives with the next',
    [series('a', 10, 20, null, 40, 50)],
    [series('a', 1, 1, null, 3, 3)],
    [null, 10, null, 20, 10],
    [null, 0, null, 2, 0],
  ],
  [
    'counters that are no numbers',
    [series('a', 1, nan, 3, 4, 5)],
    [],
    [null, null, 2, 1, 1],
    [null, null, 0, 0, 0],
  ],
])('counts: %s', (_name, total, bad, expectedTotal, expectedBad) =>
  expect(countsOn(grid, { total, bad }, 'pod')).toEqual({ total: expectedTotal, bad: expectedBad }),
);

test('counters without the label are one counter', () => {
  const bare = (...values: readonly number[]): RangeSeries => ({ ...series('', ...values), labels: {} });
  const counts = countsOn(grid, { total: [bare(1, 2, 3, 4, 5)], bad: [bare(0, 0, 1, 1, 1)] }, 'pod');
  expect(counts).toEqual({ total: [null, 1, 1, 1, 1], bad: [null, 0, 1, 0, 0] });
});

test.each([
  ['the whole time', { stepMs: 10_000 }, 65_000, { from: 0, points: 7 }],
  ['nothing before the first step', { stepMs: 10_000 }, 9_000, { from: 0, points: 1 }],
  ['the newest part', { stepMs: 10_000, lookbackMs: 30_000 }, 65_000, { from: 30_000, points: 4 }],
  ['500 points at most', { stepMs: 10_000 }, 7_200_000, { from: 2_210_000, points: 500 }],
  ['a clock that went back', { stepMs: 10_000 }, -5_000, { from: 0, points: 1 }],
])('the points of a look: %s', (_name, plan, now, expected) =>
  expect(gridOf(plan, { since: 0, now })).toEqual({ ...expected, stepMs: plan.stepMs }),
);

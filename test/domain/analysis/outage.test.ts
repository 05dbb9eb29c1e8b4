import { explainMetric, explainRun, holdingMetrics } from '../../../src/domain/analysis/explain';
import { startAnalysis, takeReading } from '../../../src/domain/analysis/run';
import type { AnalysisRun, MetricSpec } from '../../../src/domain/analysis/spec';
import { metric, metricOf, outage, play, playOne, readingOf, start, taken } from './metric-builder';

/** Takes the reading of each letter at its second. */
function playAt(
  spec: MetricSpec,
  readings: readonly (readonly [second: number, letter: string])[],
): AnalysisRun {
  return readings.reduce(
    (run, [second, letter]) =>
      takeReading([spec], run, taken(spec.name, readingOf(letter), start + second * 1_000)),
    startAnalysis([spec], start),
  );
}

const every10s = (until: number, letter = 'o') =>
  Array.from({ length: Math.floor(until / 10) + 1 }, (_, index) => [index * 10, letter] as const);

test('holds for a quarter of an hour, and fails then', () => {
  const held = playAt(metric(), every10s(899));
  expect(held.phase).toBe('Running');
  expect(metricOf(held)).toMatchObject({ phase: 'Running', unreachableSince: start, consecutiveError: 90 });
  const failed = playAt(metric(), every10s(900));
  expect(failed).toMatchObject({ phase: 'Error', onFailure: 'revert' });
  expect(failed.message).toBe(
    'Metric "success-rate" assessed Error due to consecutiveErrors (91) > consecutiveErrorLimit (4): "Error Message: connect ECONNREFUSED"',
  );
});

test.each<[string, Partial<MetricSpec>, readonly (readonly [number, string])[], string]>([
  ['holds though the limit of errors is passed', {}, every10s(120), 'Running'],
  [
    'holds though the time is over, until the limit is passed too',
    {},
    [
      [0, 'o'],
      [950, 'o'],
      [960, 'o'],
      [970, 'o'],
    ],
    'Running',
  ],
  [
    'fails when both are passed',
    {},
    [
      [0, 'o'],
      [950, 'o'],
      [960, 'o'],
      [970, 'o'],
      [980, 'o'],
    ],
    'Error',
  ],
  ['fails as in Argo when nothing is to be held', { holdMs: 0 }, every10s(40), 'Error'],
  ['may err as often as in Argo when nothing is to be held', { holdMs: 0 }, every10s(30), 'Running'],
  ['holds as long as the template says', { holdMs: 60_000 }, every10s(59), 'Running'],
  ['fails when that is over', { holdMs: 60_000 }, every10s(60), 'Error'],
  [
    'starts anew after a good reading',
    {},
    [...every10s(890), [895, '+'], ...every10s(600).map(([s, l]) => [s + 900, l] as const)],
    'Running',
  ],
  ['fails at the limit for errors that are answers', {}, every10s(40, 'e'), 'Error'],
  [
    'forgives the errors of an outage when answers come again',
    {},
    [...every10s(600), [610, 'e'], [620, 'e'], [630, 'e'], [640, 'e']],
    'Running',
  ],
  [
    'fails after as many answers that are errors as ever',
    {},
    [...every10s(600), [610, 'e'], [620, 'e'], [630, 'e'], [640, 'e'], [650, 'e']],
    'Error',
  ],
  [
    'does not hold for ever when outage and error take turns',
    {},
    every10s(1_000).map(([s], i) => [s, i % 2 ? 'e' : 'o'] as const),
    'Error',
  ],
])('%s', (_name, own, readings, phase) => {
  expect(playAt(metric(own), readings).phase).toBe(phase);
});

test('the first good reading clears the outage', () => {
  const run = playAt(metric(), [...every10s(60), [70, '+']]);
  expect(metricOf(run)).not.toHaveProperty('unreachableSince');
  expect(metricOf(run)).toMatchObject({ consecutiveError: 0, count: 1 });
});

test('a failing reading after an outage fails as ever', () => {
  expect(playAt(metric(), [...every10s(60), [70, '-']]).phase).toBe('Failed');
});

test('a metric that fails ends a run that another one holds', () => {
  const run = play([metric({ name: 'a' }), metric({ name: 'b' })], ['ao', 'b-']);
  expect(run.phase).toBe('Failed');
  expect(metricOf(run, 'a').phase).toBe('Inconclusive');
});

test('names the metrics that hold, but no dry run and none that only tells', () => {
  const metrics = [
    metric({ name: 'a' }),
    metric({ name: 'b' }),
    metric({ name: 'dry', isDryRun: true }),
    metric({ name: 'told', onFailure: 'notify' }),
  ];
  const run = play(metrics, ['a+', 'bo', 'dryo', 'toldo']);
  expect(holdingMetrics(run).map(({ name }) => name)).toEqual(['b']);
  expect(holdingMetrics(takeReading(metrics, run, taken('b', readingOf('+'), start + 90_000)))).toEqual([]);
});

test('says which metric holds, since when and why', () => {
  const run = playOne(metric(), 'ooo');
  const sentence =
    'Metric "success-rate" holds: no reading since 2026-01-01T12:00:00Z, its provider is unreachable: connect ECONNREFUSED';
  expect(explainMetric(metricOf(run))).toBe(sentence);
  expect(explainRun(run)).toBe(`Analysis holds: ${sentence}`);
});

test('an outage in which nothing was measured survives JSON', () => {
  const spec = metric();
  const run = JSON.parse(JSON.stringify(playOne(spec, 'oo'))) as AnalysisRun;
  expect(takeReading([spec], run, taken(spec.name, outage, start + 900_000)).metrics[0]).toMatchObject({
    unreachableSince: start,
    consecutiveError: 3,
  });
});

import { explainMetric, explainRun } from '../../../src/domain/analysis/explain';
import { startAnalysis, stopAnalysis, takeReading } from '../../../src/domain/analysis/run';
import { metric, metricOf, once, play, playOne, start, taken } from './metric-builder';

const name = 'Metric "success-rate"';

test.each([
  ['', `${name} Pending: not measured yet`],
  ['++', `${name} Running: 2 successful, last value 0.99`],
  ['+-e', `${name} Running: 1 successful, 1 failed, 1 error, last: bad_data: parse error`],
  ['+--', `${name} assessed Failed due to failed (2) > failureLimit (1)`],
  ['+++', `${name} assessed Successful: 3 successful`],
])('explains a metric after %j', (letters, sentence) => {
  const spec = metric({ count: 3, failureLimit: 1 });
  expect(explainMetric(metricOf(playOne(spec, letters)))).toBe(sentence);
});

test('explains a metric that was ended before it was measured', () => {
  const run = stopAnalysis(playOne(metric(), ''), start + 1_000);
  expect(explainMetric(metricOf(run))).toBe(`${name} assessed Successful: no measurements`);
  expect(explainRun(run)).toBe('Analysis Successful: Run Terminated');
});

test('explains a measurement under way', () => {
  const job = once();
  const measured = { kind: 'measured', measurement: { phase: 'Running', startedAt: start } } as const;
  const run = takeReading([job], startAnalysis([job], start), taken(job.name, measured, start));
  expect(explainMetric(metricOf(run))).toBe(`${name} Running: being measured since 2026-01-01T12:00:00Z`);
});

test.each([
  [
    'how many metrics are done',
    [metric({ name: 'a', count: 1 }), metric({ name: 'b' })],
    ['a+'],
    'Analysis Running: 1 of 2 metrics done',
  ],
  [
    'why it failed',
    [metric({ name: 'a' })],
    ['a-'],
    'Analysis Failed: Metric "a" assessed Failed due to failed (1) > failureLimit (0)',
  ],
  ['a success', [metric({ name: 'a', count: 1 })], ['a+'], 'Analysis Successful'],
  [
    'a failing dry run aside',
    [metric({ name: 'a', count: 1 }), metric({ name: 'b', isDryRun: true })],
    ['b-', 'a+'],
    'Analysis Successful; Metric "b" assessed Failed due to failed (1) > failureLimit (0) (dry run)',
  ],
  [
    'a metric that only tells aside',
    [metric({ name: 'a' }), metric({ name: 'b', onFailure: 'notify' })],
    ['b-', 'a+'],
    'Analysis Running: 1 of 2 metrics done; Metric "b" assessed Failed due to failed (1) > failureLimit (0) (notify only)',
  ],
] as const)('explains a run: %s', (_name, metrics, readings, sentence) => {
  expect(explainRun(play(metrics, readings))).toBe(sentence);
});

import { startAnalysis, takeReading } from '../../../src/domain/analysis/run';
import type { AnalysisRun, MetricSpec, Reading } from '../../../src/domain/analysis/spec';
import { metric, metricOf, playOne, start, taken } from './metric-builder';

test.each([
  ['10 by default', 10, '+'.repeat(25), 10],
  ['all while there are few', 10, '+++', 3],
  ['as many as the template says', 20, '+'.repeat(25), 20],
  ['1 at least', 1, '+++', 1],
])('keeps the newest measurements: %s', (_name, retention, letters, kept) => {
  const { measurements, count } = metricOf(playOne(metric({ retention }), letters));
  expect(measurements).toHaveLength(kept);
  expect(measurements.at(-1)?.startedAt).toBe(start + (letters.length - 1) * 10_000);
  expect(count).toBe(letters.length);
});

test('counts go on when measurements are dropped', () => {
  const run = playOne(metric({ retention: 1, failureLimit: 2 }), '-+-++++-');
  expect(run.message).toBe('Metric "success-rate" assessed Failed due to failed (3) > failureLimit (2)');
});

const facts = Object.fromEntries(
  Array.from({ length: 9 }, (_, index) => [`fact-${index}`, '字'.repeat(500)]),
);
const readings: readonly (readonly [string, Reading])[] = [
  ['texts of a megabyte', { kind: 'value', value: 'x'.repeat(1_000_000) }],
  ['texts of wide characters', { kind: 'value', value: '字'.repeat(5_000) }],
  ['texts of characters with two halves', { kind: 'value', value: '😀'.repeat(5_000) }],
  ['texts that JSON escapes', { kind: 'value', value: '\\"\u0001'.repeat(5_000) }],
  ['many facts', { kind: 'value', value: '字'.repeat(999), metadata: facts }],
  ['long errors', { kind: 'error', message: '字'.repeat(5_000), isUnreachable: false }],
];

test.each(readings)(
  'stays below 64 KiB with 20 metrics, 100 measurements of each and %s',
  (_name, reading) => {
    const conditions = { successCondition: 'result < 5', failureCondition: 'result > 5' };
    // One more than the first metric is allowed, and no more than the others are: every text is there in the end.
    const limit = (index: number) => (index === 0 ? 99 : 100);
    const limits = (index: number) => ({
      failureLimit: limit(index),
      inconclusiveLimit: limit(index),
      consecutiveErrorLimit: limit(index),
    });
    const spec = (index: number): MetricSpec =>
      metric({ ...conditions, ...limits(index), name: `${index}-${'n'.repeat(240)}`, retention: 500 });
    const metrics = Array.from({ length: 20 }, (_, index) => spec(index));
    let run: AnalysisRun = startAnalysis(metrics, start);
    for (const { name } of [...metrics.slice(1), ...metrics.slice(0, 1)]) {
      for (let i = 0; i < 100; i++) run = takeReading(metrics, run, taken(name, reading, start + i));
    }
    expect(run.metrics[0]?.message).toMatch(/assessed/);
    expect(Buffer.byteLength(JSON.stringify(run))).toBeLessThan(64 * 1_024);
    expect(run.metrics.every(({ measurements }) => measurements.length >= 1)).toBe(true);
  },
);

test('one metric may keep hundreds of measurements', () => {
  const run = playOne(metric({ retention: 500 }), '+'.repeat(500));
  expect(metricOf(run).measurements).toHaveLength(500);
  expect(JSON.stringify(run).length).toBeLessThan(64 * 1_024);
});

import { dueMetrics, startAnalysis, takeReading } from '../../../src/domain/analysis/run';
import type { MetricSpec } from '../../../src/domain/analysis/spec';
import { metric, once, readingOf, start, taken } from './metric-builder';

/** When the metric is due after one reading that began at the start and took 20 ms, in ms after the start. */
function dueAfter(spec: MetricSpec, letter: string): number | undefined {
  const first = taken(spec.name, readingOf(letter), start);
  const run = takeReading([spec], startAnalysis([spec], start), first);
  const { due, nextAt } = dueMetrics([spec], run, start + 20);
  if (due.length > 0) return 20;
  return nextAt === undefined ? undefined : nextAt - start;
}

test.each<[string, Partial<MetricSpec>, string, number]>([
  ['an interval after the end of a good one', {}, '+', 60_020],
  ['an interval after an allowed failure', { failureLimit: 1 }, '-', 60_020],
  ['10 s after an error', {}, 'e', 10_020],
  ['10 s after an outage', {}, 'o', 10_020],
  ['an interval after an error when it is shorter', { intervalMs: 3_000 }, 'e', 3_020],
  ['a moment later when the interval is nothing', { intervalMs: 0 }, '+', 120],
])('measures again %s', (_name, own, letter, expected) => {
  expect(dueAfter(metric(own), letter)).toBe(expected);
});

test('measures a lone metric again after an error, and never after a result', () => {
  expect(dueAfter(once(), 'e')).toBe(10_020);
  expect(dueAfter(once(), '+')).toBeUndefined();
});

test('does not measure before it is due, and does at that very moment', () => {
  const spec = metric({ initialDelayMs: 30_000 });
  const run = startAnalysis([spec], start);
  expect(dueMetrics([spec], run, start)).toEqual({ due: [], nextAt: start + 30_000 });
  expect(dueMetrics([spec], run, start + 29_999)).toEqual({ due: [], nextAt: start + 30_000 });
  expect(dueMetrics([spec], run, start + 30_000)).toEqual({ due: ['success-rate'] });
});

test('the first measurement is due at once, and with it everything that is late', () => {
  const metrics = [
    metric({ name: 'a' }),
    metric({ name: 'b', initialDelayMs: 5_000 }),
    metric({ name: 'c', initialDelayMs: 9_000 }),
    metric({ name: 'd', initialDelayMs: 7_000 }),
  ];
  const run = startAnalysis(metrics, start);
  expect(dueMetrics(metrics, run, start)).toEqual({ due: ['a'], nextAt: start + 5_000 });
  expect(dueMetrics(metrics, run, start + 6_000)).toEqual({ due: ['a', 'b'], nextAt: start + 7_000 });
  expect(dueMetrics(metrics, run, start + 60_000)).toEqual({ due: ['a', 'b', 'c', 'd'] });
});

test('a metric that is done is due no more while others run', () => {
  const metrics = [metric({ name: 'a', count: 1 }), metric({ name: 'b', initialDelayMs: 90_000 })];
  const run = takeReading(metrics, startAnalysis(metrics, start), taken('a', readingOf('+'), start));
  expect(dueMetrics(metrics, run, start + 70_000)).toEqual({ due: [], nextAt: start + 90_000 });
});

import { metricOf as specOf } from '../../../tools/conformance/metric';
import { startAnalysis, takeReading, type TakenReading } from '../../../src/domain/analysis/run';
import type { AnalysisRun, MetricRun, MetricSpec, Reading } from '../../../src/domain/analysis/spec';

/** The moment at which runs start in these tests. */
export const start = Date.parse('2026-01-01T12:00:00Z');

export const metric = specOf;

/** As `metric`, measured once. */
export function once(own: Partial<MetricSpec> = {}): MetricSpec {
  const { intervalMs: _, ...rest } = metric(own);
  return { ...rest, count: 1 };
}

/** One that its evidence decides, not a condition, looked at every ten seconds. */
export function sequentialMetric(): MetricSpec {
  const written = { name: 'errors', intervalMs: 10_000, provider: { sequential: {} } };
  const { successCondition: _, ...rest } = metric(written);
  return rest;
}

export const good: Reading = { kind: 'value', value: 0.99 };
export const bad: Reading = { kind: 'value', value: 0.1 };
/** Neither good nor bad for a metric with both conditions of `between`. */
export const unclear: Reading = { kind: 'value', value: 0.7 };
export const error: Reading = { kind: 'error', message: 'bad_data: parse error', isUnreachable: false };
export const outage: Reading = { kind: 'error', message: 'connect ECONNREFUSED', isUnreachable: true };
export const between = { successCondition: 'result >= 0.95', failureCondition: 'result < 0.5' };

/** One letter for a reading: `+` good, `-` bad, `?` unclear, `e` error, `o` outage. */
export function readingOf(letter: string): Reading {
  const known: Record<string, Reading> = { '+': good, '-': bad, '?': unclear, e: error, o: outage };
  const reading = known[letter];
  if (reading === undefined) throw new Error(`no reading ${letter}`);
  return reading;
}

/** A reading that took 20 ms. */
export function taken(name: string, reading: TakenReading['reading'], at: number): TakenReading {
  return { name, reading, startedAt: at, finishedAt: at + 20 };
}

/** Lets one metric after the other take readings, 10 s apart: `['a+', 'b-']`. */
export function play(metrics: readonly MetricSpec[], readings: readonly string[]): AnalysisRun {
  return readings.reduce(
    (run, text, index) =>
      takeReading(metrics, run, taken(text.slice(0, -1), readingOf(text.slice(-1)), start + index * 10_000)),
    startAnalysis(metrics, start),
  );
}

/** Lets a lone metric take readings, 10 s apart: `++-e`. */
export function playOne(spec: MetricSpec, letters: string): AnalysisRun {
  return play(
    [spec],
    [...letters].map((letter) => spec.name + letter),
  );
}

/** The metric of a run by name, or the only one. */
export function metricOf(run: AnalysisRun, name = run.metrics[0]?.name): MetricRun {
  const found = run.metrics.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no metric ${name}`);
  return found;
}

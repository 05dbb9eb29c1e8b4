import { assessMetric } from './assess-metric';
import { assessRun } from './assess-run';
import { isOver } from './end-run';
import { countMeasurement } from './count-measurement';
import { assessed } from './end-metric';
import { judgeReading, tidyMeasurement } from './judge-reading';
import { keepSmall } from './keep-small';
import { takeJudged, type JudgedReading } from './take-judged';
import { takeSequential, type SequentialReading } from './take-sequential';
import { isFinal } from './phases';
import type { AnalysisRun, Measurement, MetricRun, MetricSpec, Reading } from './spec';

export { dueMetrics } from './due-metrics';
export { isOver, stopAnalysis } from './end-run';

/** One reading of a metric, or a measurement that was judged where it was taken. Moments are epoch milliseconds. */
export interface TakenReading {
  readonly name: string;
  readonly reading:
    | Reading
    | SequentialReading
    | JudgedReading
    | { readonly kind: 'measured'; readonly measurement: Measurement };
  readonly startedAt: number;
  readonly finishedAt: number;
  /** What a provider that remembers wants to know next time; the metric keeps the old one without it. */
  readonly memory?: unknown;
}

/** A run of which nothing is measured yet. A run without metrics has nothing to wait for: it is in Error, as in Argo. */
export function startAnalysis(metrics: readonly MetricSpec[], now: number): AnalysisRun {
  if (metrics.length === 0) {
    const message = 'no metrics specified';
    return { startedAt: now, finishedAt: now, phase: 'Error', message, metrics: [], onFailure: 'revert' };
  }
  return { startedAt: now, phase: 'Running', metrics: metrics.map(startMetric) };
}

function startMetric({ name, isDryRun, onFailure }: MetricSpec): MetricRun {
  const counts = { count: 0, successful: 0, failed: 0, inconclusive: 0, error: 0 };
  return {
    name,
    phase: 'Pending',
    ...counts,
    consecutiveError: 0,
    consecutiveSuccess: 0,
    measurements: [],
    ...(isDryRun && { isDryRun }),
    ...(onFailure !== 'revert' && { onFailure }),
  };
}

/** Takes one reading into the run: evaluates the conditions, counts, assesses the metric and the run. */
export function takeReading(
  metrics: readonly MetricSpec[],
  run: AnalysisRun,
  taken: TakenReading,
): AnalysisRun {
  return takeReadings(metrics, run, [taken]);
}

/**
 * Takes readings that were taken at the same time, and assesses the run once: the worst of them tells, whatever their order.
 * A run that is over, and a metric that is, take no more.
 */
export function takeReadings(
  metrics: readonly MetricSpec[],
  run: AnalysisRun,
  readings: readonly TakenReading[],
): AnalysisRun {
  if (isOver(run) || readings.length === 0) return run;
  const after = readings.reduce((each, taken) => takeOne(metrics, each, taken), run);
  return assessRun(after, Math.max(...readings.map(({ finishedAt }) => finishedAt)));
}

function takeOne(metrics: readonly MetricSpec[], run: AnalysisRun, taken: TakenReading): AnalysisRun {
  const metric = metrics.find(({ name }) => name === taken.name);
  if (metric === undefined) throw new Error(`the analysis has no metric ${taken.name}`);
  const take = (each: MetricRun): MetricRun => {
    if (each.name !== taken.name || isFinal(each.phase)) return each;
    const known = taken.memory === undefined ? each : { ...each, memory: taken.memory };
    return keepSmall(judged(metric, known, taken), metric.retention, metrics.length);
  };
  return { ...run, metrics: run.metrics.map(take) };
}

function judged(
  metric: MetricSpec,
  run: MetricRun,
  { reading, startedAt, finishedAt }: TakenReading,
): MetricRun {
  if (reading.kind === 'sequential') return takeSequential(metric, run, reading, { startedAt, finishedAt });
  if (reading.kind === 'judged') return takeJudged(metric, run, reading, { startedAt, finishedAt });
  const counted = countMeasurement(run, measurementOf(metric, reading, { startedAt, finishedAt }));
  const { phase, because } = assessMetric(metric, counted);
  return assessed(counted, phase, because);
}

function measurementOf(
  metric: MetricSpec,
  reading: Exclude<TakenReading['reading'], SequentialReading | JudgedReading>,
  { startedAt, finishedAt }: Pick<TakenReading, 'startedAt' | 'finishedAt'>,
): Measurement {
  if (reading.kind !== 'measured') return judgeReading(metric, reading, { startedAt, finishedAt });
  const measurement = tidyMeasurement(reading.measurement);
  if (isFinal(measurement.phase)) return { ...measurement, finishedAt: measurement.finishedAt ?? finishedAt };
  if (measurement.resumeAt !== undefined) return measurement;
  // Argo's wait for a Job: it grows with the root of the time that has passed.
  const seconds = Math.max(1, Math.sqrt((2 * (finishedAt - measurement.startedAt)) / 1_000));
  return { ...measurement, resumeAt: finishedAt + Math.round(seconds * 1_000) };
}

import { assessMetric, effectiveCount } from '../../src/domain/analysis/assess-metric';
import { judgeReading, type Conditions } from '../../src/domain/analysis/judge-reading';
import { startAnalysis, stopAnalysis, takeReading } from '../../src/domain/analysis/run';
import type { AnalysisRun, MetricRun, MetricSpec, Reading } from '../../src/domain/analysis/spec';
import { decode } from './go-values';
import { readTable, row, type Table } from './table';
import { metricOf, type Written } from './metric';

/** What a row writes of a metric; `once`: without an interval. */

interface Rules {
  readonly conditions: readonly { name: string; conditions: Conditions; value: unknown; phase: string }[];
  readonly metrics: readonly {
    name: string;
    metric: Written;
    readings: string;
    phase: string;
    message?: string;
  }[];
  readonly counts: readonly { name: string; metric: Written; run: Partial<MetricRun>; phase: string }[];
  readonly measured: readonly { metric: Pick<MetricSpec, 'intervalMs' | 'count'>; count?: number }[];
  readonly runs: readonly {
    name: string;
    metrics: readonly Written[];
    readings: readonly string[];
    phase: string;
  }[];
  readonly ends: readonly { name: string; metric: Written; readings: string; phase: string }[];
}

const start = Date.parse('2026-01-01T12:00:00Z');

const readings: Readonly<Record<string, Reading>> = {
  '+': { kind: 'value', value: 0.99 },
  '-': { kind: 'value', value: 0.1 },
  '?': { kind: 'value', value: 0.7 },
  e: { kind: 'error', message: 'bad_data: parse error', isUnreachable: false },
};

/** How readings, metrics and runs of analyses are judged. */
export function analysisTables(): readonly Table[] {
  const { conditions, metrics, counts, measured, runs, ends } = readTable<Rules>('analysis.json');
  return [
    {
      name: 'conditions of a metric',
      rows: conditions.map(({ name, conditions: both, value, phase }) =>
        row(name, phase, () => judge(both, decode(value))),
      ),
    },
    {
      name: 'limits of a metric',
      rows: [
        ...metrics.map(({ name, metric, readings: letters, phase, message }) =>
          row(name, { phase, message }, () => said(playOne(metric, letters))),
        ),
        ...counts.map(({ name, metric, run, phase }) => row(name, phase, () => assess(metric, run))),
        ...measured.map(({ metric, count }) =>
          row(`count of ${JSON.stringify(metric)}`, count, () => effectiveCount(metric)),
        ),
      ],
    },
    {
      name: 'runs of several metrics',
      rows: runs.map(({ name, metrics: all, readings: texts, phase }) =>
        row(name, phase, () => play(all.map(metricOf), texts).phase),
      ),
    },
    {
      name: 'runs that end early',
      rows: ends.map(({ name, metric, readings: letters, phase }) =>
        row(name, phase, () => stopAnalysis(playOne(metric, letters), start + 500_000).phase),
      ),
    },
  ];
}

function judge(conditions: Conditions, value: unknown): string {
  return judgeReading(conditions, { kind: 'value', value }, { startedAt: start, finishedAt: start }).phase;
}

/** Readings 10 s apart, each of the metric that its text begins with: `['a+', 'b-']`. */
function play(metrics: readonly MetricSpec[], texts: readonly string[]): AnalysisRun {
  return texts.reduce(
    (run, text, index) => {
      const startedAt = start + index * 10_000;
      const reading = readings[text.slice(-1)];
      if (reading === undefined) throw new Error(`no reading ${text}`);
      return takeReading(metrics, run, {
        name: text.slice(0, -1),
        reading,
        startedAt,
        finishedAt: startedAt + 20,
      });
    },
    startAnalysis(metrics, start),
  );
}

function playOne(written: Written, letters: string): AnalysisRun {
  const metric = metricOf(written);
  return play(
    [metric],
    [...letters].map((letter) => metric.name + letter),
  );
}

/** The metric's word, which is the run's too where there is only one. */
function said({ phase, message, metrics }: AnalysisRun): unknown {
  const [metric] = metrics;
  if (metric?.phase !== phase || metric.message !== message) return { phase, message, metric };
  return { phase, message };
}

function assess(written: Written, counts: Partial<MetricRun>): string {
  const [empty] = playOne({}, '').metrics;
  if (empty === undefined) throw new Error('a run without its metric');
  const measurements = [{ phase: 'Failed', startedAt: start, finishedAt: start }] as const;
  return assessMetric(metricOf(written), { ...empty, measurements, ...counts }).phase;
}

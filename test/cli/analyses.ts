import type { AnalysisRun, MetricRun } from '../../src/domain/analysis/spec';
import type { AnalysisStatus } from '../../src/domain/rollout-status';
import { minutesAgo, now } from '../client/fixtures/statuses';

/** A metric that has been measured a few times and goes on. */
export function metric(changes: Partial<MetricRun> = {}): MetricRun {
  return {
    name: 'success-rate',
    phase: 'Running',
    count: 3,
    successful: 3,
    failed: 0,
    inconclusive: 0,
    error: 0,
    consecutiveError: 0,
    consecutiveSuccess: 3,
    measurements: [{ phase: 'Successful', startedAt: now - 11_000, finishedAt: now - 10_000, value: '0.97' }],
    ...changes,
  };
}

/** An analysis that started four minutes ago, with one metric. */
export function analysed(name: string, changes: Partial<AnalysisRun> = {}): AnalysisStatus {
  const { phase = 'Running' } = changes;
  return { name, run: { startedAt: minutesAgo(4), phase, metrics: [metric({ phase })], ...changes } };
}

/** One that runs beside the steps, with one metric that had an error and one that counts for nothing. */
export const background = analysed('background', {
  metrics: [
    metric(),
    metric({
      name: 'latency',
      count: 2,
      successful: 1,
      inconclusive: 1,
      error: 1,
      measurements: [
        { phase: 'Error', startedAt: now - 5_000, finishedAt: now - 5_000, message: 'result is no number' },
      ],
    }),
    metric({ name: 'saturation', count: 0, successful: 0, measurements: [], isDryRun: true }),
  ],
});

/** One whose provider cannot be reached since two minutes. */
export const outage = analysed('background', {
  metrics: [
    metric({
      error: 4,
      unreachableSince: minutesAgo(2),
      measurements: [
        {
          phase: 'Error',
          startedAt: now - 1_000,
          finishedAt: now - 1_000,
          isUnreachable: true,
          message: 'connect ECONNREFUSED 10.0.0.9:9090',
        },
      ],
    }),
  ],
});

/** One that has failed at its second measurement. */
export const failedStep = (name: string): AnalysisStatus => {
  const message = 'Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0)';
  return analysed(name, {
    phase: 'Failed',
    message,
    finishedAt: minutesAgo(1),
    metrics: [
      metric({
        phase: 'Failed',
        message,
        count: 2,
        successful: 1,
        failed: 1,
        measurements: [
          { phase: 'Successful', startedAt: minutesAgo(3), finishedAt: minutesAgo(3), value: '0.99' },
          { phase: 'Failed', startedAt: minutesAgo(1), finishedAt: minutesAgo(1), value: '0.41' },
        ],
      }),
      metric({ name: 'latency', phase: 'Successful', count: 2, successful: 2 }),
    ],
  });
};

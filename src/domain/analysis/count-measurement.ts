import { isFinal } from './phases';
import type { Measurement, MetricRun } from './spec';

/**
 * The metric with one more measurement in its counts, as Argo's runMeasurements counts: errors are in `error` only. A
 * measurement that was under way is replaced by what became of it.
 */
export function countMeasurement(run: MetricRun, measurement: Measurement): MetricRun {
  const last = run.measurements.at(-1);
  const isUnderWay = last !== undefined && !isFinal(last.phase);
  const before = isUnderWay ? run.measurements.slice(0, -1) : run.measurements;
  return { ...counted(run, measurement), measurements: [...before, measurement] };
}

function counted(run: MetricRun, measurement: Measurement): MetricRun {
  const { unreachableSince, consecutiveAnsweredError = 0, ...known } = run;
  const good = { ...known, count: run.count + 1, consecutiveError: 0, consecutiveSuccess: 0 };
  switch (measurement.phase) {
    case 'Successful': {
      const consecutiveSuccess = run.consecutiveSuccess + 1;
      return { ...good, successful: run.successful + 1, consecutiveSuccess };
    }
    case 'Failed':
      return { ...good, failed: run.failed + 1 };
    case 'Inconclusive':
      return { ...good, inconclusive: run.inconclusive + 1 };
    case 'Error': {
      const isOutage = measurement.isUnreachable === true;
      const since = unreachableSince ?? (isOutage ? measurement.startedAt : undefined);
      return {
        ...known,
        error: run.error + 1,
        consecutiveError: run.consecutiveError + 1,
        consecutiveSuccess: 0,
        consecutiveAnsweredError: consecutiveAnsweredError + (isOutage ? 0 : 1),
        ...(since !== undefined && { unreachableSince: since }),
      };
    }
    default:
      return run;
  }
}

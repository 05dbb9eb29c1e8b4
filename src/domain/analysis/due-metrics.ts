import { isFinal } from './phases';
import type { AnalysisRun, MetricRun, MetricSpec } from './spec';

/** Argo's fixed wait after an error, in milliseconds. */
const errorRetryMs = 10_000;
/** An interval of nothing would ask without a pause. */
const shortestIntervalMs = 100;

/**
 * Which metrics are due at `now`, and when the next of the others is (undefined: none is left). The first measurement is due at
 * once or after `initialDelay`, each other one an interval after the last one's end; after an error 10 s, or the interval if that
 * is shorter (Argo: always 10 s).
 */
export function dueMetrics(
  metrics: readonly MetricSpec[],
  run: AnalysisRun,
  now: number,
): { readonly due: readonly string[]; readonly nextAt?: number } {
  if (isFinal(run.phase)) return { due: [] };
  const moments = metrics.flatMap((metric) => {
    const own = run.metrics.find((each) => each.name === metric.name);
    return own === undefined || isFinal(own.phase)
      ? []
      : [{ name: metric.name, at: momentOf(metric, own, run.startedAt) }];
  });
  const due = moments.filter(({ at }) => at <= now).map(({ name }) => name);
  const later = moments.map(({ at }) => at).filter((at) => at > now);
  return later.length === 0 ? { due } : { due, nextAt: Math.min(...later) };
}

function momentOf(metric: MetricSpec, run: MetricRun, startedAt: number): number {
  const last = run.measurements.at(-1);
  if (last === undefined) return startedAt + metric.initialDelayMs;
  if (!isFinal(last.phase)) return last.resumeAt ?? last.startedAt;
  const interval = Math.max(metric.intervalMs ?? errorRetryMs, shortestIntervalMs);
  return (
    (last.finishedAt ?? last.startedAt) +
    (last.phase === 'Error' ? Math.min(errorRetryMs, interval) : interval)
  );
}

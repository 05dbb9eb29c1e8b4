import { countMeasurement } from './count-measurement';
import type { AnalysisPhase, Measurement, MetricRun, MetricSpec, SequentialView } from './spec';
import { lineOf } from './text';

/** One look of a sequential metric, judged where it was taken. */
export interface SequentialReading {
  readonly kind: 'sequential';
  readonly view: SequentialView;
  /** The rollout waits for the verdict: earned evidence ends the metric. In the background it goes on watching. */
  readonly endsWhenEarned: boolean;
}

/** Canaries that were just started are scraped after a while, whatever the template says about outages. */
const leastHoldMs = 60_000;
const longestSentence = 600;

/**
 * The metric after one more look: its verdict tells, not conditions and limits. What cannot be told holds the rollout, and is
 * inconclusive when it lasts longer than an outage may (`belay.dev/telemetry-hold`).
 */
export function takeSequential(
  metric: Pick<MetricSpec, 'holdMs'>,
  run: MetricRun,
  { view, endsWhenEarned }: SequentialReading,
  { startedAt, finishedAt }: { readonly startedAt: number; readonly finishedAt: number },
): MetricRun {
  const heldSince = view.kind === 'hold' ? (run.sequential?.heldSince ?? startedAt) : undefined;
  const isLate = heldSince !== undefined && finishedAt - heldSince > Math.max(metric.holdMs, leastHoldMs);
  const phase: AnalysisPhase = isLate ? 'Inconclusive' : phaseOf(view.kind, endsWhenEarned);
  const sentence = lineOf(
    isLate ? `nothing could be told for too long: ${view.sentence}` : view.sentence,
    longestSentence,
  );
  const measurement: Measurement = {
    phase: measuredAs(view.kind),
    startedAt,
    finishedAt,
    value: valueOf(view),
    ...(view.kind !== 'continue' && { message: sentence }),
  };
  const counted = countMeasurement(run, measurement);
  return {
    ...counted,
    phase,
    sequential: { ...view, ...(heldSince !== undefined && { heldSince }) },
    ...(phase !== 'Running' && { message: sentence }),
  };
}

function phaseOf(kind: SequentialView['kind'], endsWhenEarned: boolean): AnalysisPhase {
  if (kind === 'failed') return 'Failed';
  if (kind === 'inconclusive') return 'Inconclusive';
  return kind === 'promote' && endsWhenEarned ? 'Successful' : 'Running';
}

function measuredAs(kind: SequentialView['kind']): AnalysisPhase {
  if (kind === 'failed') return 'Failed';
  return kind === 'hold' || kind === 'inconclusive' ? 'Inconclusive' : 'Successful';
}

/** `evidence 0.4 of 100`. */
function valueOf({ report }: SequentialView): string {
  const digits = report.evidence < 10 ? 2 : Math.max(2, Math.ceil(Math.log10(report.evidence + 1)));
  return `evidence ${Number(report.evidence.toPrecision(digits))} of ${Math.round(report.rollbackAt)}`;
}

/** The metric without what only its next look needs. */
export function forgetMemory<T extends MetricRun>(run: T): T {
  const { memory: _, ...rest } = run;
  return rest as T;
}

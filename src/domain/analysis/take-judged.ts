import type { JudgeVerdict } from '../judge/verdict';
import { effectiveCount } from './assess-metric';
import { countMeasurement } from './count-measurement';
import type { Measurement, MetricRun, MetricSpec } from './spec';
import { lineOf, longestValue } from './text';

/** One look of a judge, whose score has decided already. */
export interface JudgedReading {
  readonly kind: 'judged';
  readonly verdict: JudgeVerdict;
}

const longestSentence = 600;

/**
 * The metric after one more look of its judge, as a canary analysis of Spinnaker goes on: a look that fails ends it, and of the others
 * only the last one counts (`count`), whether it passes or is inconclusive. Without a count no look is the last.
 */
export function takeJudged(
  metric: Pick<MetricSpec, 'count' | 'intervalMs'>,
  run: MetricRun,
  { verdict: { phase, value, sentence } }: JudgedReading,
  { startedAt, finishedAt }: { readonly startedAt: number; readonly finishedAt: number },
): MetricRun {
  const message = lineOf(sentence, longestSentence);
  const measurement: Measurement = {
    ...{ phase, startedAt, finishedAt },
    value: lineOf(value, longestValue),
    ...(phase !== 'Successful' && { message }),
  };
  const { unclear: _, ...counted } = countMeasurement(run, measurement);
  const count = effectiveCount(metric);
  const isLast = phase === 'Failed' || (count !== undefined && counted.count >= count);
  if (isLast) return { ...counted, phase, message };
  return { ...counted, phase: 'Running', ...(phase === 'Inconclusive' && { unclear: message }) };
}

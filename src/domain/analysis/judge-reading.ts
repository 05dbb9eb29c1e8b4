import { evaluateCondition } from './conditions';
import type { AnalysisPhase, Measurement, MetricSpec, Reading } from './spec';
import { lineOf, listOf, longestMessage, longestValue, valueText } from './text';

/** The conditions of a metric. */
export type Conditions = Pick<MetricSpec, 'successCondition' | 'failureCondition'>;

/** When a reading was asked for and when it was there: epoch milliseconds. */
export interface Taken {
  readonly startedAt: number;
  readonly finishedAt: number;
}

/**
 * What one reading means for its metric. Call it where the value still is what the provider gave: NaN and infinities do not
 * survive JSON, a measurement does. An error, and a condition that cannot be evaluated, give an `Error` measurement.
 */
export function judgeReading(conditions: Conditions, reading: Reading, taken: Taken): Measurement {
  const { startedAt, finishedAt } = taken;
  if (reading.kind === 'error') {
    const message = lineOf(reading.message, longestMessage);
    const unreachable = reading.isUnreachable ? { isUnreachable: true as const } : {};
    return { phase: 'Error', startedAt, finishedAt, message, ...unreachable };
  }
  const { phase, message } = judgeValue(conditions, reading.value ?? null);
  return tidyMeasurement({
    phase,
    startedAt,
    finishedAt,
    value: valueText(reading.value ?? null),
    ...(message !== undefined && { message }),
    ...(reading.metadata !== undefined && { metadata: reading.metadata }),
  });
}

/** Argo's table of two conditions (EvaluateResult): without any Successful, neither true Inconclusive, both true Failed. */
function judgeValue(
  { successCondition, failureCondition }: Conditions,
  value: unknown,
): { readonly phase: AnalysisPhase; readonly message?: string } {
  const succeeds = evaluate('successCondition', successCondition, value);
  if (typeof succeeds === 'string') return { phase: 'Error', message: succeeds };
  const fails = evaluate('failureCondition', failureCondition, value);
  if (typeof fails === 'string') return { phase: 'Error', message: fails };
  if (fails === undefined) return { phase: succeeds === false ? 'Failed' : 'Successful' };
  if (fails) return { phase: 'Failed' };
  return { phase: succeeds === false ? 'Inconclusive' : 'Successful' };
}

/** Undefined without a condition; a text says why it cannot be evaluated. */
function evaluate(name: string, condition: string | undefined, value: unknown): boolean | undefined | string {
  if (condition === undefined || condition === '') return undefined;
  const answer = evaluateCondition(condition, value);
  if (answer.ok) return answer.value;
  const why = isEmpty(value)
    ? 'metric result is nil or empty: no data returned from the metric provider'
    : answer.message;
  return `could not evaluate ${name} "${lineOf(condition, 120)}": ${why}`;
}

function isEmpty(value: unknown): boolean {
  return value === null || listOf(value)?.length === 0;
}

const mostFacts = 5;

/** A measurement with texts and facts no longer than a run may keep. */
export function tidyMeasurement(measurement: Measurement): Measurement {
  const { value, message, metadata, ...rest } = measurement;
  const facts = Object.entries(metadata ?? {})
    .slice(0, mostFacts)
    .map(([key, fact]) => [lineOf(key, 60), lineOf(fact, 120)] as const);
  return {
    ...rest,
    ...(value !== undefined && { value: lineOf(value, longestValue) }),
    ...(message !== undefined && message !== '' && { message: lineOf(message, longestMessage) }),
    ...(facts.length > 0 && { metadata: Object.fromEntries(facts) }),
  };
}

import type { Complaint } from './complaint';
import type { MetricSpec } from './spec';

/** The numbers by which a metric is assessed. */
export type MetricNumbers = Pick<
  MetricSpec,
  | 'count'
  | 'intervalMs'
  | 'failureLimit'
  | 'inconclusiveLimit'
  | 'consecutiveErrorLimit'
  | 'consecutiveSuccessLimit'
>;

/** The whole numbers of a metric with their defaults (Argo's) and least values. */
export const limits = {
  count: { least: 0, usual: undefined },
  failureLimit: { least: -1, usual: 0 },
  inconclusiveLimit: { least: 0, usual: 0 },
  consecutiveErrorLimit: { least: 0, usual: 4 },
  consecutiveSuccessLimit: { least: 0, usual: 0 },
} as const;

/** Of metrics that decide by themselves what is inconclusive: looks that say nothing yet are no limit for them. */
export const noLimit = Number.MAX_SAFE_INTEGER;

/** What is wrong with numbers that are fine one by one: the checks of Argo's ValidateMetric. */
export function checkNumbers(numbers: MetricNumbers): Complaint | undefined {
  const { count = 0, intervalMs, failureLimit, inconclusiveLimit, consecutiveSuccessLimit } = numbers;
  if (consecutiveSuccessLimit === 0 && failureLimit === -1) {
    const message = 'failureLimit and consecutiveSuccessLimit are both switched off: it could never fail';
    return { message, remedy: 'set a failureLimit of 0 or more, or a consecutiveSuccessLimit above 0' };
  }
  if (count === 0) return undefined;
  const needed = Math.max(0, failureLimit) + consecutiveSuccessLimit;
  if (count < needed) {
    const message = `count ${count} is below failureLimit and consecutiveSuccessLimit together (${needed})`;
    return { message, remedy: `use a count of ${needed} or more` };
  }
  if (count < inconclusiveLimit) {
    const message = `count ${count} is below inconclusiveLimit (${inconclusiveLimit})`;
    return { message, remedy: `use a count of ${inconclusiveLimit} or more` };
  }
  if (count > 1 && intervalMs === undefined) {
    return { message: `count ${count} needs an interval`, remedy: 'write one, such as interval: 1m' };
  }
  return undefined;
}

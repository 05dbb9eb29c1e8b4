import { formatMillis } from '../duration';
import { Fields } from '../fields';
import { fewestPoints, gridOf, type JudgePlan } from '../judge/plan';
import { readJudge, readJudgeFields } from '../judge/read-plan';
import { sameJson } from '../read-json';
import type { Millis } from '../strategy';
import { withoutArguments } from './argument-values';
import type { Complaint } from './complaint';
import { noLimit, type MetricNumbers } from './metric-numbers';
import type { MetricTemplate } from './spec';

/** The provider that judges series of both versions as Kayenta does, and decides by its score. */
export const judgeKind = 'judge';

/** A look of a judge that says nothing of its interval. */
const usualIntervalMs: Millis = 600_000;

/** Fields of a metric that a judge has no use for. */
const ownRules = [
  ...['failureLimit', 'inconclusiveLimit', 'consecutiveSuccessLimit'],
  ...['successCondition', 'failureCondition'],
] as const;

/** What may be any text. */
const texts: ReadonlySet<string> = new Set([
  ...['query', 'total', 'bad', 'name', 'groups', 'address', 'headers', 'authentication'],
]);

/** Reads the fields of `provider.judge` as they are written; values that are arguments are read when those are known. */
export function checkJudge(fields: Fields): void {
  readJudgeFields(new Fields(fields.source, fields.path, withoutArguments(fields.values, texts)));
}

/** What is wrong with a judge, as far as its arguments are known: the provider and the numbers are absent while they are not. */
export function complaintsOfJudge(
  template: MetricTemplate,
  {
    provider,
    numbers,
  }: {
    readonly provider: Readonly<Record<string, unknown>> | undefined;
    readonly numbers: MetricNumbers | undefined;
  },
): readonly Complaint[] {
  const useless = ownRules.find((field) => template[field] !== undefined);
  const complaints: Complaint[] = [];
  if (useless !== undefined) {
    const message = `${useless} has no effect on a judge, which decides by its score`;
    complaints.push({ message, remedy: 'remove it; see thresholds' });
  }
  if (provider === undefined) return complaints;
  const read = readJudge(provider[judgeKind]);
  if (read.ok)
    return [...complaints, ...(numbers === undefined ? [] : complaintsOfWindow(read.value, numbers))];
  // What is wrong without any argument was told where the template was read.
  if (sameJson(provider, template.provider)) return complaints;
  for (const { field = '', message, remedy = '' } of read.problems) {
    complaints.push({ message: `${field}: ${message}`, remedy });
  }
  return complaints;
}

/** The last look has to have enough points; without a count there is always a later one. */
function complaintsOfWindow(
  plan: JudgePlan,
  { intervalMs = usualIntervalMs, count }: MetricNumbers,
): readonly Complaint[] {
  if (count === undefined || gridOf(plan, { since: 0, now: intervalMs * count }).points > fewestPoints)
    return [];
  const span = `${formatMillis(intervalMs * count)} in steps of ${formatMillis(plan.stepMs)}`;
  const message = `a judge of ${span} has too few points to tell anything`;
  return [{ message, remedy: `use an interval of ${fewestPoints} steps at least; 50 or more are good` }];
}

/**
 * The numbers of a judge. Its first look comes when the first interval is over, and each look is an interval after the one before. Only
 * failing looks end it before its count; what is inconclusive counts at the last one.
 */
export function numbersOfJudge<T extends MetricNumbers & { readonly initialDelayMs: Millis }>(numbers: T): T {
  const intervalMs = numbers.intervalMs ?? usualIntervalMs;
  const initialDelayMs = numbers.initialDelayMs + intervalMs;
  return { ...numbers, intervalMs, initialDelayMs, inconclusiveLimit: noLimit };
}

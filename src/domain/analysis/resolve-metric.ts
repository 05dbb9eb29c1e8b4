import { checkNumbers, limits, noLimit, type MetricNumbers } from './metric-numbers';
import { complaintsOf, MetricTexts, type MetricComplaint } from './metric-texts';
import { complaintsOfJudge, judgeKind, numbersOfJudge } from './judge-metric';
import { resolveSequential, sequentialKind } from './sequential-metric';
import type { MetricSpec, MetricTemplate } from './spec';
import { fillMap, nothingMet, type Lookup } from './substitute';

/** A metric with its arguments; what depends on unknown ones has the default. */
export type FilledMetric = Omit<MetricSpec, 'isDryRun' | 'retention' | 'onFailure' | 'holdMs'>;

export interface ResolvedMetric {
  readonly metric: FilledMetric;
  readonly complaints: readonly MetricComplaint[];
  /** Names of secret arguments that the provider uses. */
  readonly secrets: readonly string[];
  /** Whether its name depends on arguments that are not known. */
  readonly hasVagueName: boolean;
  /** Whether it runs until it is stopped; false while that is not known. */
  readonly isEndless: boolean;
}

/** Fills the arguments into a metric, and checks what comes out as far as it is known. */
export function resolveMetric(template: MetricTemplate, lookup: Lookup): ResolvedMetric {
  const texts = new MetricTexts(template, lookup);
  const name = texts.text('name') ?? template.name;
  const initialDelayMs = texts.millis('initialDelay') ?? 0;
  const numbers = readNumbers(texts);
  const successCondition = texts.condition('successCondition');
  const failureCondition = texts.condition('failureCondition');
  const met = nothingMet();
  const provider = fillMap(template.provider, lookup, met);
  for (const complaint of complaintsOf(met)) texts.complain('provider', complaint);
  const isSequential = sequentialKind in provider;
  const isKnown = !met.hasUnknown && met.missing.size === 0;
  const sequential = isSequential ? resolveSequential(template, provider, isKnown) : undefined;
  for (const complaint of sequential?.complaints ?? []) texts.complain('provider', complaint);
  const isVague = texts.vague.has('count') || texts.vague.has('interval');
  const known = { provider: isKnown ? provider : undefined, numbers: isVague ? undefined : numbers };
  const judged = judgeKind in provider ? complaintsOfJudge(template, known) : [];
  for (const complaint of judged) texts.complain('provider', complaint);
  const isEndless = numbers.count === undefined && numbers.intervalMs !== undefined && !isSequential;
  return {
    metric: {
      name,
      ...numbersOf({ ...numbers, initialDelayMs }, provider, sequential?.intervalMs),
      ...(successCondition !== undefined && { successCondition }),
      ...(failureCondition !== undefined && { failureCondition }),
      provider,
    },
    complaints: texts.complaints,
    secrets: [...met.secrets].map((tag) => tag.slice('args.'.length)),
    hasVagueName: texts.vague.has('name'),
    isEndless: isEndless && !isVague,
  };
}

type Timing = MetricNumbers & Pick<MetricSpec, 'initialDelayMs'>;

/** A sequential metric looks again and again, by its own interval where the metric says none, and its verdict is its end. */
function numbersOf(numbers: Timing, provider: MetricSpec['provider'], intervalMs?: number): Timing {
  if (judgeKind in provider) return numbersOfJudge(numbers);
  if (!(sequentialKind in provider)) return numbers;
  const { count: _, ...endless } = numbers;
  return { ...(intervalMs !== undefined && { intervalMs }), ...endless, inconclusiveLimit: noLimit };
}

function readNumbers(texts: MetricTexts): MetricNumbers {
  const intervalMs = texts.millis('interval');
  // A count of 0 is none, as in Argo.
  const count = texts.int('count') || undefined;
  const numbers: MetricNumbers = {
    ...(intervalMs !== undefined && { intervalMs }),
    ...(count !== undefined && { count }),
    failureLimit: texts.int('failureLimit') ?? limits.failureLimit.usual,
    inconclusiveLimit: texts.int('inconclusiveLimit') ?? limits.inconclusiveLimit.usual,
    consecutiveErrorLimit: texts.int('consecutiveErrorLimit') ?? limits.consecutiveErrorLimit.usual,
    consecutiveSuccessLimit: texts.int('consecutiveSuccessLimit') ?? limits.consecutiveSuccessLimit.usual,
  };
  const isKnown = (['interval', ...Object.keys(limits)] as const).every(
    (field) => !texts.vague.has(field as keyof typeof limits),
  );
  const wrong = isKnown ? checkNumbers(numbers) : undefined;
  if (wrong !== undefined) texts.complain('count', wrong);
  // What is neither counted nor repeated is measured once.
  return intervalMs === undefined && count === undefined ? { ...numbers, count: 1 } : numbers;
}

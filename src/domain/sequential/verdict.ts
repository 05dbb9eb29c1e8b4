import { formatMillis } from '../duration';
import { combinedHarm, leastSafe } from './combine';
import type { GaugeMetric, SequentialConfig } from './config';
import { missingFor } from './missing';
import { evidence, percent, short } from './numbers';
import { standOut } from './pods';
import { logSplit } from './sample-ratio';
import { promoteSentence, withInterval } from './sentences';
import { doing, sharesOf } from './shares';
import type { SequentialState, SequentialVerdict } from './state';

/** A wrong split of the traffic is told at this chance of being mistaken. */
const splitAlpha = 0.001;

/**
 * What follows from the state: a failure is final; what nobody can compare, a wrong split and a step that lasts too long are
 * inconclusive; telemetry that is at fault holds; then promotion, or going on. Never a failure without evidence of harm.
 */
export function verdictOf(config: SequentialConfig, state: SequentialState): SequentialVerdict {
  const { failed } = state;
  if (failed !== undefined) {
    const { metric, sentence, pod } = failed;
    return { kind: 'failed', metric, sentence, ...(pod !== undefined && { pod }) };
  }
  const missing = missingFor(config, state);
  const verdict =
    splitVerdict(state) ??
    troubleOf(config, state, 'inconclusive') ??
    gaugeVerdict(config, state) ??
    overdue(config, state, missing) ??
    holdVerdict(config, state) ??
    promotion(config, state) ??
    going(config, state);
  return missing.length === 0 || verdict.kind === 'promote' ? verdict : { ...verdict, missing };
}

function splitVerdict({ step }: SequentialState): SequentialVerdict | undefined {
  if (step.weight === undefined || logSplit(step.split, step.weight) < Math.log(1 / splitAlpha))
    return undefined;
  const [canary, baseline] = step.split;
  const share = percent(canary / (canary + baseline));
  const sentence = `this version gets ${share} of the requests instead of ${percent(step.weight)}: the split is not the planned one, so the comparison may be unfair`;
  return { kind: 'inconclusive', sentence };
}

function troubleOf(
  config: SequentialConfig,
  state: SequentialState,
  kind: 'hold' | 'inconclusive',
): SequentialVerdict | undefined {
  for (const { name } of config.metrics) {
    const trouble = state.metrics[name]?.trouble;
    if (trouble?.kind === kind) return { kind, metric: name, sentence: `${name} ${trouble.reason}` };
  }
  return undefined;
}

function gaugeVerdict(config: SequentialConfig, state: SequentialState): SequentialVerdict | undefined {
  const limit = Math.log(1 / config.rollback.alpha);
  const found = config.metrics.find(
    (metric): metric is GaugeMetric =>
      metric.kind === 'gauge' &&
      metric.then === 'pause' &&
      (state.metrics[metric.name]?.logHarm ?? 0) >= limit,
  );
  if (found === undefined) return undefined;
  return { kind: 'inconclusive', metric: found.name, sentence: gaugeSentence(found, state) };
}

/** What a gauge that has crossed its limit says. */
function gaugeSentence({ name, worse }: GaugeMetric, state: SequentialState): string {
  const { gauge } = state.metrics[name] ?? {};
  const blocks = gauge?.blocks ?? 0;
  return `${name} is ${worse} than tolerated by ${short(gauge?.mean ?? 0)} on average of ${blocks} blocks: a gauge pauses, it does not roll back`;
}

function overdue(
  config: SequentialConfig,
  state: SequentialState,
  missing: readonly string[],
): SequentialVerdict | undefined {
  const { at, step } = state;
  if (at === undefined || at - (step.since ?? at) < config.maxStepMs) return undefined;
  if (promotion(config, state) !== undefined && holdVerdict(config, state) === undefined) return undefined;
  const held = holdVerdict(config, state);
  const why = held?.sentence ?? (missing.length === 0 ? undefined : `missing: ${missing.join('; ')}`);
  const lasted = formatMillis(config.maxStepMs);
  const sentence = `no verdict in ${lasted}, the longest that a step may last${why === undefined ? '' : `; ${why}`}`;
  return { kind: 'inconclusive', sentence };
}

function holdVerdict(config: SequentialConfig, state: SequentialState): SequentialVerdict | undefined {
  if (state.held !== undefined) return { kind: 'hold', sentence: state.held };
  if (state.at === undefined) return { kind: 'hold', sentence: 'nothing was read yet' };
  return troubleOf(config, state, 'hold');
}

function promotion(config: SequentialConfig, state: SequentialState): SequentialVerdict | undefined {
  const isSafe = leastSafe(config, state.metrics) >= Math.log(1 / config.promote.beta);
  if (!isSafe || state.step.ticks < config.promote.minTicks || state.warmUntil !== undefined)
    return undefined;
  return { kind: 'promote', sentence: promoteSentence(config, state) };
}

function going(config: SequentialConfig, state: SequentialState): SequentialVerdict {
  if (state.warmUntil !== undefined) {
    const left = formatMillis(state.warmUntil - (state.at ?? 0));
    return { kind: 'continue', sentence: `the new pods warm up for another ${left}; nothing is judged yet` };
  }
  const { logHarm, worst } = combinedHarm(config, state.metrics);
  const [metric, own] = [config.metrics.find(({ name }) => name === worst), state.metrics[worst]];
  if (metric === undefined || own === undefined || own.ticks === 0) {
    return { kind: 'continue', sentence: 'the first counters are read; the next tick compares' };
  }
  const { canary, baseline } = sharesOf(own);
  const does = doing(metric, own);
  const stable = metric.tolerate.ratio === 0 ? '' : `stable ${percent(baseline.share)}, `;
  const of = Math.round(1 / config.rollback.alpha);
  const notes = notesOf(config, state).map((note) => `; ${note}`);
  // Half of the way there, a pod is worth naming.
  const pods = 2 * logHarm > Math.log(of) ? standOut(config, state, metric) : { sentence: '' };
  return {
    kind: 'continue',
    metric: worst,
    sentence: `${worst}: ${stable}this version ${does} ${withInterval(canary)} of requests; evidence of harm ${evidence(logHarm)} of ${of}${notes.join('')}`,
    ...('name' in pods && pods.name !== undefined && { pod: pods.name }),
  };
}

function notesOf(config: SequentialConfig, state: SequentialState): readonly string[] {
  const limit = Math.log(1 / config.rollback.alpha);
  return config.metrics.flatMap((metric) => {
    const own = state.metrics[metric.name];
    const crossed = metric.kind === 'gauge' && (own?.logHarm ?? 0) >= limit;
    if (crossed) return [gaugeSentence(metric, state)];
    return own?.note === undefined ? [] : [`${metric.name}: ${own.note}`];
  });
}

import { combinedHarm, leastSafe } from './combine';
import type { SequentialConfig } from './config';
import { formatMillis } from '../duration';
import { forgetSafety } from './evidence';
import { failureOf } from './failure';
import { tickGauge } from './gauge';
import { remember } from './history';
import { packNumbers, unpackNumbers } from './pack';
import { followedPods, PodRegistry } from './pod-registry';
import { ruleOf } from './rules';
import type { Millis } from '../strategy';
import type { StepSample, TickSample } from './sample';
import { startMetric } from './start';
import type { MetricState, SequentialState, StepState } from './state';
import { tickCounts } from './tick-counts';

/**
 * The state after one more look. A sample that is not later than the last one changes nothing that is counted, so a retried or
 * replayed tick is safe; counters accumulate, so a missed one loses nothing. A failure is final. Pure; never throws; all numbers
 * of the result are finite.
 */
export function tick(config: SequentialConfig, state: SequentialState, sample: TickSample): SequentialState {
  const refused = refusalOf(state, sample);
  if (refused !== undefined) return refused === 'repeat' ? state : { ...state, held: refused };
  const { at } = sample;
  const { held: _, warmUntil: _warm, ...before } = state;
  const startedAt = state.startedAt ?? at;
  const { step, isNew } = stepAt(state.step, sample);
  const registry = new PodRegistry(state.pods, at, followedPods(config));
  const { readyAt = startedAt } = sample;
  const warmUntil = warmEnd(config, step, Number.isFinite(readyAt) ? readyAt : startedAt);
  // A window counts when all of it is after the warm-up.
  const judges = state.at !== undefined && state.at >= warmUntil;
  // The traffic of a window that began before the step, or before the first scrape in it, was split in another way.
  const isSettled = state.at !== undefined && state.at >= (step.since ?? at) + config.intervalMs;
  let split: readonly [number, number] | undefined;
  const ticked = config.metrics.map((metric): readonly [string, MetricState] => {
    const known = cleared(state.metrics[metric.name] ?? startMetric(metric), registry.freed);
    const own = isNew ? withoutSafety(known) : known;
    const seen = Object.hasOwn(sample.metrics, metric.name) ? sample.metrics[metric.name] : undefined;
    if (metric.kind === 'gauge') return [metric.name, tickGauge(own, metric, seen, { at, judges })];
    const rule = ruleOf(config, metric, step.nextWeight);
    const counts = tickCounts(own, { metric, rule, sample: seen, registry, judges });
    if (metric.tolerate.ratio > 0) split ??= counts.split;
    return [metric.name, counts.state];
  });
  const metrics = Object.fromEntries(ticked);
  const { logHarm } = combinedHarm(config, metrics);
  const point = [(at - startedAt) / 1000, logHarm, leastSafe(config, metrics)] as const;
  const next: SequentialState = {
    ...before,
    ...{ startedAt, at, metrics },
    step: judges ? counted(step, isSettled ? split : undefined) : step,
    pods: registry.pods(),
    history: judges ? remember(state.history, point) : state.history,
    ...(at < warmUntil && { warmUntil }),
  };
  const failed = failureOf(config, next);
  return failed === undefined ? next : { ...next, failed };
}

/** Why a sample is not counted: it repeats the last one or comes after the end, or its clock is wrong. */
function refusalOf(state: SequentialState, { at }: TickSample): string | undefined {
  if (state.failed !== undefined || at === state.at) return 'repeat';
  if (!Number.isFinite(at)) return 'the time of the last reading is unreadable';
  if (state.at === undefined || at > state.at) return undefined;
  const back = formatMillis(state.at - at);
  return `the clock of the last reading is ${back} behind the one before: nothing is counted until it has caught up`;
}

function stepAt(
  step: StepState,
  { at, step: sample }: TickSample,
): { readonly step: StepState; readonly isNew: boolean } {
  const isNew = sample !== undefined && sample.index !== step.index;
  const { index, ticks, split, since = at } = isNew ? freshStep(sample.index, at) : step;
  // The last known split and margin stand when a sample does not say them.
  const { weight: known, nextWeight = 1 } = sample ?? step;
  const weight = isShare(known) ? known : undefined;
  return {
    step: {
      ...{ index, since, ticks, split },
      nextWeight: isShare(nextWeight) && nextWeight > 0 ? nextWeight : 1,
      ...(weight !== undefined && { weight }),
    },
    isNew,
  };
}

function freshStep(index: StepSample['index'], since: number): StepState {
  return { index, since, ticks: 0, nextWeight: 1, split: [0, 0] };
}

function isShare(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 1;
}

/**
 * When the warm-up ends. A canary whose pods come and go cannot put its judgement off for ever: twice the warm-up after its step began
 * it is judged.
 */
function warmEnd({ warmupMs }: SequentialConfig, { since = 0 }: StepState, ready: Millis): Millis {
  return Math.min(ready + warmupMs, since + 2 * warmupMs);
}

function counted(step: StepState, split: readonly [number, number] = [0, 0]): StepState {
  const [canary, baseline] = step.split;
  return { ...step, ticks: step.ticks + 1, split: [canary + split[0], baseline + split[1]] };
}

/** A new step earns its own exit; the evidence of harm goes on. */
function withoutSafety(state: MetricState): MetricState {
  const evidence = unpackNumbers(state.evidence);
  forgetSafety(evidence);
  return { ...state, evidence: packNumbers(evidence), logSafe: 0 };
}

/** What is remembered of pods that are forgotten must not be taken for another pod's. */
function cleared(state: MetricState, freed: ReadonlySet<number>): MetricState {
  if (freed.size === 0) return state;
  const without = (list: readonly string[]) => list.map((each, place) => (freed.has(place) ? '' : each));
  return { ...state, last: without(state.last), byPod: without(state.byPod) };
}

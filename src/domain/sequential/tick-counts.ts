import { sharedBounds } from './bounds';
import type { CounterMetric, HistogramMetric } from './config';
import type { Rule } from './evidence';
import { judgeCounts, withBounds } from './judge-counts';
import type { PodRegistry } from './pod-registry';
import type { MetricSample } from './sample';
import type { MetricState, Trouble } from './state';
import { unpackCounts } from './pack';
import { windowOf, type Window } from './window';

/** So many ticks in a row without requests hold a rollout; single ones are how little traffic looks. */
const idleTicks = 3;

const none = [0, 0] as const;

/** One metric at one tick. */
export interface MetricTick {
  readonly metric: CounterMetric | HistogramMetric;
  readonly rule: Rule;
  readonly sample: MetricSample | undefined;
  readonly registry: PodRegistry;
  /** False while the canary warms up: counters are followed, nothing is judged. */
  readonly judges: boolean;
}

/** The metric after a tick, and the requests of canary and baseline when all of them were counted. */
export interface Ticked {
  readonly state: MetricState;
  readonly split: readonly [canary: number, baseline: number];
}

export function tickCounts(given: MetricState, input: MetricTick): Ticked {
  const { trouble: _, note: _note, ...before } = given;
  const { metric, sample } = input;
  if (sample === undefined) return troubled(before, hold('could not be read'));
  const state = metric.kind === 'histogram' ? knowBounds(before, metric, sample) : before;
  const bounds = state.bounds ?? [];
  if (metric.kind === 'histogram' && bounds.length === 0) return troubled(state, unequal(metric, sample));
  const canary = windowOf(sideInput(state, input, 'canary', sample));
  const baseline = windowOf(sideInput(state, input, 'baseline', sample));
  const missing = missingSide(metric, canary, baseline);
  // Neither side moves on without the other, so that the next tick compares the same time.
  if (missing !== undefined) return troubled(state, missing);
  const followed = { ...state, last: withLast(state.last, canary, baseline), ...noteOf(canary, baseline) };
  if (!input.judges) return { state: followed, split: none };
  if (canary.pods.length === 0) return { state: { ...followed, ...strangers(state) }, split: none };
  const served = canary.requests > 0 && (baseline.requests > 0 || metric.tolerate.ratio === 0);
  const idle = served ? 0 : state.idle + 1;
  const judged = { ...judgeCounts(followed, input.rule, canary, baseline), idle };
  const isWhole = canary.isWhole && baseline.isWhole;
  const split = isWhole ? ([canary.requests, baseline.requests] as const) : none;
  return { state: { ...judged, ...idleTrouble(judged, metric) }, split };
}

function sideInput(
  state: MetricState,
  { metric, registry }: MetricTick,
  side: 'canary' | 'baseline',
  sample: MetricSample,
): Parameters<typeof windowOf>[0] {
  // With an absolute limit the baseline is not asked.
  const readings = side === 'baseline' && metric.tolerate.ratio === 0 ? [] : sample[side];
  return { metric, bounds: state.bounds ?? [], side, readings, last: state.last, registry };
}

function knowBounds(state: MetricState, metric: HistogramMetric, sample: MetricSample): MetricState {
  if (state.bounds !== undefined) return state;
  const bounds = sharedBounds(metric, sample);
  return bounds === undefined || bounds.length === 0 ? state : withBounds(state, bounds);
}

function unequal(metric: HistogramMetric, sample: MetricSample): Trouble {
  if (sharedBounds(metric, sample) === undefined)
    return hold('has no readable buckets of one of the versions');
  const wanted = metric.bounds?.join(', ');
  const reason =
    wanted === undefined
      ? 'has no bucket that both versions share'
      : `has not all of the wanted buckets (${wanted}) in both versions`;
  return { kind: 'inconclusive', reason };
}

function missingSide(
  metric: CounterMetric | HistogramMetric,
  canary: Window,
  baseline: Window,
): Trouble | undefined {
  if (canary.read === 0) return lost('this version', canary);
  if (baseline.read === 0 && metric.tolerate.ratio > 0) return lost('the stable version', baseline);
  return undefined;
}

function lost(side: string, { oddities: [first, ...others] }: Window): Trouble {
  const why =
    first === undefined ? '' : `: ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
  const reason = `has no readable counters of ${side}${why}`;
  // Buckets that a version no longer has will not come back by waiting.
  return first?.includes('has no bucket') ? { kind: 'inconclusive', reason } : hold(reason);
}

function withLast(last: readonly string[], canary: Window, baseline: Window): readonly string[] {
  const next = [...last];
  for (const [place, packed] of [...canary.last, ...baseline.last]) {
    while (next.length <= place) next.push('');
    next[place] = packed;
  }
  return next;
}

function noteOf(canary: Window, baseline: Window): { readonly note?: string } {
  const [first, ...others] = [...canary.oddities, ...baseline.oddities];
  if (first === undefined) return {};
  return { note: others.length === 0 ? first : `${first}, and ${others.length} more like it` };
}

/** Pods that are new at every tick, or whose readings are all older, are never counted. */
function strangers(state: MetricState): Pick<MetricState, 'idle' | 'trouble'> {
  const idle = state.idle + 1;
  if (idle < idleTicks) return { idle };
  return {
    idle,
    trouble: hold(`could compare no pod of this version with its last reading in ${idle} ticks`),
  };
}

function idleTrouble(state: MetricState, { tolerate }: MetricTick['metric']): { readonly trouble?: Trouble } {
  if (state.idle === 0) return {};
  const [canary = 0, baseline = 0] = unpackCounts(state.totals);
  const isQuiet = canary === 0 || (tolerate.ratio > 0 && baseline === 0);
  if (state.idle < idleTicks && !isQuiet) return {};
  const side =
    tolerate.ratio > 0 && (canary > 0 || baseline === 0) && baseline === 0 ? 'the stable version' : '';
  const who = canary === 0 ? 'this version' : side || 'this version or the stable one';
  const since = state.idle === 1 ? 'in the last tick' : `in the last ${state.idle} ticks`;
  return { trouble: hold(`saw no requests to ${who} ${since}`) };
}

function hold(reason: string): Trouble {
  return { kind: 'hold', reason };
}

function troubled(state: MetricState, trouble: Trouble): Ticked {
  return { state: { ...state, trouble }, split: none };
}

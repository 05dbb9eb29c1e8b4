import type { GaugeMetric } from './config';
import type { MetricSample, PodReading } from './sample';
import type { GaugeState, MetricState } from './state';
import type { Millis } from '../strategy';

/** Larger readings are no readings: their squares would overflow. */
const largest = 1e15;
/** So many neighbouring readings of the baseline say how far they hang together; no block ends before. */
const enough = 20;

/**
 * Log evidence that the mean difference is above 0, by the anytime-valid t-test (Lindon and others): for a mean that is not above 0
 * it is no evidence. `prior` is the number of blocks that the mixture weighs.
 */
export function logMeanAbove(blocks: number, mean: number, squares: number, prior = 1): number {
  if (blocks < 2 || mean <= 0) return 0;
  const freedom = blocks - 1;
  const variance = squares / freedom;
  if (variance <= 0) return 0;
  const t2 = (blocks * mean * mean) / variance;
  const rest = prior / (prior + blocks);
  return (
    0.5 * Math.log(rest) +
    ((freedom + 1) / 2) * (Math.log1p(t2 / freedom) - Math.log1p((rest * t2) / freedom))
  );
}

/** How many ticks a block needs when neighbouring readings correlate by `correlation` (-1 to 1). */
export function blockTicks(correlation: number): number {
  const held = Math.max(0, Math.min(0.99, correlation));
  return Math.ceil(1.3 * ((1 + held) / (1 - held)));
}

/** One more reading of a gauge: the difference joins its block, and a block that is long enough joins the test. */
export function tickGauge(
  given: MetricState,
  metric: GaugeMetric,
  sample: MetricSample | undefined,
  { at, judges }: { readonly at: Millis; readonly judges: boolean },
): MetricState {
  const { trouble: _, ...state } = given;
  const { gauge: before } = state;
  if (before === undefined) return state;
  const [canary, baseline] = [meanOf(sample?.canary ?? []), meanOf(sample?.baseline ?? [])];
  const chain = baseline === undefined ? before.chain : addToChain(before.chain, baseline);
  const { ratio, absolute } = metric.tolerate;
  if (canary === undefined || (baseline === undefined && ratio > 0)) {
    const side = canary === undefined ? 'this version' : 'the stable version';
    const reason = sample === undefined ? 'could not be read' : `has no readable value of ${side}`;
    return { ...state, gauge: { ...before, chain }, note: reason };
  }
  const { note: _note, ...clean } = state;
  if (!judges) return { ...clean, gauge: { ...before, chain } };
  const sign = metric.worse === 'higher' ? 1 : -1;
  const difference = sign * (canary - ratio * (baseline ?? 0)) - absolute;
  const gauge = closeBlock({ ...before, chain }, difference, { at, blockMs: metric.blockMs });
  return { ...clean, gauge, logHarm: logMeanAbove(gauge.blocks, gauge.mean, gauge.squares) };
}

function closeBlock(
  gauge: GaugeState,
  difference: number,
  { at, blockMs }: { readonly at: Millis; readonly blockMs: Millis },
): GaugeState {
  const { blockFrom = at } = gauge;
  const [sum, count] = [gauge.sum + difference, gauge.count + 1];
  const [readings] = gauge.chain;
  // Without a baseline there are none, and the configured length has to do.
  const isUnknown = readings > 0 && readings < enough;
  const isShort = readings > 0 && count < blockTicks(correlationOf(gauge.chain));
  if (isUnknown || isShort || at - blockFrom < blockMs) {
    return { ...gauge, sum, count, blockFrom };
  }
  const blocks = gauge.blocks + 1;
  const deviation = sum / count - gauge.mean;
  const mean = gauge.mean + deviation / blocks;
  const squares = gauge.squares + deviation * (sum / count - mean);
  return { blocks, mean, squares, sum: 0, count: 0, blockFrom: at, chain: gauge.chain };
}

function meanOf(pods: readonly PodReading[]): number | undefined {
  const values = pods.flatMap(({ value }) =>
    value !== undefined && Math.abs(value) <= largest ? [value] : [],
  );
  return values.length === 0 ? undefined : values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** Neighbouring readings of the baseline, as distances from the first one: sums of large numbers would hide small differences. */
function addToChain(chain: GaugeState['chain'], value: number): GaugeState['chain'] {
  const [count, origin, sum, squares, products, last] = chain;
  if (count === 0) return [1, value, 0, 0, 0, 0];
  const now = value - origin;
  return [count + 1, origin, sum + now, squares + now * now, products + now * last, now];
}

/**
 * Correlation of neighbouring readings, at the upper end of what it may be: a short series looks less connected than it is (Kendall's
 * correction), and a block that is too short misleads while one that is too long only takes longer.
 */
function correlationOf([count, , sum, squares, products, last]: GaugeState['chain']): number {
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  if (variance <= 0 || count < 2) return 0;
  const pairs = count - 1;
  // The earlier ones of the pairs are all but the last, the later ones all but the first, which is 0.
  const shared = (products - ((sum - last) * sum) / pairs) / pairs;
  const seen = Math.max(-1, Math.min(1, shared / variance));
  return seen + (1 + 4 * Math.max(0, seen)) / count + Math.sqrt((1 - seen * seen) / count);
}

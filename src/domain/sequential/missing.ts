import type { CounterMetric, HistogramMetric, SequentialConfig } from './config';
import { dispersionOf } from './dispersion';
import { logSafe, newBets, placeBets, width } from './evidence';
import { about, evidence, percent } from './numbers';
import { unpackCounts, unpackNumbers } from './pack';
import { counting, ruleOf } from './rules';
import { servedAt } from './shares';
import type { MetricState, SequentialState } from './state';

/** More requests than this are never. */
const never = 1e10;

/** What is still missing for promotion, one line for each metric that has not passed. */
export function missingFor(config: SequentialConfig, state: SequentialState): readonly string[] {
  const wanted = Math.log(1 / config.promote.beta);
  const lines = counting(config).flatMap((metric) => {
    const own = state.metrics[metric.name];
    return own === undefined || own.logSafe >= wanted ? [] : [lineOf(config, state, metric, own)];
  });
  const ticks = config.promote.minTicks - state.step.ticks;
  return ticks > 0 ? [...lines, `${ticks} more ${ticks === 1 ? 'tick' : 'ticks'} in this step`] : lines;
}

function lineOf(
  config: SequentialConfig,
  state: SequentialState,
  metric: CounterMetric | HistogramMetric,
  own: MetricState,
): string {
  const so = `evidence ${evidence(own.logSafe)} of ${about(1 / config.promote.beta)}`;
  const requests = requestsMissing(config, state, metric);
  if (requests === undefined) return `${metric.name}: nothing to reckon with yet (${so})`;
  if (requests === Number.POSITIVE_INFINITY) {
    const { baseline } = servedAt(own);
    const at =
      metric.tolerate.ratio === 0 ? 'this version' : `a stable version at ${percent(baseline.share)}`;
    return `${metric.name}: ${at} gives no evidence for promotion (${so})`;
  }
  const good = metric.tolerate.ratio === 0 ? 'it goes on as it does' : 'it does as well as stable';
  return `${metric.name}: about ${about(requests)} more canary requests if ${good} (${so})`;
}

/**
 * Canary requests until the evidence of safety is in, if the canary's share is the baseline's from now on (with an absolute limit: its
 * own). Infinity when it would never be; undefined while nothing was seen.
 */
export function requestsMissing(
  config: SequentialConfig,
  state: SequentialState,
  metric: CounterMetric | HistogramMetric,
): number | undefined {
  const own = state.metrics[metric.name];
  const ratio = metric.tolerate.ratio;
  if (own === undefined || own.ticks === 0) return undefined;
  const tests = unpackNumbers(own.evidence);
  const totals = unpackCounts(own.totals);
  const bets = newBets();
  const rule = ruleOf(config, metric, state.step.nextWeight);
  let most = 0;
  for (let place = 0; place * width < tests.length; place++) {
    const { canary, baseline } = servedAt(own, place, totals);
    if (canary.requests === 0 || (ratio > 0 && baseline.requests === 0)) return undefined;
    const share = ratio > 0 ? baseline.share : canary.share;
    const perCanary = baseline.requests / canary.requests;
    placeBets(bets, rule, 1, perCanary);
    const gain = Float64Array.from(bets.logA, (a, k) => {
      const tick = share * a + (ratio > 0 ? share * perCanary * (bets.logB[k] ?? 0) : 0);
      return (tick - (bets.charge[k] ?? 0)) / dispersionOf(own.spread);
    });
    const test = tests.subarray(place * width, (place + 1) * width);
    most = Math.max(most, reach(test, gain, Math.log(1 / config.promote.beta)));
  }
  return most;
}

/** After how many requests the evidence reaches `wanted` when each factor gains the same with every request. */
function reach(test: Float64Array, gain: Float64Array, wanted: number): number {
  const then = new Float64Array(width);
  const after = (requests: number) => {
    for (let k = 0; k < width; k++) then[k] = (test[k] ?? 0) + requests * (gain[k] ?? 0);
    return logSafe(then, 0);
  };
  if (after(0) >= wanted) return 0;
  let far = 1;
  while (after(far) < wanted) {
    far *= 2;
    if (far > never) return Number.POSITIVE_INFINITY;
  }
  let near = far / 2;
  while (far - near > near / 100 + 1) {
    const middle = (near + far) / 2;
    if (after(middle) < wanted) near = middle;
    else far = middle;
  }
  return far;
}

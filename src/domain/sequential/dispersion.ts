import type { MetricState } from './state';
import type { Window } from './window';

type Spread = MetricState['spread'];

/** Fewer degrees of freedom say nothing yet. */
const enough = 10;

/**
 * How much more the baseline's pods differ from each other than chance makes them: Pearson's statistic over its degrees of freedom,
 * 1 at least. Bursts and sticky clients raise it; the log evidence is divided by it, from past ticks only.
 */
export function dispersionOf([statistic, freedom]: Spread): number {
  return freedom < enough ? 1 : Math.max(1, statistic / freedom);
}

/** The spread with one more tick of the baseline; with one pod, or without a bad request, there is nothing to learn. */
export function addSpread(spread: Spread, { pods, requests, bad }: Window): Spread {
  const served = pods.filter((pod) => pod.requests > 0);
  if (served.length < 2) return spread;
  let [statistic, tests] = [0, 0];
  for (const [test, all] of bad.entries()) {
    if (all === 0 || all === requests) continue;
    const share = all / requests;
    tests++;
    for (const pod of served) {
      const expected = pod.requests * share;
      statistic += ((pod.bad[test] ?? 0) - expected) ** 2 / (expected * (1 - share));
    }
  }
  if (tests === 0) return spread;
  return [Math.round((spread[0] + statistic / tests) * 1e4) / 1e4, spread[1] + served.length - 1];
}

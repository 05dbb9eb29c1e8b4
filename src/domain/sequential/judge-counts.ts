import { addSpread, dispersionOf } from './dispersion';
import {
  addTick,
  logHarm,
  logSafe,
  newBets,
  newEvidence,
  placeBets,
  width,
  type Rule,
  type TickCounts,
} from './evidence';
import { logSumExp } from './logarithms';
import { packCounts, packNumbers, unpackCounts, unpackNumbers } from './pack';
import type { MetricState } from './state';
import type { PodWindow, Window } from './window';

/** Filled anew for each metric of each tick; nothing of it is kept. */
const bets = newBets();

/** A metric with one more tick of both versions: pure in its arguments, whatever `bets` held before. */
export function judgeCounts(state: MetricState, rule: Rule, canary: Window, baseline: Window): MetricState {
  const tests = canary.bad.length;
  const evidence = unpackNumbers(state.evidence);
  const ticks = state.ticks + 1;
  const counts: TickCounts = {
    canaryBad: 0,
    baselineBad: 0,
    dispersion: dispersionOf(state.spread),
    tick: ticks,
  };
  placeBets(bets, rule, canary.requests, baseline.requests);
  for (let test = 0; test < tests; test++) {
    counts.canaryBad = canary.bad[test] ?? 0;
    counts.baselineBad = baseline.bad[test] ?? 0;
    addTick(evidence, test * width, counts, { bets, rule });
  }
  const levels = levelsOf(evidence, ticks, rule.horizon);
  return {
    ...state,
    ...levels,
    ticks,
    evidence: packNumbers(evidence),
    totals: packCounts(addTotals(unpackCounts(state.totals), canary, baseline)),
    spread: addSpread(state.spread, baseline),
    byPod: addByPod(state.byPod, canary.pods, levels.worst),
  };
}

/** The tests of a histogram, once its bounds are known. */
export function withBounds(state: MetricState, bounds: readonly number[]): MetricState {
  const evidence = packNumbers(newEvidence(bounds.length));
  return { ...state, bounds, evidence, totals: packCounts(new Float64Array(2 + 2 * bounds.length)) };
}

/**
 * Harm is averaged over bounds, which stays valid however they depend on each other. Safety is that of the least safe bound: each of
 * them has to pass.
 */
function levelsOf(
  evidence: Float64Array,
  ticks: number,
  horizon: number,
): Pick<MetricState, 'logHarm' | 'logSafe' | 'worst'> {
  const tests = evidence.length / width;
  const harms = new Float64Array(tests);
  let [worst, safe] = [0, Number.POSITIVE_INFINITY];
  for (let test = 0; test < tests; test++) {
    harms[test] = logHarm(evidence, test * width, ticks, horizon);
    if ((harms[test] ?? 0) > (harms[worst] ?? 0)) worst = test;
    safe = Math.min(safe, logSafe(evidence, test * width));
  }
  if (tests === 0) return { logHarm: 0, logSafe: 0, worst: 0 };
  return { logHarm: round(logSumExp(harms) - Math.log(tests)), logSafe: round(safe), worst };
}

function addTotals(totals: readonly number[], canary: Window, baseline: Window): readonly number[] {
  const gained = [canary.requests, baseline.requests];
  for (const [test, bad] of canary.bad.entries()) gained.push(bad, baseline.bad[test] ?? 0);
  return gained.map((each, index) => each + (totals[index] ?? 0));
}

function addByPod(byPod: readonly string[], pods: readonly PodWindow[], worst: number): readonly string[] {
  const next = [...byPod];
  for (const pod of pods) {
    while (next.length <= pod.place) next.push('');
    const [requests = 0, bad = 0] = unpackCounts(next[pod.place] ?? '');
    next[pod.place] = packCounts([requests + pod.requests, bad + (pod.bad[worst] ?? 0)]);
  }
  return next;
}

/** As exact as the packed evidence is. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

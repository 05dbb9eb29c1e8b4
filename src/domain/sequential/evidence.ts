import { logAddExp, logSumExp } from './logarithms';

// Looked up once: in a sandbox (a workflow's, a test's) every global costs a detour.
const { exp, log, log1p, max, min } = Math;

/**
 * The exact two-sample test of counters. Null of harm, in every tick: canary share <= ratio x baseline share + absolute; the mirrored
 * null (>=) gives the right to promote. For each factor rho of a grid, with n requests and e bad ones of canary and baseline,
 *   a = rho (r nc + np) / (rho r nc + np),  b = (r nc + np) / (rho r nc + np),  log L = ec ln a + ep ln b - d nc (a - 1)
 * has E[L] <= 1 under the null whatever the baseline's share, the weights and their changes: nothing is estimated or approximated.
 */
const harmFactors = [1.25, 1.5, 2, 3, 5, 10, 25, 100];
const harmWeights = [2, 3, 6, 6, 5, 4, 3, 2].map((weight) => log(weight / 31));
const safeFactors = [0.75, 0.5, 0.25, 0.1, 0.02];
const factors = Float64Array.from([...harmFactors, ...safeFactors]);
const logFactors = factors.map((factor) => log(factor));
const harms = harmFactors.length;
const safeWeight = -log(safeFactors.length);

/** Numbers that one test remembers: 8 of harm, 5 of safety. */
export const width = factors.length;
/** Log evidences stay within these, so that they can be packed; nobody decides on e^-5000. */
export const least = -5000;
const most = 5000;

/** What one test is about. */
export interface Rule {
  readonly ratio: number;
  /** Tolerated share above `ratio` times the baseline's: d of the null of harm. */
  readonly harmAbsolute: number;
  /** The same for the right to promote: what the budget of bad requests allows after the next step. */
  readonly safeAbsolute: number;
  /** The most that one tick may add to the log evidence of harm. */
  readonly cap: number;
  /** Ticks within which a late break is expected. */
  readonly horizon: number;
}

/** The logs of a and b and the charge d nc (a - 1) of each factor for one tick; filled anew by `placeBets`, made once. */
export interface Bets {
  readonly logA: Float64Array;
  readonly logB: Float64Array;
  readonly charge: Float64Array;
}

/** One tick of one test: bad requests of both versions, the dispersion to divide by, which tick it is (from 1). */
export interface TickCounts {
  canaryBad: number;
  baselineBad: number;
  /** 1 or more. */
  dispersion: number;
  tick: number;
}

export function newBets(): Bets {
  return {
    logA: new Float64Array(width),
    logB: new Float64Array(width),
    charge: new Float64Array(width),
  };
}

/** Evidence before the first tick, for `tests` tests one after another. */
export function newEvidence(tests = 1): Float64Array {
  const evidence = new Float64Array(width * tests);
  for (let test = 0; test < tests; test++) evidence.fill(least, test * width, test * width + harms);
  return evidence;
}

/** The bets of a tick in which `canary` and `baseline` requests were served. They depend on no outcome. */
export function placeBets(bets: Bets, rule: Rule, canary: number, baseline: number): void {
  const { ratio, harmAbsolute, safeAbsolute } = rule;
  const top = ratio * canary + baseline;
  // Without a baseline there is nothing to bet on, unless the limit is absolute.
  const isIdle = ratio > 0 && baseline <= 0;
  for (let k = 0; k < width; k++) {
    const factor = isIdle ? 1 : (factors[k] ?? 1);
    const b = ratio === 0 ? 1 : isIdle ? 1 : top / (factor * ratio * canary + baseline);
    const logB = b === 1 ? 0 : log(b);
    bets.logA[k] = isIdle ? 0 : logB + (logFactors[k] ?? 0);
    bets.logB[k] = logB;
    bets.charge[k] = (k < harms ? harmAbsolute : safeAbsolute) * canary * (factor * b - 1);
  }
}

/** Adds one tick to the test at `offset`. Allocates nothing. */
export function addTick(
  evidence: Float64Array,
  offset: number,
  counts: TickCounts,
  { bets, rule }: { readonly bets: Bets; readonly rule: Rule },
): void {
  const { canaryBad, baselineBad, dispersion } = counts;
  const onset = logOnset(counts.tick, rule.horizon);
  for (let k = 0; k < width; k++) {
    const likelihood =
      canaryBad * (bets.logA[k] ?? 0) + baselineBad * (bets.logB[k] ?? 0) - (bets.charge[k] ?? 0);
    const gain = likelihood / dispersion;
    const before = evidence[offset + k] ?? 0;
    const after = k < harms ? logAddExp(before, onset) + min(gain, rule.cap) : before + gain;
    evidence[offset + k] = max(least, min(most, after));
  }
}

/** A new step earns its own exit: the evidence of safety begins anew. */
export function forgetSafety(evidence: Float64Array): void {
  for (let offset = harms; offset < evidence.length; offset += width) {
    evidence.fill(0, offset, offset + width - harms);
  }
}

/** Log evidence of harm of the test at `offset` after `ticks` ticks. */
export function logHarm(evidence: Float64Array, offset: number, ticks: number, horizon: number): number {
  const rest = ticks === 0 ? 0 : logRest(ticks, horizon);
  let high = rest;
  for (let k = 0; k < harms; k++) high = max(high, (harmWeights[k] ?? 0) + (evidence[offset + k] ?? 0));
  let sum = exp(rest - high);
  for (let k = 0; k < harms; k++) sum += exp((harmWeights[k] ?? 0) + (evidence[offset + k] ?? 0) - high);
  return high + log(sum);
}

/** Log evidence of safety of the test at `offset`. */
export function logSafe(evidence: Float64Array, offset: number): number {
  return logSumExp(evidence, offset + harms, offset + width) + safeWeight;
}

/** Log of the prior share that breaks at this tick: half at once, the other half geometrically over the horizon. */
function logOnset(tick: number, horizon: number): number {
  return tick <= 1 ? -Math.LN2 : log(0.5 / horizon) + (tick - 2) * log1p(-1 / horizon);
}

/** Log of the prior share that has not broken after so many ticks. */
function logRest(ticks: number, horizon: number): number {
  return log(0.5) + (ticks - 1) * log1p(-1 / horizon);
}

/** The most that one tick may add, so that `minTicks` of them are needed; no limit for 1. `share` is the metric's of the evidence. */
export function capOf(alpha: number, minTicks: number, share = 1): number {
  return minTicks <= 1 ? Number.POSITIVE_INFINITY : log(1 / (0.5 * alpha * share)) / minTicks;
}

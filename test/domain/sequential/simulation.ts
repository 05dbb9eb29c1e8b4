import {
  addTick,
  capOf,
  logHarm,
  logSafe,
  newBets,
  newEvidence,
  placeBets,
  type Rule,
  type TickCounts,
} from '../../../src/domain/sequential';
import { binomial, poisson, seeded, type Random } from './random';

/** What both versions do in one tick: their traffic, and the shares that fail. */
export interface World {
  readonly canary: number;
  readonly baseline: number;
  readonly canaryShare: number;
  readonly baselineShare: number;
  /** Errors come in groups of this size, from one cause each. */
  readonly burst?: number;
}

export interface Outcome {
  /** The tick at which the version was rolled back, or was first good enough to go on. */
  readonly failedAt?: number;
  readonly passedAt?: number;
  readonly failing: number;
}

export const usualRule: Rule = {
  ratio: 1.5,
  harmAbsolute: 0.001,
  safeAbsolute: 0.001,
  cap: capOf(0.01, 2),
  horizon: 60,
};

/** One rollout of at most `looks` ticks. */
export function simulate(
  rule: Rule,
  world: (tick: number, random: Random) => World,
  looks: number,
  seed: number,
): Outcome {
  const [random, evidence, bets] = [seeded(seed), newEvidence(), newBets()];
  const counts: TickCounts = { canaryBad: 0, baselineBad: 0, dispersion: 1, tick: 0 };
  const [harmLimit, safeLimit] = [Math.log(100), Math.log(20)];
  let failing = 0;
  let passedAt: number | undefined;
  for (let tick = 1; tick <= looks; tick++) {
    const { canary, baseline, canaryShare, baselineShare, burst = 1 } = world(tick, random);
    const [served, servedBaseline] = [poisson(random, canary), poisson(random, baseline)];
    counts.canaryBad = Math.min(served, binomial(random, served, canaryShare / burst) * burst);
    counts.baselineBad = binomial(random, servedBaseline, baselineShare / burst) * burst;
    counts.tick = tick;
    failing += counts.canaryBad;
    placeBets(bets, rule, served, servedBaseline);
    addTick(evidence, 0, counts, { bets, rule });
    if (logHarm(evidence, 0, tick, rule.horizon) >= harmLimit) {
      return { failedAt: tick, failing, ...(passedAt !== undefined && { passedAt }) };
    }
    if (logSafe(evidence, 0) >= safeLimit) passedAt ??= tick;
  }
  return { failing, ...(passedAt !== undefined && { passedAt }) };
}

/** Many rollouts, each with a seed of its own. */
export function simulateMany(
  rule: Rule,
  world: (tick: number, random: Random) => World,
  { runs, looks = 180, seed = 1 }: { runs: number; looks?: number; seed?: number },
): readonly Outcome[] {
  return Array.from({ length: runs }, (_, run) => simulate(rule, world, looks, seed * 1_000_003 + run));
}

/** The share of rollouts with a failure. */
export function failedShare(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ failedAt }) => failedAt !== undefined).length / outcomes.length;
}

/** Mean ticks until the failure; a rollout without one counts with all its looks. */
export function meanTicks(outcomes: readonly Outcome[], looks = 180): number {
  return outcomes.reduce((sum, { failedAt = looks }) => sum + failedAt, 0) / outcomes.length;
}

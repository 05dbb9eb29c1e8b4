import type { Rule, TickCounts } from '../../src/domain/sequential/evidence';
import {
  addTick,
  capOf,
  forgetSafety,
  logHarm,
  logSafe,
  newBets,
  newEvidence,
  placeBets,
} from '../../src/domain/sequential/evidence';
import { defaults } from './sequential';

/** Requests of one tick. */
export interface Seen {
  readonly canary: number;
  readonly canaryBad: number;
  readonly baseline: number;
  readonly baselineBad: number;
}

/** What a policy does next: give the canary this share of the traffic, or end. */
export type Next = number | 'promoted' | 'rolledBack' | 'held';

/** A way to bring out a version: its steps and what ends them. A new one for each rollout. */
export interface Policy {
  readonly name: string;
  start(): (seen: Seen | undefined) => Next;
}

/** 5, 20 and 50 %, each until the evidence is in; half an hour without a verdict holds. */
export const sequentialPolicy: Policy = {
  name: 'sequential: 5, 20, 50 %, each until it is earned',
  start() {
    const weights = [0.05, 0.2, 0.5];
    const [bets, evidence] = [newBets(), newEvidence()];
    const counts: TickCounts = { canaryBad: 0, baselineBad: 0, dispersion: 1, tick: 0 };
    let [step, age] = [0, 0];
    return (seen) => {
      if (seen === undefined) return weights[0]!;
      const rule: Rule = {
        ...{ ratio: defaults.ratio, harmAbsolute: defaults.absolute, horizon: defaults.horizon },
        safeAbsolute: 0.001 / (weights[step + 1] ?? 1),
        cap: capOf(defaults.alpha, defaults.minTicks),
      };
      placeBets(bets, rule, seen.canary, seen.baseline);
      counts.tick += 1;
      [counts.canaryBad, counts.baselineBad] = [seen.canaryBad, seen.baselineBad];
      addTick(evidence, 0, counts, { bets, rule });
      age += 1;
      if (logHarm(evidence, 0, counts.tick, defaults.horizon) >= Math.log(1 / defaults.alpha))
        return 'rolledBack';
      if (logSafe(evidence, 0) >= Math.log(20) && age >= 2) {
        [step, age] = [step + 1, 0];
        forgetSafety(evidence);
      }
      return age >= 180 ? 'held' : (weights[step] ?? 'promoted');
    };
  },
};

interface TimedSettings {
  readonly name: string;
  readonly weights: readonly number[];
  /** Ticks of a step, and between two measurements. */
  readonly stepTicks: number;
  readonly interval: number;
  /** The tick of the first measurement. */
  readonly from: number;
  readonly atLeast: number;
  /** So many failed measurements end it; with `late` at the next one. */
  readonly failures: number;
  readonly late: boolean;
}

/** Steps by the clock with a threshold beside them. In Flagger a failed check also keeps the weight. */
function timedPolicy(settings: TimedSettings): Policy {
  const { name, weights, stepTicks, interval, from, atLeast, failures, late } = settings;
  return {
    name,
    start() {
      let [ticks, failed, total, bad, held] = [0, 0, 0, 0, 0];
      return (seen) => {
        if (seen === undefined) return weights[0]!;
        ticks += 1;
        // Argo ends its background analysis with the last step; Flagger's last check is part of it.
        if (!late && ticks >= stepTicks * weights.length) return 'promoted';
        total += seen.canary;
        bad += seen.canaryBad;
        if (ticks % interval === 0) {
          if (late && failed >= failures) return 'rolledBack';
          const isGood = ticks < from || (total - bad) / total >= atLeast;
          if (!isGood) failed += 1;
          if (!isGood && late) held += interval;
          [total, bad] = [0, 0];
          if (!late && failed >= failures) return 'rolledBack';
        }
        return weights[Math.floor((ticks - held) / stepTicks)] ?? 'promoted';
      };
    },
  };
}

export const policies: readonly Policy[] = [
  sequentialPolicy,
  timedPolicy({
    name: 'Argo’s documentation: 20, 40, 60, 80 %, 10 minutes each, `startingStep: 2`',
    weights: [0.2, 0.4, 0.6, 0.8],
    ...{ stepTicks: 60, interval: 30, from: 60, atLeast: 0.95, failures: 4, late: false },
  }),
  timedPolicy({
    name: 'Flagger’s tutorial: 10 to 50 %, a minute each',
    weights: [0.1, 0.2, 0.3, 0.4, 0.5],
    ...{ stepTicks: 6, interval: 6, from: 6, atLeast: 0.99, failures: 5, late: true },
  }),
];

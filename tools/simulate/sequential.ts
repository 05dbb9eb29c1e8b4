import type { SequentialConfig, TickSample } from '../../src/domain/sequential';
import {
  addTick,
  capOf,
  logHarm,
  newBets,
  newEvidence,
  placeBets,
  type Rule,
  type TickCounts,
} from '../../src/domain/sequential/evidence';
import { startSequential } from '../../src/domain/sequential/start';
import { tick } from '../../src/domain/sequential/tick';
import type { Engine } from './engine';
import type { Stream, World } from './stream';

/** The defaults that the documentation gives. */
export const defaults = { alpha: 0.01, minTicks: 2, horizon: 60, ratio: 1.5, absolute: 0.001 };
const enough = Math.log(1 / defaults.alpha);

export interface SequentialOptions {
  readonly name?: string;
  readonly minTicks?: number;
  /** Tolerates nothing: any increase is a regression. */
  readonly strict?: boolean;
}

/** The test itself on what both versions counted: the arithmetic of the product without pods, packing and sentences. */
export function sequentialTest(options: SequentialOptions = {}): Engine {
  const { name = 'sequential', minTicks = defaults.minTicks, strict = false } = options;
  const rule: Rule = {
    ratio: strict ? 1 : defaults.ratio,
    harmAbsolute: strict ? 0 : defaults.absolute,
    safeAbsolute: defaults.absolute,
    cap: capOf(defaults.alpha, minTicks),
    horizon: defaults.horizon,
  };
  const bets = newBets();
  const tolerated = strict ? 'no increase tolerated' : '1.5 times and 0.1 percentage points tolerated';
  return {
    name,
    settings: `\`alpha: 0.01\`, \`minTicks: ${minTicks}\`, a look each 10 s, ${tolerated}`,
    every: 1,
    watch({ ticks, canary, baseline }) {
      const evidence = newEvidence();
      const counts: TickCounts = { canaryBad: 0, baselineBad: 0, dispersion: 1, tick: 0 };
      for (let at = 0; at < ticks; at += 1) {
        placeBets(bets, rule, canary.total[at]!, baseline.total[at]!);
        [counts.canaryBad, counts.baselineBad] = [canary.bad[at]!, baseline.bad[at]!];
        counts.tick = at + 1;
        addTick(evidence, 0, counts, { bets, rule });
        if (logHarm(evidence, 0, at + 1, defaults.horizon) >= enough) return at + 1;
      }
      return undefined;
    },
  };
}

const metric = { kind: 'counter', name: 'errors', weight: 1 } as const;
const queries = { canary: 'canary', baseline: 'baseline' };
const wholeConfig: SequentialConfig = {
  metrics: [
    {
      ...metric,
      tolerate: { ratio: defaults.ratio, absolute: defaults.absolute },
      total: queries,
      bad: queries,
    },
  ],
  rollback: { alpha: defaults.alpha, minTicks: defaults.minTicks, horizon: defaults.horizon },
  promote: { beta: 0.05, budget: 0.001, minTicks: 2 },
  maxStepMs: 24 * 3_600_000,
  warmupMs: 0,
  intervalMs: 10_000,
};

/** The whole analysis as the product runs it, from raw counters of each pod: restarts, lost scrapes and the dispersion over pods. */
export const wholeSequential: Engine = {
  name: 'sequential, by pod',
  settings:
    'the whole analysis as a rollout runs it, from raw counters of each pod, with the dispersion over pods',
  every: 5,
  watch(world) {
    const pods = world.pods ?? { canary: [cumulated(world.canary)], baseline: [cumulated(world.baseline)] };
    let state = startSequential(wholeConfig);
    for (let at = -1; at < world.ticks; at += 1) {
      state = tick(wholeConfig, state, sampleOf(pods, at));
      if (state.failed !== undefined) return at + 1;
    }
    return undefined;
  },
};

/** What is scraped after tick `at`; before the first one all counters are 0. */
function sampleOf(pods: NonNullable<World['pods']>, at: number): TickSample {
  const side = (streams: readonly Stream[], name: string) =>
    streams.map(({ total, bad }, index) => ({
      pod: `${name}-${index}`,
      total: at < 0 ? 0 : total[at]!,
      bad: at < 0 ? 0 : bad[at]!,
    }));
  const errors = { canary: side(pods.canary, 'canary'), baseline: side(pods.baseline, 'stable') };
  return { at: (at + 2) * wholeConfig.intervalMs, metrics: { errors } };
}

function cumulated({ total, bad }: Stream): Stream {
  const sum = (values: Float64Array): Float64Array => {
    let all = 0;
    return values.map((value) => (all += value));
  };
  return { total: sum(total), bad: sum(bad) };
}

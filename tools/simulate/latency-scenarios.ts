import { judge } from '../../src/domain/judge/judge';
import type { Values } from '../../src/domain/judge/types';
import {
  addTick,
  capOf,
  logHarm,
  newBets,
  newEvidence,
  placeBets,
  width,
  type Rule,
  type TickCounts,
} from '../../src/domain/sequential/evidence';
import type { Engine } from './engine';
import type { Histogram, Latency } from './latency-world';
import { bounds, playHistogram, quantileOf, slowChances } from './latency-world';
import { defaults } from './sequential';
import type { Scenario } from './scenario';
import { seconds, ticks } from './scenario';
import type { World } from './stream';
import { newStream } from './stream';

type Histograms = Readonly<Record<'canary' | 'baseline' | 'twin', Histogram>>;
/** The histograms of a world that `play` made. */
const histograms = new WeakMap<World, Histograms>();
const enough = Math.log(1 / defaults.alpha);

const sequentialHistogram: Engine = {
  name: 'sequential',
  settings: 'as above for the 11 default buckets together, 1.25 times and 0.5 percentage points tolerated',
  every: 1,
  watch(world) {
    const { canary, baseline } = histograms.get(world)!;
    const rule: Rule = {
      ...{ ratio: 1.25, harmAbsolute: 0.005, safeAbsolute: 0.005 },
      ...{ cap: capOf(defaults.alpha, defaults.minTicks), horizon: defaults.horizon },
    };
    const [bets, evidence] = [newBets(), newEvidence(bounds.length)];
    const counts: TickCounts = { canaryBad: 0, baselineBad: 0, dispersion: 1, tick: 0 };
    for (let at = 0; at < world.ticks; at += 1) {
      placeBets(bets, rule, canary.total[at]!, baseline.total[at]!);
      counts.tick = at + 1;
      let sum = 0;
      for (let test = 0; test < bounds.length; test += 1) {
        counts.canaryBad = canary.slow[test]![at]!;
        counts.baselineBad = baseline.slow[test]![at]!;
        addTick(evidence, test * width, counts, { bets, rule });
        sum += Math.exp(logHarm(evidence, test * width, at + 1, defaults.horizon));
      }
      if (Math.log(sum / bounds.length) >= enough) return at + 1;
    }
    return undefined;
  },
};

const flaggerLatency: Engine = {
  name: 'Flagger',
  settings: '`interval: 1m`, `threshold: 5`, `request-duration` (p99) at most 500 ms, as in its tutorial',
  every: 1,
  watch(world) {
    const { canary } = histograms.get(world)!;
    let failed = 0;
    for (let end = 6; end <= world.ticks; end += 6) {
      if (failed >= 5) return end;
      if (!((quantileOf(canary, end - 6, end, 0.99) ?? Infinity) <= 0.5)) failed += 1;
    }
    return undefined;
  },
};

function p99Judge(kayenta: boolean): Engine {
  return {
    name: kayenta ? 'Kayenta, equal baseline' : 'judge',
    settings: `p99 of each 10 s against fresh stable pods${kayenta ? '' : ', looks from 5 minutes on share the confidence'}`,
    every: 10,
    watch(world) {
      const { canary, twin } = histograms.get(world)!;
      const points = (histogram: Histogram, count: number): Values =>
        Array.from({ length: count }, (_, tick) => quantileOf(histogram, tick, tick + 1, 0.99) ?? null);
      const samples = { canary: points(canary, ticks), baseline: points(twin, ticks) };
      for (let end = 30; end <= world.ticks; end += 6) {
        const metric = {
          ...{ name: 'p99', groups: ['latency'], direction: 'increase' as const },
          samples: {
            kind: 'values' as const,
            canary: samples.canary.slice(0, end),
            baseline: samples.baseline.slice(0, end),
          },
        };
        const look = { number: (end - 24) / 6, planned: 26 };
        const config = { thresholds: { pass: 95, marginal: 75 }, look, kayenta };
        if (judge([metric], config).metrics[0]!.classification === 'High') return end;
      }
      return undefined;
    },
  };
}

const engines = [sequentialHistogram, flaggerLatency, p99Judge(false), p99Judge(true)];

function latency(name: string, says: string, canary: Latency): Scenario {
  const [slow, good] = [slowChances(canary), slowChances({})];
  return {
    ...{ name, says, metric: 'latency', engines },
    kind: name === 'latency equal' ? 'same' : 'bad',
    play(random) {
      const play = (chances: readonly number[], share: number): Histogram =>
        playHistogram(chances, 100 * seconds * share, ticks, random);
      const world: World = {
        ...{ ticks, canary: newStream(0), baseline: newStream(0), twin: newStream(0) },
        served: new Float64Array(ticks),
      };
      const seen = { canary: play(slow, 0.05), baseline: play(good, 0.95), twin: play(good, 0.05) };
      // Here what the users met is the requests to the slow version.
      seen.canary.total.reduce((sum, value, tick) => (world.served[tick] = sum + value), 0);
      histograms.set(world, seen);
      return world;
    },
  };
}

/** Lognormal latencies around 50 ms in the default buckets. */
export const latencyScenarios: readonly Scenario[] = [
  latency('latency equal', 'both around 50 ms', {}),
  latency('10 % slower', 'every request takes 10 % longer', { times: 1.1 }),
  latency('30 % slower', 'every request takes 30 % longer', { times: 1.3 }),
  latency('twice as slow', 'every request takes twice as long', { times: 2 }),
  latency('5 % late', '5 % of requests take 500 ms longer', { late: { share: 0.05, seconds: 0.5 } }),
  latency('1 % hang', '1 % of requests hang for 5 s', { late: { share: 0.01, seconds: 5 } }),
];

import { errorEngines, podEngines } from './engines';
import type { Scenario } from './scenario';
import { base, calm, ticks, worldOf } from './scenario';

const common = { kind: 'same', metric: 'errors', engines: errorEngines } as const;
const withPods = { ...common, engines: podEngines };
const pods = { canary: 2, baseline: 8 };
/** What `1.5 times and 0.1 percentage points` makes of the base rate. */
const line = 1.5 * base + 0.001;

/** Worlds in which nobody should be rolled back. */
export const sameScenarios: readonly Scenario[] = [
  { ...common, name: 'equal', says: 'both versions fail 0.1 %', play: worldOf(() => () => calm) },
  {
    ...common,
    name: 'diurnal',
    says: 'load swings by half, errors between 0.01 and 0.19 %',
    play: worldOf(() => (tick) => {
      const wave = Math.sin((2 * Math.PI * tick) / 60);
      const rate = base * (1 + 0.9 * wave);
      return { canary: rate, baseline: rate, rps: 100 * (1 + 0.5 * wave), weight: 0.05 };
    }),
  },
  {
    ...common,
    name: 'outages',
    says: 'outages of 30 s hit both versions, 30 % of requests fail',
    play: worldOf((random) => {
      let left = 0;
      return () => {
        left = left > 0 ? left - 1 : random.uniform() < 0.02 ? 2 : 0;
        const rate = left > 0 ? 0.3 : base;
        return { ...calm, canary: rate, baseline: rate };
      };
    }),
  },
  {
    ...common,
    name: 'shock',
    says: 'one minute in which 5 % of both fail',
    play: worldOf((random) => {
      const from = Math.floor(random.uniform() * (ticks - 6));
      return (tick) => {
        const rate = tick >= from && tick < from + 6 ? 0.05 : base;
        return { ...calm, canary: rate, baseline: rate };
      };
    }),
  },
  {
    ...common,
    name: 'drift',
    says: 'both drift to 0.3 %',
    play: worldOf(() => () => ({ ...calm, canary: 0.003, baseline: 0.003 })),
  },
  {
    ...common,
    name: 'sick',
    says: '20 % of both fail',
    play: worldOf(() => () => ({ ...calm, canary: 0.2, baseline: 0.2 })),
  },
  ...[3, 10].map((burst): Scenario => ({
    ...common,
    name: `bursts-${burst}`,
    says: `errors come ${burst} at a time`,
    play: worldOf(() => () => calm, { burst }),
  })),
  {
    ...common,
    name: 'wobble',
    says: '1 % of both, each wobbling by half of it from tick to tick, 1000 requests/s',
    play: worldOf((random) => () => ({
      canary: Math.min(1, 0.01 * random.gamma(0.5)),
      baseline: Math.min(1, 0.01 * random.gamma(0.5)),
      twin: Math.min(1, 0.01 * random.gamma(0.5)),
      rps: 1000,
      weight: 0.05,
    })),
  },
  {
    ...withPods,
    name: 'pods',
    says: '2 and 8 pods whose error rates differ by half',
    play: worldOf(
      (random) => {
        const mean = (count: number): number =>
          base * (Array.from({ length: count }, () => random.gamma(0.5)).reduce((a, b) => a + b) / count);
        const rates = { canary: mean(pods.canary), baseline: mean(pods.baseline), twin: mean(pods.canary) };
        return () => ({ ...calm, ...rates });
      },
      { pods: { ...pods, unlike: 0.5 } },
    ),
  },
  {
    ...withPods,
    name: 'resets',
    says: 'every pod restarts about twice, its counters begin anew',
    play: worldOf(() => () => calm, { pods: { ...pods, restarts: 0.01 } }),
  },
  {
    ...withPods,
    name: 'lost scrapes',
    says: 'one scrape of ten is lost',
    play: worldOf(() => () => calm, { pods: { ...pods, unscraped: 0.1 } }),
  },
];

const tolerated = { ...common, kind: 'tolerated' } as const;

/** Worlds in which the new version is worse by exactly what is tolerated. */
export const toleratedScenarios: readonly Scenario[] = [
  ...[2, 100, 1000].map((rps): Scenario => ({
    ...tolerated,
    name: `line-${rps}`,
    says: `0.25 % against 0.1 %, ${rps} requests/s`,
    play: worldOf(() => () => ({ ...calm, canary: line, rps })),
  })),
  {
    ...tolerated,
    name: 'line-steps',
    says: '0.25 % against 0.1 %, weights 5, 20 and 50 %',
    play: worldOf(() => (tick) => ({
      ...calm,
      canary: line,
      weight: tick < ticks / 3 ? 0.05 : tick < (2 * ticks) / 3 ? 0.2 : 0.5,
    })),
  },
];

const broken = { ...common, kind: 'broken' } as const;

/** Worlds that the test was not made for: what it does there should be known. */
export const brokenScenarios: readonly Scenario[] = [
  {
    ...broken,
    name: 'wild wobble',
    says: 'as “wobble”, by all of it',
    play: worldOf((random) => () => ({
      canary: Math.min(1, 0.01 * random.gamma(1)),
      baseline: Math.min(1, 0.01 * random.gamma(1)),
      twin: Math.min(1, 0.01 * random.gamma(1)),
      rps: 1000,
      weight: 0.05,
    })),
  },
  {
    ...broken,
    name: 'bad node',
    says: 'one of two canary pods is on a node where 2 % fail',
    play: worldOf(() => () => ({ ...calm, canary: (base + 0.02) / 2 })),
  },
  {
    ...broken,
    name: 'torn outages',
    says: '“outages”, and one scrape of ten is lost',
    engines: podEngines,
    play: worldOf(
      (random) => {
        let left = 0;
        return () => {
          left = left > 0 ? left - 1 : random.uniform() < 0.02 ? 2 : 0;
          const rate = left > 0 ? 0.3 : base;
          return { ...calm, canary: rate, baseline: rate };
        };
      },
      { pods: { ...pods, unscraped: 0.1 } },
    ),
  },
];

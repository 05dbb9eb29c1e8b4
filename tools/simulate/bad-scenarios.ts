import { errorEngines } from './engines';
import type { Scenario } from './scenario';
import { base, calm, worldOf } from './scenario';

const common = { kind: 'bad', metric: 'errors', engines: errorEngines } as const;
const percent = (rate: number): string => `${Number((rate * 100).toFixed(1))} %`;

function bad(rate: number, rps = 100): Scenario {
  return {
    ...common,
    name: rps === 100 ? `bad ${percent(rate)}` : `bad ${percent(rate)}, ${rps}/s`,
    says: `${percent(rate)} fail, ${rps} requests/s`,
    play: worldOf(() => () => ({ ...calm, canary: rate, rps })),
  };
}

/** The tick from which a late one is bad: after ten good minutes. */
const onset = 60;

function late(rate: number): Scenario {
  return {
    ...common,
    name: `late ${percent(rate)}`,
    says: `${percent(rate)} fail after ten good minutes`,
    onset,
    play: worldOf(() => (tick) => ({ ...calm, canary: tick < onset ? base : rate })),
  };
}

/** Versions that have to be found. */
export const badScenarios: readonly Scenario[] = [
  ...[0.005, 0.01, 0.05, 0.2, 1].map((rate) => bad(rate)),
  ...[0.01, 0.05, 0.2].map((rate) => bad(rate, 10)),
  ...[0.01, 0.05, 0.2].map((rate) => bad(rate, 1000)),
  ...[0.01, 0.05, 0.2].map((rate) => late(rate)),
];

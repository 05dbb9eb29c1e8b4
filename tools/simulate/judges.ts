import { judge } from '../../src/domain/judge/judge';
import type { Counts, JudgeConfig, Samples, Values } from '../../src/domain/judge/types';
import type { Engine } from './engine';
import type { Stream, World } from './stream';

const thresholds = { pass: 95, marginal: 75 };
/** Points before the first look of Kayenta, and between two looks: 5 minutes, then each minute. */
const first = 30;
const between = 6;

/** Kayenta's judge on the share of bad requests of each 10 s, the window growing; `against` which baseline. */
export function kayentaJudge(against: 'twin' | 'baseline'): Engine {
  const [name, who] =
    against === 'twin'
      ? ['Kayenta, equal baseline', 'fresh stable pods with as much traffic as the canary']
      : ['Kayenta, production', 'production as the baseline'];
  return {
    name,
    settings: `the judge with \`kayenta: true\`: ${who}, 10 s points, a look each minute from 30 points on`,
    every: 10,
    watch: (world) =>
      lookUntilFail(world, first, (points) => {
        const samples: Samples = {
          kind: 'values',
          canary: shares(world.canary, points),
          baseline: shares(world[against], points),
        };
        return failed(samples, { thresholds, kayenta: true });
      }),
  };
}

/** Belay's judge with counts and production as its baseline, the confidence shared by all planned looks. */
export const countingJudge: Engine = {
  name: 'judge',
  settings: 'Belay’s judge: counts, production as the baseline, 98 % over 30 looks, one each minute',
  every: 10,
  watch: (world) =>
    lookUntilFail(world, between, (points) => {
      const look = { number: points / between, planned: Math.floor(world.ticks / between) };
      const samples: Samples = {
        kind: 'counts',
        canary: counts(world.canary, points),
        baseline: counts(world.baseline, points),
      };
      return failed(samples, { thresholds, look });
    }),
};

function lookUntilFail(
  { ticks }: World,
  start: number,
  fails: (points: number) => boolean,
): number | undefined {
  for (let points = start; points <= ticks; points += between) if (fails(points)) return points;
  return undefined;
}

/** Only a High counts: Nodata and Marginal would halt a rollout, not roll it back. */
function failed(samples: Samples, config: JudgeConfig): boolean {
  const metric = { name: 'errors', groups: ['errors'], samples, direction: 'increase' } as const;
  return judge([metric], config).metrics[0]!.classification === 'High';
}

function shares({ total, bad }: Stream, points: number): Values {
  return Array.from({ length: points }, (_, tick) => (total[tick]! > 0 ? bad[tick]! / total[tick]! : null));
}

function counts({ total, bad }: Stream, points: number): Counts {
  return { bad: [...bad.subarray(0, points)], total: [...total.subarray(0, points)] };
}

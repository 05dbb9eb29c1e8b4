import type { PodOptions } from './pods';
import { withPods } from './pods';
import type { Random } from './random';
import type { Stream, World } from './stream';
import { newStream } from './stream';

/** Error rates, load and disturbances of one tick. */
export interface Moment {
  /** Chance that a request fails. */
  readonly canary: number;
  readonly baseline: number;
  readonly twin?: number;
  /** Requests a second of all together. */
  readonly rps: number;
  /** The canary's share of them. */
  readonly weight: number;
}

export interface WorldOptions {
  readonly ticks: number;
  readonly seconds: number;
  /** Errors that one cause makes at once. */
  readonly burst?: number;
  readonly pods?: PodOptions;
}

/** Plays one rollout. `moment` is asked once for each tick, in order. */
export function playWorld(
  moment: (tick: number) => Moment,
  { ticks, seconds, burst = 1, pods }: WorldOptions,
  random: Random,
): World {
  const [canary, baseline, twin] = [newStream(ticks), newStream(ticks), newStream(ticks)];
  const served = new Float64Array(ticks);
  let failed = 0;
  for (let tick = 0; tick < ticks; tick += 1) {
    const now = moment(tick);
    const requests = now.rps * seconds;
    const fill = (stream: Stream, share: number, chance: number): void => {
      const total = random.poisson(requests * share);
      stream.total[tick] = total;
      stream.bad[tick] =
        burst === 1
          ? random.binomial(total, chance)
          : Math.min(total, burst * random.poisson((total * chance) / burst));
    };
    fill(canary, now.weight, now.canary);
    fill(baseline, 1 - now.weight, now.baseline);
    fill(twin, now.weight, now.twin ?? now.baseline);
    failed += canary.bad[tick]!;
    served[tick] = failed;
  }
  const world = { ticks, canary, baseline, twin, served };
  return pods === undefined ? world : withPods(world, pods, random);
}

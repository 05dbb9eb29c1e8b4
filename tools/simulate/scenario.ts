import type { Engine } from './engine';
import type { Random } from './random';
import type { World } from './stream';
import type { Moment, WorldOptions } from './world';
import { playWorld } from './world';

/** Ticks of a rollout and their seconds: 180 looks in half an hour. */
export const ticks = 180;
export const seconds = 10;
/** Share of failing requests of a good version. */
export const base = 0.001;

/**
 * `same`: both versions are equally good; `tolerated`: the new one is worse by exactly what is tolerated; `bad`: it must be found;
 * `broken`: an assumption of the test is broken and its promise does not hold.
 */
export type Kind = 'same' | 'tolerated' | 'bad' | 'broken';

export interface Scenario {
  readonly name: string;
  readonly says: string;
  readonly kind: Kind;
  readonly metric: 'errors' | 'latency';
  /** The first bad tick; a rollback before it is a false alarm. */
  readonly onset?: number;
  readonly engines: readonly Engine[];
  play(random: Random): World;
}

/** A moment in which both versions fail as often; 100 requests a second, 5 % of them to the canary. */
export const calm: Moment = { canary: base, baseline: base, rps: 100, weight: 0.05 };

/** A world made of moments; `options` may change its pods or its bursts. */
export function worldOf(
  moments: (random: Random) => (tick: number) => Moment,
  options: Partial<WorldOptions> = {},
): Scenario['play'] {
  return (random) => playWorld(moments(random), { ticks, seconds, ...options }, random);
}

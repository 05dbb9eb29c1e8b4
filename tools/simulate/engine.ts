import type { World } from './stream';

/** Something that watches a rollout and may roll it back. */
export interface Engine {
  readonly name: string;
  /** The settings, for the table's legend. */
  readonly settings: string;
  /** One of so many rollouts is played; the judges are slow. */
  readonly every: number;
  /** After how many ticks it rolls back; undefined: not within the world's time. */
  watch(world: World): number | undefined;
}

/** Requests and bad ones of the ticks from `from` up to but without `to`. */
export function sumTicks(
  stream: { readonly total: Float64Array; readonly bad: Float64Array },
  from: number,
  to: number,
): { total: number; bad: number } {
  let [total, bad] = [0, 0];
  for (let tick = from; tick < to; tick += 1) {
    total += stream.total[tick]!;
    bad += stream.bad[tick]!;
  }
  return { total, bad };
}

/** What one group of pods counted in each tick. */
export interface Stream {
  readonly total: Float64Array;
  readonly bad: Float64Array;
}

/** Canary, production and a baseline of the canary's size, as scraped; and what the canary's users really met. */
export interface World {
  readonly ticks: number;
  readonly canary: Stream;
  readonly baseline: Stream;
  /** Fresh pods of the stable version with as much traffic as the canary: what Kayenta wants to be compared with. */
  readonly twin: Stream;
  /** Failing requests of the canary up to and with each tick. */
  readonly served: Float64Array;
  /** Raw counters of each pod at the end of each tick, where a scenario has pods; NaN: not scraped. */
  readonly pods?: { readonly canary: readonly Stream[]; readonly baseline: readonly Stream[] };
}

export function newStream(ticks: number): Stream {
  return { total: new Float64Array(ticks), bad: new Float64Array(ticks) };
}

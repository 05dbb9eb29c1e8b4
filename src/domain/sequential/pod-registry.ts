import type { Millis } from '../strategy';
import type { SequentialConfig } from './config';
import { countersOf } from './rules';
import type { PodState } from './state';

/**
 * A pod that was not read for so long, while others were, is forgotten; when it comes back, it is seen for the first time. An outage
 * of the metrics store makes nobody forgotten.
 */
const forgetMs: Millis = 15 * 60_000;
/** So many pods of a version are followed at most: more tell hardly more and make the state large. */
const mostPods = 50;
/** What the last counters of all pods may take, in characters: the state travels in a workflow's history. */
const mostCharacters = 24_000;
/** A counter of a billion has as many. */
const perCount = 6;

/** How many pods of a version are followed: fewer, the more counters each of them has. */
export function followedPods(config: SequentialConfig): number {
  const counters = Math.max(1, countersOf(config));
  return Math.max(2, Math.min(mostPods, Math.floor(mostCharacters / (2 * perCount * counters))));
}

export type Side = PodState['side'];

/** The pods that are remembered, each at a place that it keeps. Made anew for each tick. */
export class PodRegistry {
  readonly #pods: (PodState | null)[];
  readonly #places = new Map<string, number>();
  /** Places that became free at this tick: what metrics remember of them is another pod's. */
  readonly freed = new Set<number>();

  constructor(
    pods: readonly (PodState | null)[],
    readonly at: Millis,
    private readonly most: number,
  ) {
    const newest = Math.max(...pods.map((pod) => pod?.at ?? Number.NEGATIVE_INFINITY));
    this.#pods = pods.map((pod) => (pod === null || pod.at + forgetMs < newest ? null : pod));
    for (const [place, pod] of this.#pods.entries()) {
      if (pod !== null) this.#places.set(`${pod.side}/${pod.name}`, place);
      else if (pods[place] !== null) this.freed.add(place);
    }
  }

  /** The place of a pod that was read at this tick; undefined when its side has as many as are followed. */
  placeOf(name: string, side: Side): number | undefined {
    const key = `${side}/${name}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      if (this.#pods.filter((pod) => pod?.side === side).length >= this.most) return undefined;
      const free = this.#pods.indexOf(null);
      place = free < 0 ? this.#pods.length : free;
      this.#places.set(key, place);
    }
    this.#pods[place] = { name, side, at: this.at };
    return place;
  }

  pods(): readonly (PodState | null)[] {
    return this.#pods;
  }
}

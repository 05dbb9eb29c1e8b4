import type { Plan } from './plan';
import type { SourceView } from './source-view';

/** A plan that stays good while everything it was made from has the same ids. */
export interface KeptPlan {
  readonly plan: Plan;
  /** Tree id of the source's path. */
  readonly tree: string;
  /** The source's own view first. */
  readonly views: readonly SourceView[];
  /** Whether other commits may use it: not where a setting names the commit. */
  readonly isReusable: boolean;
}

/** Plans by what was asked for, within a number of entries of trees. */
export class PlanCache {
  readonly #kept = new Map<string, { readonly value: KeptPlan; readonly weight: number }>();
  #weight = 0;

  constructor(readonly capacity = 300_000) {}

  get(key: string): KeptPlan | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  set(key: string, value: KeptPlan): void {
    this.#drop(key);
    const weight = value.views.reduce((sum, { entries }) => sum + entries.length, 10);
    this.#kept.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= this.capacity || oldest === key) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const found = this.#kept.get(key);
    if (found === undefined) return;
    this.#weight -= found.weight;
    this.#kept.delete(key);
  }
}

/** Whether all that the views are made of is the same at their commits now. */
export async function isCurrent(
  kept: readonly SourceView[],
  now: readonly SourceView[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const [index, view] of kept.entries()) {
    const at = now[index]?.at;
    const paths = [...view.roots.keys(), ...view.missing];
    if (at === undefined) return false;
    if (paths.length === 0 || at.revision === view.at.revision) continue;
    const ids = await view.trees.ids(at, paths, signal);
    if (!paths.every((path, place) => view.roots.get(path) === ids[place])) return false;
  }
  return true;
}

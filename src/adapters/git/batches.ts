interface Batch<Item, Result> {
  readonly items: Item[];
  readonly done: Promise<Result>;
}

/** Does together what is asked for at a time: what comes while a batch of the same name runs waits, and is the next one. */
export class Batches<Item, Result> {
  readonly #waiting = new Map<string, Batch<Item, Result>>();
  readonly #running = new Map<string, Promise<unknown>>();

  /** Who wants more than `most` items, or more than there is room for, has a batch of their own, at once. */
  constructor(readonly most = Number.POSITIVE_INFINITY) {}

  /** Rejects for all of a batch when `work` does. Others wait for work that `isShared`: one who gives up must not end it. */
  async run(
    name: string,
    items: readonly Item[],
    work: (all: readonly Item[], isShared: boolean) => Promise<Result>,
  ): Promise<Result> {
    const waiting = this.#waiting.get(name);
    if (items.length + (waiting?.items.length ?? 0) > this.most) return await work(items, false);
    if (waiting !== undefined) {
      waiting.items.push(...items);
      return await waiting.done;
    }
    const all = [...items];
    const before = this.#running.get(name) ?? new Promise((resolve) => setImmediate(resolve));
    const done = before.then(() => {
      this.#waiting.delete(name);
      return work(all, true);
    });
    this.#waiting.set(name, { items: all, done });
    const ended = done.catch(() => undefined);
    this.#running.set(name, ended);
    void ended.then(() => this.#running.get(name) === ended && this.#running.delete(name));
    return await done;
  }
}

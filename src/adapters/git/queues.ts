/** Runs tasks of the same name one after another, in this process. */
export class Queues {
  readonly #last = new Map<string, Promise<void>>();

  /** Starts `task` when every earlier one named `name` has ended. A caller who gives up leaves the queue at once. */
  async run<T>(name: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const earlier = this.#last.get(name) ?? Promise.resolve();
    let leave = (): void => undefined;
    const ended = new Promise<void>((resolve) => (leave = resolve));
    const mine = earlier.then(() => ended);
    this.#last.set(name, mine);
    void mine.then(() => this.#last.get(name) === mine && this.#last.delete(name));
    try {
      await untilAborted(earlier, signal);
      return await task();
    } finally {
      leave();
    }
  }
}

async function untilAborted(wait: Promise<void>, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', stop);
  });
  try {
    await Promise.race([wait, aborted]);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

import type { Millis } from '../../domain/strategy';

interface Held<T> {
  readonly value: T;
  readonly size: number;
  /** Of `performance.now()`. */
  at: number;
}

interface SharedOptions<T> {
  readonly freshMs: Millis;
  /** What is held is let go, oldest first, above this sum of sizes. */
  readonly maxSize: number;
  readonly sizeOf: (value: T) => number;
}

/**
 * Answers that are worth keeping for a moment: whoever asks while somebody else is asking waits for the same answer, and a fresh
 * answer is not asked for again. A stale one is handed to the next question, which may find it unchanged. Failures are not kept.
 */
export class Shared<T> {
  readonly #held = new Map<string, Held<T>>();
  readonly #asked = new Map<string, Promise<T>>();

  constructor(readonly options: SharedOptions<T>) {}

  /** `ask` runs to its end, by its own limits, even if this caller's signal ends his wait. */
  async get(key: string, ask: (stale: T | undefined) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const held = this.#held.get(key);
    if (held !== undefined && performance.now() - held.at < this.options.freshMs) return held.value;
    const under = this.#asked.get(key);
    if (under !== undefined) return await unlessAborted(under, signal);
    const asking = ask(held?.value)
      .then((value) => this.#hold(key, value))
      .finally(() => this.#asked.delete(key));
    this.#asked.set(key, asking);
    return await unlessAborted(asking, signal);
  }

  #hold(key: string, value: T): T {
    this.#held.delete(key);
    this.#held.set(key, { value, size: this.options.sizeOf(value), at: performance.now() });
    let sum = [...this.#held.values()].reduce((total, { size }) => total + size, 0);
    for (const [oldest, { size }] of this.#held) {
      if (sum <= this.options.maxSize) break;
      this.#held.delete(oldest);
      sum -= size;
    }
    return value;
  }
}

/** Waits for a promise that goes on when the wait is over. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

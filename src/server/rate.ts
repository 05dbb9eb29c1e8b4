/** So many a second, and so many at once after a quiet time. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Counts against a rate, by key, for at most `most` keys: the one that was quiet longest is forgotten. */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    readonly rate: Rate,
    readonly most = 10_000,
  ) {}

  /** Whether one more is within the rate. */
  take(key = '', now = performance.now()): boolean {
    const { perSecond, burst } = this.rate;
    const { left, at } = this.#buckets.get(key) ?? { left: burst, at: now };
    const filled = Math.min(burst, left + ((now - at) / 1_000) * perSecond);
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: filled >= 1 ? filled - 1 : filled, at: now });
    const [oldest] = this.#buckets.size > this.most ? this.#buckets.keys() : [];
    if (oldest !== undefined) this.#buckets.delete(oldest);
    return filled >= 1;
  }
}

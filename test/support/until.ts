import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until `look` answers something true, and returns it; after `ms` it fails and says what was last seen. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  ms = 30_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`gave up after ${ms / 1000} s waiting until ${what}`);
    await sleep(50);
  }
}

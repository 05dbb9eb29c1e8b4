import type { Millis } from './strategy';

const firstMs = 2_000;
const factor = 3;
const capMs = 300_000;

/**
 * How long self-heal waits before it heals again: not at all the first time, then 2 s, 6 s, 18 s … up to 5 min while drift keeps
 * coming back (Argo CD's self-heal backoff). A quiet time of twice the next delay, and at least a minute, starts it anew.
 */
export function healDelay(heals: readonly number[], now: number): Millis {
  let delay = 0;
  let previous: number | undefined;
  for (const at of heals) {
    const isFresh = previous === undefined || at - previous > quietAfter(delay);
    delay = isFresh ? 0 : next(delay);
    previous = at;
  }
  if (previous === undefined || now - previous > quietAfter(delay)) return 0;
  return Math.max(0, next(delay) - (now - previous));
}

/** Drift that stays away for twice the wait before the next heal, and at least a minute, is over. */
function quietAfter(delay: Millis): Millis {
  return Math.max(60_000, 2 * next(delay));
}

function next(delay: Millis): Millis {
  return delay === 0 ? firstMs : Math.min(capMs, delay * factor);
}

const soonestMs = 15_000;
const latestMs = 300_000;

/** When to look at an open pull request again: the longer it has been open, the later. Epoch milliseconds. */
export function nextLookAt(since: number, now: number): number {
  return now + Math.min(latestMs, Math.max(soonestMs, (now - since) / 10));
}

const everyMs = 250;

/**
 * Ends the process when it has stood still for `limitMs` (frozen, swapped out, a blocked event loop): the server has given its work
 * to somebody else by then. Fencing keeps late writes out; this keeps a half-dead worker from taking new work.
 */
export function startWatchdog(limitMs: number, onStall: (stalledMs: number) => void): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const stalled = now - last - everyMs;
    last = now;
    if (stalled > limitMs) onStall(stalled);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

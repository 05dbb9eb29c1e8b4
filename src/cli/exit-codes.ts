/** What a script reads from `belay`. */
export const exitCodes = { done: 0, failed: 1, usage: 2, timedOut: 3 } as const;

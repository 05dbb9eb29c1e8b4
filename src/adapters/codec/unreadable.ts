/** A payload that is encrypted with a key that this process does not have, or that somebody has changed. Names the key's id, never the key. */
export class UnreadablePayload extends Error {
  constructor(
    readonly what: string,
    readonly remedy: string,
  ) {
    super(`${what}; ${remedy}`);
    this.name = 'UnreadablePayload';
    // Whoever logs it prints a line, at each retry of a task, instead of a page: where it was thrown tells nothing.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** The `UnreadablePayload` that `error` is or was caused by; undefined where it has another cause. */
export function unreadableIn(error: unknown): UnreadablePayload | undefined {
  if (error instanceof UnreadablePayload) return error;
  return error instanceof Error ? unreadableIn(error.cause) : undefined;
}

/** What a sender is told. */
export interface Answer {
  readonly status: number;
  /** One sentence; nothing from the body, no secret. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Line for the log beside the status; absent: nothing worth a line. */
  readonly log?: string;
  /** The rest of the request is not wanted. */
  readonly isCutOff?: boolean;
}

/** A request that is not let in, or is not understood. */
export function refuse(status: number, message: string, more: Partial<Answer> = {}): Answer {
  return { status, message, log: message, ...more };
}

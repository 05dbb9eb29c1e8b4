import { safeError, safeText } from './known-secrets';

/** What went wrong at the edge of the process; `activities/fail.ts` turns it into Temporal's failure. */
export type PortErrorCode =
  | 'InvalidSpec'
  | 'PathNotFound'
  | 'RevisionNotFound'
  | 'Unauthenticated'
  | 'Forbidden'
  | 'Unreachable'
  | 'NotFound'
  | 'Conflict'
  | 'Fenced'
  | 'ImmutableField'
  | 'Invalid'
  | 'KindNotFound'
  | 'OwnedByAnother'
  | 'Throttled'
  | 'NotReady'
  | 'Limit';

export interface PortErrorFacts {
  readonly code: PortErrorCode;
  /** `never`: a person must act; `later`: the same call may succeed; `after`: not before `afterMs`. */
  readonly retry: 'never' | 'later' | 'after';
  readonly afterMs?: number;
  /** Names and values that the message mentions; no secrets. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}

/**
 * The one error class of ports and adapters. Messages are lower case. The boundary for what programs and servers have said: credentials are
 * taken out of message, facts and cause here, whoever made them.
 */
export class PortError extends Error {
  readonly code: PortErrorCode;
  readonly retry: 'never' | 'later' | 'after';
  readonly afterMs: number | undefined;
  readonly facts: Readonly<Record<string, string | number | boolean>>;

  constructor(message: string, { code, retry, afterMs, facts, cause }: PortErrorFacts) {
    super(safeText(message), cause === undefined ? undefined : { cause: safeError(cause) });
    this.name = 'PortError';
    this.code = code;
    this.retry = retry;
    this.afterMs = afterMs;
    this.facts = Object.fromEntries(
      Object.entries(facts ?? {}).map(([name, value]) => [
        name,
        typeof value === 'string' ? safeText(value) : value,
      ]),
    );
  }
}

/** Whether `error` is a PortError, optionally of one of the given codes. */
export function isPortError(error: unknown, ...codes: PortErrorCode[]): error is PortError {
  return error instanceof PortError && (codes.length === 0 || codes.includes(error.code));
}

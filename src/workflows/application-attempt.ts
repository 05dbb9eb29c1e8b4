import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { Problem, ProblemCode } from '../domain/problem';

export type Attempted<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: FailedActivity };

export interface FailedActivity {
  readonly code: string;
  readonly message: string;
  /** No repetition would help. */
  readonly final?: boolean;
}

/** An activity's answer, or why there is none after all its tries. Anything else than an activity's failure is a bug and goes on. */
export async function attempt<T>(ask: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error: unknown) {
    if (!(error instanceof ActivityFailure)) throw error;
    const cause = error.cause instanceof ApplicationFailure ? error.cause : undefined;
    return {
      ok: false,
      error: {
        code: cause?.type ?? 'Unreachable',
        message: cause?.message ?? error.message,
        ...(cause?.nonRetryable === true ? { final: true } : {}),
      },
    };
  }
}

const known: readonly string[] = [
  'Unauthenticated',
  'Forbidden',
  'Unreachable',
  'Conflict',
  'PathNotFound',
  'RevisionNotFound',
  'InvalidSpec',
  'Invalid',
  'OwnedByAnother',
];

/** A failed activity as a problem that people see. */
export function cannotReach({ code, message }: FailedActivity): Problem {
  return { code: known.includes(code) ? (code as ProblemCode) : 'Unreachable', message };
}

/**
 * One thing that is wrong with what a person wrote, said so that they can mend it: where, what, which value, what to do.
 * `message` is lower case and stands alone; the other fields are the facts in it.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  /** Path inside the repository. */
  readonly file?: string;
  /** 1-based line in `file`. */
  readonly line?: number;
  /** `Kind namespace/name` (or `Kind name`). */
  readonly object?: string;
  /** Field path such as `spec.strategy.canary.steps[2].setWeight`. */
  readonly field?: string;
  /** The offending value as text; never a value of a Secret. */
  readonly value?: string;
  readonly remedy?: string;
}

/** What kind of thing is wrong: the closed list that status, search attributes and tests share. */
export type ProblemCode =
  | 'InvalidYaml'
  | 'UnknownField'
  | 'InvalidSpec'
  | 'Unsupported'
  | 'PathNotFound'
  | 'RevisionNotFound'
  | 'DuplicateObject'
  | 'Unauthenticated'
  | 'Unreachable'
  | 'Forbidden'
  | 'ImmutableField'
  | 'Invalid'
  | 'KindNotFound'
  | 'Conflict'
  | 'OwnedByAnother'
  /** A rule of a policy forbids it. */
  | 'PolicyViolation'
  /** A policy that cannot be evaluated. */
  | 'InvalidPolicy'
  /** A check Job of the revision has failed. */
  | 'CheckFailed';

/** The result of reading something: the value, or every problem found (never just the first). */
export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** One line for a person: `k8s/rollout.yaml:12: Rollout web: spec.strategy…: message (remedy)`. */
export function describeProblem(problem: Problem): string {
  const place =
    problem.file === undefined
      ? undefined
      : `${problem.file}${problem.line === undefined ? '' : `:${problem.line}`}`;
  const parts = [place, problem.object, problem.field, problem.message].filter((part) => part !== undefined);
  return parts.join(': ') + (problem.remedy === undefined ? '' : `; ${problem.remedy}`);
}

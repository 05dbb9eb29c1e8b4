import type { SourceSpec } from '../../domain/application-spec';
import type { FaultRequest } from '../../domain/drill/fault';
import { describeProblem, type Problem } from '../../domain/problem';
import { UsageError } from '../usage-error';
import type { DrillClone } from './clone';

/** What a person asks to be broken. */
export interface BreakRequest {
  readonly source: SourceSpec;
  readonly fault: FaultRequest['fault'];
  readonly id: string;
  readonly workload?: string;
  readonly container?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Helm: keys with their values. */
  readonly values: Readonly<Record<string, string>>;
  /** Where it is written instead, from the repository's root. */
  readonly overlay?: string;
}

/** A change of Git that is ready to be committed. */
export interface Breakage {
  readonly files: ReadonlyMap<string, string>;
  /** A sentence's subject: `Rollout/web in k8s/rollout.yaml`. */
  readonly what: string;
}

/** What reads the branch that is drilled. */
export type BranchReader = Pick<DrillClone, 'read' | 'list'>;

/** A problem with what was asked, as bad usage. */
export function refuse({ remedy, ...problem }: Problem): UsageError {
  return new UsageError(describeProblem(problem), remedy);
}

/** The value, or the first problem as bad usage. */
export function orRefuse<T>(
  read:
    { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] },
): T {
  if (read.ok) return read.value;
  throw refuse(read.problems[0] ?? { code: 'Unsupported', message: 'it cannot be made' });
}

/** A path below a directory of the repository; `.` is its root. */
export function below(directory: string, path: string): string {
  return directory === '.' ? path : `${directory}/${path}`;
}

/** Whether a path is a directory's or lies in it. */
export function isBelow(directory: string, path: string): boolean {
  return directory === '.' || path === directory || path.startsWith(`${directory}/`);
}

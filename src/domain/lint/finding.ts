import { problemAt, type FieldPath, type Located } from '../located';
import { describeProblem, type Problem, type ProblemCode } from '../problem';

/** An error keeps a revision from being delivered; a warning names what will hurt; a note says what is good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** What lint looks for besides what the readers refuse. */
export type LintRule =
  | 'BlockingBudget'
  | 'SharedService'
  | 'ScaleBelowWeight'
  | 'CoarseWeight'
  | 'EarlyPause'
  | 'JudgedByPods'
  | 'NoReadinessProbe'
  | 'FloatingImage'
  | 'UnusedTemplate'
  | 'ScaledPreview';

/** One thing that lint has to say; its fields are those of a `Problem`. */
export interface LintFinding extends Omit<Problem, 'code'> {
  readonly severity: Severity;
  readonly code: ProblemCode | LintRule;
}

/** What a rule says about one field. */
export interface Remark {
  readonly severity: 'warning' | 'note';
  readonly code: LintRule;
  readonly path: FieldPath;
  readonly message: string;
  readonly value?: unknown;
  readonly remedy: string;
}

export function errorOf(problem: Problem): LintFinding {
  return { severity: 'error', ...problem };
}

export function findingAt(located: Located, { severity, code, ...remark }: Remark): LintFinding {
  return { ...problemAt(located, { ...remark, code: 'InvalidSpec' }), severity, code };
}

/** `Rollout web: spec.strategy…: message; remedy`: a finding without its place and severity. */
export function describeFinding({ file: _file, line: _line, code: _code, ...rest }: LintFinding): string {
  return describeProblem({ ...rest, code: 'InvalidSpec' });
}

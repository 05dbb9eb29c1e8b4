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
  | 'ScaledPreview'
  | 'Rendered';

/** One thing that lint has to say; its fields are those of a `Problem`. */
export interface LintFinding extends Omit<Problem, 'code'> {
  readonly severity: Severity;
  readonly code: ProblemCode | LintRule;
}

/** A directory that another tool renders, with the file that says so. */
export interface RenderedDirectory {
  readonly tool: string;
  readonly file: string;
  readonly command: string;
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

/** What another tool renders is not looked at: `command` shows what comes of it. */
export function noteRendered({ tool, file, command }: RenderedDirectory): LintFinding {
  const message = `${tool} makes the manifests of this directory, and lint does not look into it`;
  return {
    severity: 'note',
    code: 'Rendered',
    file,
    line: 1,
    message,
    remedy: `check what comes of it: ${command} | belay lint -`,
  };
}

/** `Rollout web: spec.strategy…: message; remedy`: a finding without its place and severity. */
export function describeFinding({ file: _file, line: _line, code: _code, ...rest }: LintFinding): string {
  return describeProblem({ ...rest, code: 'InvalidSpec' });
}

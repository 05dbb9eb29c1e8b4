import { describeProblem, type Problem } from '../../domain/problem';
import type { CliContext } from '../context';
import { failureText } from './error-text';

/** Everything that is wrong, each with what to do. */
export function tellProblems(cli: CliContext, problems: readonly Problem[]): void {
  for (const { remedy, ...problem } of problems)
    cli.stderr.write(failureText(describeProblem(problem), remedy));
}

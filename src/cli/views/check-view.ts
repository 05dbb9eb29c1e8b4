import type { CheckResult } from '../../client';
import { shortRevision } from '../../domain/explain-time';
import { describeProblem } from '../../domain/problem';
import type { Style } from '../output/style';
import { oneLine } from '../output/table';

/** What was found, each with its place in Git, and what it comes to. */
export function checkView(name: string, result: CheckResult, style: Style): string[] {
  const { revision, problems, warnings, ran, skipped, status } = result;
  const [count, short] = [problems.length, shortRevision(revision)];
  const verdict =
    count === 0
      ? style.good(`${name}: ${short} may be deployed`)
      : style.bad(`${name}: ${short} would be refused: ${count} ${count === 1 ? 'problem' : 'problems'}`);
  return [
    ...problems.map((each) => `${style.bad('✖')} ${oneLine(describeProblem(each))}`),
    ...warnings.map((each) => `${style.busy('!')} ${oneLine(describeProblem(each))}`),
    ...(ran.length > 0 ? [style.dim(`checks that ran: ${ran.map(oneLine).join(', ')}`)] : []),
    ...(skipped.length > 0 ? [style.dim(`checks that did not run: ${skipped.map(oneLine).join(', ')}`)] : []),
    ...(status === undefined ? [] : [style.dim(`commit status: ${oneLine(status)}`)]),
    verdict,
  ];
}

import { inReadingOrder, type Located } from '../located';
import type { Problem } from '../problem';
import { readApplication } from '../read-application';
import { errorOf, noteRendered, type LintFinding, type RenderedDirectory } from './finding';
import { groupRevisions, isApplicationLike } from './group';
import { lintRevision } from './lint-revision';

export interface LintInput {
  readonly objects: readonly Located[];
  /** What is wrong with the files. */
  readonly problems: readonly Problem[];
  readonly others?: readonly RenderedDirectory[];
}

/** Everything there is to say about files: `problems` are those of reading them. Each finding once, in reading order. */
export function lintObjects(
  { objects, problems, others = [] }: LintInput,
  namespace?: string,
): readonly LintFinding[] {
  const groups = groupRevisions(objects, namespace);
  const grouped = new Set(groups.flatMap((each) => each.objects));
  const applications = objects.filter((each) => isApplicationLike(each) && !grouped.has(each));
  const findings = [
    ...problems.map(errorOf),
    ...others.map(noteRendered),
    ...applications.flatMap((each) => {
      const read = readApplication(each);
      return read.ok ? [] : read.problems.map(errorOf);
    }),
    ...groups.flatMap((each) => lintRevision(each.objects, each.namespace)),
  ];
  const once = new Map(findings.map((each) => [JSON.stringify(each), each]));
  return inReadingOrder([...once.values()]);
}

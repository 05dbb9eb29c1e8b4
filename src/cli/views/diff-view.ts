import { loadYaml } from '../lazy';
import { shortRevision } from '../../domain/explain-time';
import type { ApplicationDiff, ObjectDiff } from '../../domain/diff/application-diff';
import type { FieldChange } from '../../domain/diff/diff-objects';
import { describeProblem } from '../../domain/problem';
import { oneLine } from '../output/table';
import type { Style } from '../output/style';

const what = {
  changed: '~',
  missing: '+ (not in the cluster)',
  extra: '- (not in this revision: pruned if the application prunes)',
} as const;

/** What differs, object by object: `-` is in the cluster, `+` is what a sync would make of it. */
export function diffView(name: string, diff: ApplicationDiff, style: Style): string[] {
  const { objects, moreObjects = 0, problems, rolling, revision } = diff;
  const found = [
    ...objects.flatMap((object) => [...objectLines(object, style), '']),
    ...(moreObjects > 0 ? [`and ${moreObjects} more objects`, ''] : []),
    ...problems.map((problem) => style.bad(`✖ ${oneLine(describeProblem(problem))}`)),
    ...rolling.map((each) => style.dim(`${each} is in a rollout and was not compared`)),
  ];
  const count = objects.length + moreObjects;
  const summary =
    count === 0
      ? `does not differ from ${shortRevision(revision)}`
      : `${count} ${count === 1 ? 'object differs' : 'objects differ'} from ${shortRevision(revision)}`;
  const last =
    problems.length > 0 && count === 0 ? `could not be compared with ${shortRevision(revision)}` : summary;
  return [...found, `${name}: ${last}`];
}

function objectLines({ object, change, fields, moreFields = 0 }: ObjectDiff, style: Style): string[] {
  const [sign = '', ...words] = what[change].split(' ');
  const colour = { changed: style.busy, missing: style.good, extra: style.bad }[change];
  const head = [colour(`${sign} ${style.bold(oneLine(object))}`), ...words].join(' ');
  const isTakenOver = change === 'changed' && fields.length === 0;
  return [
    head,
    ...(isTakenOver ? ['  no field; Belay takes over its fields, or makes it anew'] : []),
    ...fields.flatMap((field) => fieldLines(field, style)),
    ...(moreFields > 0 ? [`  and ${moreFields} more fields`] : []),
  ];
}

function fieldLines({ field, live, git, line }: FieldChange, style: Style): string[] {
  const place = line === undefined ? '' : ` (from line ${line})`;
  return [
    `  ${style.bold(oneLine(field))}${style.dim(place)}`,
    ...sideLines(live, '-', style.bad),
    ...sideLines(git, '+', style.good),
  ];
}

function sideLines(value: unknown, sign: string, colour: (text: string) => string): string[] {
  if (value === undefined) return [];
  return textOf(value).map((each) => colour(`    ${sign} ${oneLine(each)}`));
}

/** A text as it is, line by line; anything else as YAML, which tells `"1"` from `1`. */
function textOf(value: unknown): string[] {
  if (typeof value === 'string' && /\n/.test(value)) return value.split('\n');
  return loadYaml().stringify(value, { lineWidth: 72, sortMapEntries: true }).trimEnd().split('\n');
}

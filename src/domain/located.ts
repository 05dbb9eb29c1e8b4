import { nameOf, refOf, type KubeObject } from './kube-object';
import type { Problem, ProblemCode, Read } from './problem';
import { textOf } from './read-json';

/** Where a field is inside its object: `['spec', 'steps', 2, 'setWeight']`. */
export type FieldPath = readonly (string | number)[];

/** An object read from Git together with the place where it is written. */
export interface Located {
  readonly object: KubeObject;
  /** Path relative to the directory that was read. */
  readonly file: string;
  /** 1-based line where the object starts. */
  readonly line: number;
  /** Line of a field, or of the nearest field around it that is written. */
  readonly lineOf: (path: FieldPath) => number | undefined;
}

/** What is wrong with one field of a located object. */
export interface Finding {
  readonly code: ProblemCode;
  readonly path: FieldPath;
  readonly message: string;
  readonly value?: unknown;
  readonly remedy?: string;
}

/** A located object whose fields have no lines of their own: for objects that are built by hand. */
export function locate(object: KubeObject, file: string, line = 1): Located {
  return { object, file, line, lineOf: () => line };
}

/** The path as people write it: `spec.steps[2].setWeight`, `metadata.annotations["belay.dev/write-back"]`. */
export function fieldName(path: FieldPath): string {
  let name = '';
  for (const part of path) {
    if (typeof part === 'number') name += `[${part}]`;
    else if (/^[A-Za-z0-9_$-]+$/.test(part)) name += name === '' ? part : `.${part}`;
    else name += `[${JSON.stringify(part)}]`;
  }
  return name;
}

/** The problem that `finding` is, with the file, line and object it belongs to. */
export function problemAt(located: Located, finding: Finding): Problem {
  const { code, path, message, value, remedy } = finding;
  const line = located.lineOf(path) ?? located.line;
  const place = { file: located.file, line, object: nameOf(refOf(located.object)) };
  return {
    code,
    message,
    ...place,
    ...(path.length > 0 && { field: fieldName(path) }),
    ...(value !== undefined && { value: textOf(value) }),
    ...(remedy !== undefined && { remedy }),
  };
}

/** Problems in the order in which a person meets them: by file, then by line. */
export function inReadingOrder<T extends Pick<Problem, 'file' | 'line'>>(
  problems: readonly T[],
): readonly T[] {
  return [...problems].sort((a, b) => {
    const byFile = (a.file ?? '') < (b.file ?? '') ? -1 : (a.file ?? '') > (b.file ?? '') ? 1 : 0;
    return byFile !== 0 ? byFile : (a.line ?? 0) - (b.line ?? 0);
  });
}

/** As many problems as a person reads, and a status can hold. */
const most = 100;

/** The value when nothing is wrong, otherwise every problem, each once; beyond the hundredth only their number. */
export function readOf<T>(value: T | undefined, problems: readonly Problem[]): Read<T> {
  if (value !== undefined && problems.length === 0) return { ok: true, value };
  const each = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const all = inReadingOrder([...each.values()]);
  if (all.length <= most) return { ok: false, problems: all };
  const message = `and ${all.length - most} more problems`;
  return { ok: false, problems: [...all.slice(0, most), { code: 'InvalidSpec', message }] };
}

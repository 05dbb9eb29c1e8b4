import { problemAt, readOf, type Located } from '../../domain/located';
import type { Problem, Read } from '../../domain/problem';
import { readFile } from './read-file';

/** What a file that a person gives to Belay is to hold. */
export interface Wanted<T> {
  readonly read: (located: Located) => Read<T>;
  /** `application`. */
  readonly what: string;
  /** `write an Application (argoproj.io/v1alpha1)`. */
  readonly remedy: string;
}

/** Everything of one kind that one YAML or JSON file holds, by names that differ; a file without any is a problem. */
export function readNamed<T extends { readonly name: string }>(
  text: string,
  file: string,
  { read, what, remedy }: Wanted<T>,
): Read<readonly T[]> {
  const found = readFile(text, file);
  const values = new Map<string, T>();
  const problems: Problem[] = [...found.problems];
  for (const located of found.objects) {
    const one = read(located);
    if (!one.ok) {
      problems.push(...one.problems);
    } else if (values.has(one.value.name)) {
      const message = `there is another ${what} called ${one.value.name} in this file`;
      const rest = { path: ['metadata', 'name'], message, remedy: 'rename one: names are unique in Belay' };
      problems.push(problemAt(located, { code: 'DuplicateObject', ...rest }));
    } else {
      values.set(one.value.name, one.value);
    }
  }
  if (found.objects.length === 0 && problems.length === 0)
    problems.push({ code: 'InvalidSpec', message: `the file holds no ${what}`, file, remedy });
  return readOf<readonly T[]>([...values.values()], problems);
}

import type { ApplicationSpec } from '../../domain/application-spec';
import { problemAt, readOf } from '../../domain/located';
import type { Problem, Read } from '../../domain/problem';
import { readApplication } from '../../domain/read-application';
import { readFile } from './read-file';

/** The applications of one file that a person gives to Belay, as YAML or JSON. */
export function readApplicationFile(text: string, file: string): Read<readonly ApplicationSpec[]> {
  const found = readFile(text, file);
  const applications = new Map<string, ApplicationSpec>();
  const problems: Problem[] = [...found.problems];
  for (const located of found.objects) {
    const read = readApplication(located);
    if (!read.ok) {
      problems.push(...read.problems);
    } else if (applications.has(read.value.name)) {
      const message = `there is another application called ${read.value.name} in this file`;
      const rest = { path: ['metadata', 'name'], message, remedy: 'rename one: names are unique in Belay' };
      problems.push(problemAt(located, { code: 'DuplicateObject', ...rest }));
    } else {
      applications.set(read.value.name, read.value);
    }
  }
  if (found.objects.length === 0 && problems.length === 0) {
    const remedy = 'write an Application (argoproj.io/v1alpha1)';
    problems.push({ code: 'InvalidSpec', message: 'the file holds no application', file, remedy });
  }
  return readOf<readonly ApplicationSpec[]>([...applications.values()], problems);
}

import { keyOf, refOf } from './kube-object';
import { problemAt, type Located } from './located';
import type { Problem } from './problem';

/** Objects that are written twice, each later one naming the place of the first. `namespace` is that of objects without one. */
export function findDuplicates(objects: readonly Located[], namespace?: string): readonly Problem[] {
  const first = new Map<string, Located>();
  const problems: Problem[] = [];
  for (const located of objects) {
    const ref = refOf(located.object);
    const key = keyOf(namespace === undefined ? ref : { ...ref, namespace: ref.namespace ?? namespace });
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, located);
      continue;
    }
    const message = `is already in ${other.file}:${other.line}`;
    const remedy = 'remove one of the two, or give them different names';
    problems.push(problemAt(located, { code: 'DuplicateObject', path: [], message, remedy }));
  }
  return problems;
}

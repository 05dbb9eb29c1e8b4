import { isScalar, visit, type Document, type LineCounter } from 'yaml';
import type { Problem } from '../../domain/problem';

/**
 * Keys that are written twice in one map. The library's own check compares every key with every other one: twenty thousand
 * keys would stop the process for seconds.
 */
export function duplicateKeys(
  document: Document,
  source: { file: string; lines: LineCounter },
): readonly Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map(_key, map) {
      const first = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key) || !key.range) continue;
        const name = String(key.value);
        const { line } = source.lines.linePos(key.range[0]);
        const before = first.get(name);
        // Several merge keys in one map are no mistake.
        if (before === undefined || name === '<<') first.set(name, line);
        else problems.push(duplicate({ name, line, before, file: source.file }));
      }
    },
  });
  return problems;
}

function duplicate(at: { name: string; line: number; before: number; file: string }): Problem {
  const name = at.name.length > 80 ? `${at.name.slice(0, 80)}…` : at.name;
  const message = `key "${name}" is written twice in one map, first in line ${at.before}`;
  return { code: 'InvalidYaml', message, file: at.file, line: at.line, remedy: 'remove one of them' };
}

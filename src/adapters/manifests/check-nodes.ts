import {
  isAlias,
  isMap,
  isScalar,
  visit,
  type Document,
  type LineCounter,
  type Node,
  type YAMLMap,
} from 'yaml';
import type { Problem } from '../../domain/problem';

interface Source {
  readonly file: string;
  readonly lines: LineCounter;
}

/** What the parser lets pass and Kubernetes does not: keys written twice, aliases of nothing, numbers beyond JSON. */
export function checkNodes(document: Document, source: Source): readonly Problem[] {
  const problems: Problem[] = [];
  const anchors = new Set<string>();
  const report = (node: Node, message: string, remedy: string): void => {
    const line = node.range ? source.lines.linePos(node.range[0]).line : 1;
    problems.push({ code: 'InvalidYaml', message, file: source.file, line, remedy });
  };
  visit(document, {
    Node(_key, node) {
      if ('anchor' in node && node.anchor !== undefined) anchors.add(node.anchor);
      if (isMap(node)) problems.push(...duplicateKeys(node, source));
      const odd = isScalar(node) && typeof node.value === 'number' && whyNotNumber(node.value);
      if (odd) report(node, odd, 'write it in quotes if it is a text');
      // Its name is not repeated: a password that begins with an asterisk looks like an alias.
      const loose = isAlias(node) && !anchors.has(node.source);
      if (loose) report(node, 'an alias of an anchor that is not written before it', unquotedStar);
    },
  });
  return problems;
}

const unquotedStar = 'write the value in quotes if it is a text that begins with *';

function whyNotNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'a number that JSON does not have';
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return undefined;
  return 'a number beyond 2^53, which would be rounded';
}

/**
 * The library's own check compares every key with every other one: twenty thousand keys would stop the process for
 * seconds. Several merge keys in one map are no mistake.
 */
function duplicateKeys(map: YAMLMap, { file, lines }: Source): readonly Problem[] {
  const first = new Map<string, number>();
  const problems: Problem[] = [];
  for (const { key } of map.items) {
    if (!isScalar(key) || !key.range) continue;
    const name = String(key.value);
    const { line } = lines.linePos(key.range[0]);
    const before = first.get(name);
    first.set(name, before ?? line);
    if (before === undefined || name === '<<') continue;
    const shown = name.length > 80 ? `${name.slice(0, 79)}…` : name;
    const message = `key "${shown}" is written twice in one map, first in line ${before}`;
    problems.push({ code: 'InvalidYaml', message, file, line, remedy: 'remove one of them' });
  }
  return problems;
}

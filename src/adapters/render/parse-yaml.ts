import { isMap as isYamlMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { Problem } from '../../domain/problem';
import { isMap, type JsonMap } from '../../domain/read-json';

const longest = 5_000_000;

/** A file of settings that holds one map. */
export type ParsedMap =
  | {
      readonly ok: true;
      readonly value: JsonMap;
      /** 1-based line of a field, or of the nearest one around it that is written. */
      readonly lineOf: (path: readonly (string | number)[]) => number | undefined;
    }
  | { readonly ok: false; readonly problem: Problem };

/** Reads a YAML file that must hold one map, as `kustomization.yaml` and `Chart.yaml` do. */
export function parseMap(text: string, file: string): ParsedMap {
  const wrong = (message: string, line = 1): ParsedMap => ({
    ok: false,
    problem: { code: 'InvalidYaml', file, line, message, remedy: 'correct the file' },
  });
  if (text.length > longest) return wrong('is longer than 5 million characters');
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      version: '1.1',
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter: lines,
    });
    const [error] = document.errors;
    if (error !== undefined)
      return wrong(error.message.split('\n')[0] ?? '', lines.linePos(error.pos[0]).line);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (!isMap(value)) return wrong('must be one map of fields');
    return { ok: true, value, lineOf: (path) => lineAt(document, lines, path) };
  } catch (error: unknown) {
    // Thousands of brackets, or aliases that grow without bounds.
    return wrong(error instanceof RangeError ? 'is nested too deeply' : 'uses anchors too often');
  }
}

function lineAt(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const around: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const offset = offsetIn(around, path[depth - 1]);
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
}

/** Where a field begins: its name in a map, itself in a list. */
function offsetIn(around: unknown, key: string | number | undefined): number | undefined {
  const node: unknown = isYamlMap(around)
    ? around.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key
    : isSeq(around)
      ? around.items[Number(key)]
      : undefined;
  return isNode(node) ? node.range?.[0] : undefined;
}

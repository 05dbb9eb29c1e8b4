import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import type { FieldPath } from '../../domain/located';

/** Finds the line of a field in one document; a field that is not written has the line of the nearest one around it. */
export function lineFinder(document: Document, lines: LineCounter): (path: FieldPath) => number | undefined {
  return (path) => {
    let node: unknown = document.contents;
    let offset = offsetOf(node);
    for (const part of path) {
      const inside = isAlias(node) ? node.resolve(document) : node;
      if (isSeq(inside)) {
        node = inside.items[Number(part)];
      } else {
        const pair = isMap(inside) ? pairOf(inside.items, String(part)) : undefined;
        offset = offsetOf(pair?.key) ?? offset;
        node = pair?.value;
        if (pair !== undefined) continue;
      }
      if (node === undefined) break;
      offset = offsetOf(node) ?? offset;
    }
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
}

function pairOf(pairs: readonly Pair[], key: string): Pair | undefined {
  return pairs.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | undefined)?.range?.[0];
}

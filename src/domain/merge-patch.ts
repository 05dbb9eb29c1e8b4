import { isSame } from './same';

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch (RFC 7386) that turns `from` into `to`: maps by field, `null` for what goes, lists as a whole. Undefined when
 * nothing differs.
 */
export function mergePatch(from: JsonMap, to: JsonMap): JsonMap | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [from[key], to[key]];
    if (after === undefined) {
      if (before !== undefined) patch[key] = null;
    } else if (isMap(before) && isMap(after)) {
      const inner = mergePatch(before, after);
      if (inner !== undefined) patch[key] = inner;
    } else if (!isSame(before, after)) patch[key] = after;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { isMap, sameJson, type JsonMap } from './read-json';

/**
 * The JSON merge patch (RFC 7386) that turns `from` into `to`: maps by field, `null` for what goes, lists as a whole. Undefined when
 * nothing differs. A field that is `null` counts as absent: no such patch could ever write one.
 */
export function mergePatch(from: JsonMap, to: JsonMap): JsonMap | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [from[key] ?? undefined, to[key] ?? undefined];
    if (after === undefined) {
      if (before !== undefined) patch[key] = null;
    } else if (isMap(after)) {
      const inner = mergePatch(isMap(before) ? before : {}, after);
      if (inner !== undefined || !isMap(before)) patch[key] = inner ?? {};
    } else if (!sameJson(before, after)) patch[key] = after;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

import { limits } from './limits';

/** Why a parsed value is no JSON that the API server would take; undefined when it is fine. */
export function whyNotJson(value: unknown): string | undefined {
  let left = limits.objectLength;
  const visit = (node: unknown, depth: number): string | undefined => {
    left -= typeof node === 'string' ? node.length + 2 : 4;
    if (left < 0)
      return `is longer than ${limits.objectLength / 1_000_000} million characters with its aliases expanded`;
    if (typeof node === 'number') return whyNotNumber(node);
    if (typeof node !== 'object' || node === null) return undefined;
    if (depth >= limits.depth) return `has more than ${limits.depth} maps and lists inside each other`;
    for (const [key, child] of Object.entries(node)) {
      left -= Array.isArray(node) ? 0 : key.length;
      const reason = visit(child, depth + 1);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
  return visit(value, 0);
}

function whyNotNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return `has the number ${value}, which JSON cannot hold`;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'has a whole number beyond 2^53';
  return undefined;
}

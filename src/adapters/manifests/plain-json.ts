import { limits } from './limits';

/** What is wrong with a value, and what to do. */
export interface Objection {
  readonly message: string;
  readonly remedy: string;
}

/** Why a parsed value is no JSON that the API server would take; undefined when it is fine. */
export function whyNotJson(value: unknown): Objection | undefined {
  let left = limits.objectLength;
  const visit = (node: unknown, depth: number): Objection | undefined => {
    left -= typeof node === 'string' ? node.length + 2 : 4;
    if (left < 0) return tooLong;
    if (typeof node === 'number') return whyNotNumber(node);
    if (typeof node !== 'object' || node === null) return undefined;
    if (depth >= limits.depth) return tooDeep;
    for (const [key, child] of Object.entries(node)) {
      left -= Array.isArray(node) ? 0 : key.length;
      const objection = visit(child, depth + 1);
      if (objection !== undefined) return objection;
    }
    return undefined;
  };
  return visit(value, 0);
}

const tooLong: Objection = {
  message: `is longer than ${limits.objectLength / 1_000_000} million characters with its aliases written out`,
  remedy: 'make the object smaller',
};

export const tooDeep: Objection = {
  message: `has more than ${limits.depth} maps and lists inside each other`,
  remedy: 'flatten it',
};

function whyNotNumber(value: number): Objection | undefined {
  const remedy = 'write it in quotes if it is a text';
  if (!Number.isFinite(value)) return { message: `has the number ${value}, which JSON cannot hold`, remedy };
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return undefined;
  return { message: 'has a whole number beyond 2^53, which would be rounded', remedy };
}

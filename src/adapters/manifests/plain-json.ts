import { limits } from './limits';

/** What is wrong with a value, and what to do. */
export interface Objection {
  readonly message: string;
  readonly remedy: string;
}

export const tooDeep: Objection = {
  message: `has more than ${limits.depth} maps and lists inside each other`,
  remedy: 'flatten it',
};

const tooLong: Objection = {
  message: `is longer than ${limits.objectLength / 1_000_000} million characters with its aliases written out`,
  remedy: 'make the object smaller',
};

/** Whether a parsed value is too long or too deep to be an object of Kubernetes; it may even contain itself. */
export function whyTooBig(value: unknown): Objection | undefined {
  let left = limits.objectLength;
  const visit = (node: unknown, depth: number): Objection | undefined => {
    left -= typeof node === 'string' ? node.length + 2 : 4;
    if (left < 0) return tooLong;
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

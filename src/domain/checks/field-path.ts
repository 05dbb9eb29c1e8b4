import type { FieldPath } from '../located';

const part = /^(?:\.?([A-Za-z0-9_$-]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\['([^']*)'\])/;

/** Reads `spec.containers[0].image` or `metadata.labels["a/b"]`; undefined when it is no field path. */
export function readFieldName(text: string): FieldPath | undefined {
  const path: (string | number)[] = [];
  for (let rest = text; rest !== '';) {
    const found = part.exec(rest);
    if (found === null) return undefined;
    const [whole, name, index, quoted, single] = found;
    path.push(
      index === undefined ? (name ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? single ?? '') : Number(index),
    );
    rest = rest.slice(whole.length);
  }
  return path;
}

import type { FieldPath } from '../located';
import { isMap } from '../read-json';
import { valueAtPath } from './paths';

/** The path of a JSON pointer (RFC 6901) in a value, or undefined when it leads nowhere. */
export function pathOfPointer(value: unknown, pointer: string): FieldPath | undefined {
  const path: (string | number)[] = [];
  for (const text of pointer.split('/').slice(1)) {
    const part = text.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(valueAtPath(value, path)) && /^\d+$/.test(part) ? Number(part) : part);
  }
  return path.length === 0 || valueAtPath(value, path) === undefined ? undefined : path;
}

/** A path as jq writes it, as the paths that it means in a value: negative indices count from the end, slices are their items. */
export function pathsOfJq(value: unknown, path: readonly unknown[]): readonly FieldPath[] {
  return path.reduce<readonly FieldPath[]>(
    (found, part) =>
      found.flatMap((each) => partsIn(valueAtPath(value, each), part).map((one) => [...each, one])),
    [[]],
  );
}

function partsIn(value: unknown, part: unknown): readonly (string | number)[] {
  const length = Array.isArray(value) ? value.length : 0;
  if (typeof part === 'string') return [part];
  if (typeof part === 'number') return [part < 0 ? length + part : Math.floor(part)];
  if (!isMap(part)) return [];
  const indices = Array.from({ length }, (_item, index) => index);
  return indices.slice(numberOf(part['start']), numberOf(part['end']));
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

import type { FieldPath } from '../located';
import { isMap } from '../read-json';

type Part = string | number;

/** The value at a path; undefined when it is not there. */
export function valueAtPath(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(step, value);
}

function step(value: unknown, part: Part): unknown {
  if (Array.isArray(value)) return typeof part === 'number' ? (value as unknown[])[part] : undefined;
  return isMap(value) && typeof part === 'string' && Object.hasOwn(value, part) ? value[part] : undefined;
}

/** The value without the fields at `paths`; paths that lead nowhere change nothing. The argument stays as it is. */
export function withoutPaths<T>(value: T, paths: readonly FieldPath[]): T {
  // From the end, so that the indices of what is still to be removed stay true.
  return [...paths].sort(comparePaths).reverse().reduce<unknown>(withoutPath, value) as T;
}

/** The value without the maps and lists around `paths` that hold nothing: as Argo CD, none and an empty one are the same then. */
export function withoutEmpty<T>(value: T, paths: readonly FieldPath[]): T {
  const around = paths.flatMap((path) => path.slice(1).map((_part, index) => path.slice(0, index + 1)));
  const inner = around.sort(comparePaths).reverse();
  return inner.reduce<unknown>(
    (result, path) => (isEmpty(valueAtPath(result, path)) ? withoutPath(result, path) : result),
    value,
  ) as T;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function withoutPath(value: unknown, [part, ...rest]: FieldPath): unknown {
  if (part === undefined || step(value, part) === undefined) return value;
  if (Array.isArray(value)) {
    return rest.length === 0
      ? value.filter((_item, index) => index !== part)
      : value.map((item: unknown, index) => (index === part ? withoutPath(item, rest) : item));
  }
  const { [part]: inner, ...others } = value as Readonly<Record<Part, unknown>>;
  return rest.length === 0 ? others : { ...others, [part]: withoutPath(inner, rest) };
}

/** The value with `field` at the path; without a map or list to put it in, it stays as it is. */
export function withPath<T>(value: T, path: FieldPath, field: unknown): T {
  return put(value, path, field) as T;
}

function put(value: unknown, [part, ...rest]: FieldPath, field: unknown): unknown {
  if (part === undefined) return field;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === part ? put(item, rest, field) : item));
  if (!isMap(value)) return value;
  return rest.length > 0 && value[part] === undefined
    ? value
    : { ...value, [part]: put(value[part], rest, field) };
}

/** Parents before children, list items in their order, names by the alphabet. */
export function comparePaths(a: FieldPath, b: FieldPath): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (typeof part === 'number' && typeof other === 'number') return part - other;
    return String(part) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}

/** What tells the items of a list apart, in the order in which Kubernetes' lists are tried. */
const itemKeys = [
  'name',
  'mountPath',
  'containerPort',
  'port',
  'key',
  'type',
  'ip',
  'devicePath',
  'topologyKey',
];

/** The field that tells the items of both lists apart: every item is a map that has it, and no two in a list are alike. */
export function itemKeyOf(...lists: readonly (readonly unknown[])[]): string | undefined {
  if (lists.every((list) => list.length === 0)) return undefined;
  return itemKeys.find((key) =>
    lists.every((list) => {
      const ids = list.map((item) => (isMap(item) ? item[key] : undefined));
      return !ids.includes(undefined) && new Set(ids).size === ids.length;
    }),
  );
}

/** Where the field at `path` of `from` is in `to`: list items are found by what tells them apart. Undefined when an item is missing. */
export function counterpart(from: unknown, to: unknown, path: FieldPath): FieldPath | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return [];
  let other = part;
  if (Array.isArray(from) && typeof part === 'number') {
    if (!Array.isArray(to)) return undefined;
    const key = itemKeyOf(from, to);
    if (key !== undefined) {
      const id = (from[part] as Readonly<Record<string, unknown>> | undefined)?.[key];
      other = to.findIndex((item) => isMap(item) && item[key] === id);
      if (other < 0) return undefined;
    }
  }
  const inner = counterpart(step(from, part), step(to, other), rest);
  return inner === undefined ? undefined : [other, ...inner];
}

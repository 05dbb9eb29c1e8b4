import type { KubeObject } from '../kube-object';
import type { FieldPath } from '../located';
import { isMap, type JsonMap } from '../read-json';
import { valueAtPath } from './paths';

/** Which managers' entries are meant. */
type Which = (manager: string, operation: string) => boolean;

/** The fields of an object that managers own by its `managedFields` (structured-merge-diff's fieldsV1), the innermost ones. */
export function managedPaths(object: KubeObject, which: Which): readonly FieldPath[] {
  return (object.metadata.managedFields ?? [])
    .filter(({ manager = '', operation = '' }) => which(manager, operation))
    .flatMap((entry) => leaves(entry['fieldsV1'], object, []));
}

function leaves(fields: unknown, object: KubeObject, at: FieldPath): readonly FieldPath[] {
  const inner = Object.entries(isMap(fields) ? fields : {}).filter(([key]) => key !== '.');
  if (inner.length === 0) return at.length > 0 && valueAtPath(object, at) !== undefined ? [at] : [];
  return inner.flatMap(([key, value]) => {
    const part = partOf(key, valueAtPath(object, at));
    return part === undefined ? [] : leaves(value, object, [...at, part]);
  });
}

/** `f:name` a field, `k:{…}` the list item with these keys, `v:…` the item that is this value, `i:n` the n-th item. */
function partOf(key: string, value: unknown): string | number | undefined {
  const text = key.slice(2);
  if (key.startsWith('f:')) return text;
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (key.startsWith('i:')) return Number(text);
  const wanted: unknown = JSON.parse(text);
  const index = list.findIndex((item) => (key.startsWith('k:') ? hasKeys(item, wanted) : item === wanted));
  return index < 0 ? undefined : index;
}

/** Defaulted keys, such as a port's protocol, may be missing in what Git says. */
function hasKeys(item: unknown, keys: unknown): boolean {
  return (
    isMap(item) &&
    Object.entries(keys as JsonMap).every(
      ([name, value]) => item[name] === value || (item[name] === undefined && name === 'protocol'),
    )
  );
}

import { ExprError } from './expr-error';
import { toInt } from './numbers';
import { byteLength, sliceBytes, toBytes } from './utf8';
import {
  checkKey,
  describeType,
  GoMap,
  isNil,
  isRecord,
  isSequence,
  nilSlice,
  type Sequence,
} from './values';

/** `a[b]` and `a.b`: an index outside is an ExprError, a key that is not there gives nil. */
export function fetch(from: unknown, key: unknown): unknown {
  if (isSequence(from)) {
    const index = indexIn(from.length, key);
    if (index !== undefined) return from[index];
    throw new ExprError(`index ${toInt(key)} is out of range of an array of ${from.length}`);
  }
  if (typeof from === 'string') {
    const bytes = toBytes(from);
    const index = indexIn(bytes.length, key);
    if (index !== undefined) return BigInt(bytes[index] ?? 0);
    throw new ExprError(`index ${toInt(key)} is out of range of a text of ${bytes.length} bytes`);
  }
  const found = lookUp(from, key);
  if (found !== undefined) return found.value;
  throw new ExprError(
    `${describeType(from)} has no member ${typeof key === 'string' ? key : describeType(key)}`,
  );
}

/** The builtin `get`: nil where `fetch` finds nothing. */
export function getOrNil(from: unknown, key: unknown): unknown {
  if (isSequence(from)) return from[indexIn(from.length, key) ?? -1];
  if (typeof from === 'string') {
    const byte = toBytes(from)[indexIn(byteLength(from), key) ?? -1];
    return byte === undefined ? undefined : BigInt(byte);
  }
  const value = lookUp(from, key)?.value;
  return value === nilSlice ? undefined : value;
}

/** The index meant, from the end when negative; undefined when outside. */
function indexIn(length: number, key: unknown): number | undefined {
  const index = toInt(key);
  const from = index < 0n ? index + BigInt(length) : index;
  return from >= 0n && from < BigInt(length) ? Number(from) : undefined;
}

/** Value of a key of a map, nil when it has none; undefined when `from` is no map. Nil stands for the key "". */
function lookUp(from: unknown, key: unknown): { value: unknown } | undefined {
  if (from instanceof GoMap) {
    const absent = from.values === 'array' ? nilSlice : undefined;
    const known = checkKey(key);
    return { value: from.entries.has(known) ? from.entries.get(known) : absent };
  }
  if (!isRecord(from)) return undefined;
  const name = recordKey(key);
  return { value: Object.hasOwn(from, name) ? from[name] : undefined };
}

function recordKey(key: unknown): string {
  if (typeof key === 'string') return key;
  if (isNil(key)) return '';
  throw new ExprError(`${describeType(key)} cannot be a key of a map of texts`);
}

/** Whether a map has a key; undefined when it is no map. */
export function hasKey(map: unknown, key: unknown): boolean | undefined {
  if (map instanceof GoMap) return map.entries.has(checkKey(key));
  return isRecord(map) ? Object.hasOwn(map, recordKey(key)) : undefined;
}

/** The end of a slice without one. */
export const wholeLength = Symbol('whole length');

/** `a[from:to]`: bounds outside are drawn in, negative ones count from the end. */
export function slice(base: unknown, from: unknown, to: unknown): string | Sequence {
  if (typeof base !== 'string' && !isSequence(base))
    throw new ExprError(`cannot slice ${describeType(base)}`);
  const length = typeof base === 'string' ? byteLength(base) : base.length;
  const bound = (value: unknown): number => {
    const index = toInt(value);
    const clamped = index < -BigInt(length) ? -length : index > BigInt(length) ? length : Number(index);
    return clamped < 0 ? length + clamped : clamped;
  };
  const end = to === wholeLength ? length : bound(to);
  const start = Math.min(bound(from), end);
  return typeof base === 'string' ? sliceBytes(base, start, end) : base.slice(start, end);
}

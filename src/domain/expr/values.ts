import { ExprError } from './expr-error';
import { HostFunction } from './host-function';
import {
  anyMapType,
  arrayType,
  boolType,
  durationType,
  floatsType,
  floatType,
  intsType,
  intType,
  mapType,
  nilType,
  stringType,
  timeType,
  unknownType,
  type Type,
} from './types';

/*
 * Values while an expression is evaluated, by their Go types:
 *
 *   int           bigint                     []any            array
 *   float64       number, also NaN and ±∞    []float64        Float64Array
 *   string        string                     []int            BigInt64Array
 *   bool          boolean                    map[string]any   object of own properties
 *   nil           undefined or null          map[any]…        GoMap
 *   time.Time     Instant                    time.Duration    Span
 */

/** A point in time: nanoseconds since 1970. */
export class Instant {
  constructor(readonly nanos: bigint) {}
}

/** A length of time in nanoseconds. */
export class Span {
  constructor(readonly nanos: bigint) {}
}

/** A map whose keys need not be strings: of `groupBy` (values are arrays) and `fromPairs`. */
export class GoMap {
  readonly entries = new Map<unknown, unknown>();
  constructor(readonly values: 'any' | 'array') {}
}

export type Sequence = unknown[] | Float64Array | BigInt64Array;

/** Go's nil slice: equal to nil, and yet an array of no elements. */
export const nilSlice: unknown[] = [];

export function isSequence(value: unknown): value is Sequence {
  return Array.isArray(value) || value instanceof Float64Array || value instanceof BigInt64Array;
}

/** A `map[string]any`. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !isSequence(value) &&
    !(value instanceof GoMap || value instanceof Instant || value instanceof Span) &&
    !(value instanceof HostFunction)
  );
}

export function isNil(value: unknown): boolean {
  return value === undefined || value === null || value === nilSlice;
}

export function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Elements as an array of any. */
export function elements(value: Sequence): unknown[] {
  return Array.isArray(value) ? value : [...value];
}

/** Keys of either kind of map in a fixed order: Go's is random. */
export function mapEntries(value: unknown): [unknown, unknown][] | undefined {
  if (value instanceof GoMap) return [...value.entries];
  return isRecord(value) ? Object.entries(value) : undefined;
}

/** Sets an own property, whatever its name. */
export function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

/** What may be a key of a Go map: nothing that holds other values. */
export function checkKey(key: unknown): unknown {
  if (isSequence(key) || mapEntries(key) !== undefined || key instanceof HostFunction) {
    throw new ExprError(`${describeType(key)} cannot be a map key`);
  }
  return key ?? undefined;
}

/** The checker's type of a value of the environment. */
export function typeOf(value: unknown): Type {
  if (value === undefined || value === null) return nilType;
  if (typeof value === 'bigint') return intType;
  if (typeof value === 'number') return floatType;
  if (typeof value === 'string') return stringType;
  if (typeof value === 'boolean') return boolType;
  if (value instanceof Float64Array) return floatsType;
  if (value instanceof BigInt64Array) return intsType;
  if (Array.isArray(value)) return arrayType;
  if (value instanceof Instant) return timeType;
  if (value instanceof Span) return durationType;
  if (value instanceof HostFunction) return { kind: 'func', params: value.params, result: value.result };
  if (value instanceof GoMap) return anyMapType;
  return isRecord(value) ? mapType : unknownType;
}

/** As the builtin `type` calls it. */
export function describeType(value: unknown): string {
  const { kind } = typeOf(value);
  const names: Readonly<Record<string, string>> = {
    time: 'time.Time',
    duration: 'time.Duration',
    unknown: 'func',
  };
  return names[kind] ?? kind;
}

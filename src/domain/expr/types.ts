type Simple =
  | 'unknown'
  | 'any'
  | 'nil'
  | 'bool'
  | 'int'
  | 'int64'
  | 'float'
  | 'string'
  | 'time'
  | 'duration'
  | 'location';

/**
 * What is known of a value before evaluation. expr-lang checks an expression against the Go types of its environment, so that
 * `result == "x"` on a number is an error even where it is never reached; the same types are needed to refuse the same things.
 *
 * `unknown` and `any` both stand for anything. Go knows the second as a type (the element of `[]any`), the first not at all (a field
 * of something unknown), and only the second takes part in assignments.
 */
export type Type =
  | { readonly kind: Simple }
  /** `slice`: element type in Go; `elem`: what the checker knows of it beyond. */
  | { readonly kind: 'array'; readonly slice: 'any' | 'int' | 'float' | 'string'; readonly elem: Type }
  /** `key` and `value`: Go's `map[string]any`, `map[any]any`, `map[any][]any`. */
  | { readonly kind: 'map'; readonly key: 'string' | 'any'; readonly value: 'any' | 'array' }
  | { readonly kind: 'func'; readonly params: readonly Type[]; readonly result: Type };

const simple = (kind: Simple): Type => ({ kind });

export const unknownType: Type = simple('unknown');
export const anyType: Type = simple('any');
export const nilType: Type = simple('nil');
export const boolType: Type = simple('bool');
export const intType: Type = simple('int');
export const int64Type: Type = simple('int64');
export const floatType: Type = simple('float');
export const stringType: Type = simple('string');
export const timeType: Type = simple('time');
export const durationType: Type = simple('duration');
export const locationType: Type = simple('location');
export const mapType: Type = { kind: 'map', key: 'string', value: 'any' };
export const anyMapType: Type = { kind: 'map', key: 'any', value: 'any' };
export const groupsType: Type = { kind: 'map', key: 'any', value: 'array' };

/** `[]any` of which the checker knows the elements to be `elem`. */
export function arrayOf(elem: Type): Type {
  return { kind: 'array', slice: 'any', elem };
}

export const arrayType: Type = arrayOf(anyType);
export const stringsType: Type = { kind: 'array', slice: 'string', elem: stringType };
export const floatsType: Type = { kind: 'array', slice: 'float', elem: floatType };
export const intsType: Type = { kind: 'array', slice: 'int', elem: intType };

export function isUnknown(type: Type): boolean {
  return type.kind === 'unknown' || type.kind === 'any';
}

export function isInteger(type: Type): boolean {
  return type.kind === 'int' || type.kind === 'int64';
}

export function isNumber(type: Type): boolean {
  return isInteger(type) || type.kind === 'float';
}

/** Element or value type by indexing; `unknown` for what has none. */
export function elementOf(type: Type): Type {
  if (type.kind === 'array') return type.elem;
  if (type.kind === 'map') return type.value === 'array' ? arrayType : anyType;
  return unknownType;
}

/** As Go assigns: the same type, or anything to `any`, or nil to what may be nil. */
export function isAssignable(from: Type, to: Type): boolean {
  if (from.kind === 'nil') return ['any', 'array', 'map', 'func', 'location'].includes(to.kind);
  if (from.kind === 'unknown' || to.kind === 'unknown' || to.kind === 'nil') return false;
  return to.kind === 'any' || isSameGoType(from, to);
}

function isSameGoType(one: Type, other: Type): boolean {
  if (one.kind === 'array' && other.kind === 'array') return one.slice === other.slice;
  if (one.kind === 'map' && other.kind === 'map') return one.key === other.key && one.value === other.value;
  return one.kind === 'func' ? one === other : one.kind === other.kind;
}

/** Whether `==` may stand between them. */
export function isComparable(one: Type, other: Type): boolean {
  return (
    isUnknown(one) ||
    isUnknown(other) ||
    one.kind === 'nil' ||
    other.kind === 'nil' ||
    (isNumber(one) && isNumber(other)) ||
    (one.kind === 'array' && other.kind === 'array') ||
    isAssignable(one, other)
  );
}

/** Go's reflect.Kind as far as it tells types apart here: nil and unknown have none. */
export function kindOf(type: Type): string {
  if (type.kind === 'nil' || type.kind === 'unknown') return 'invalid';
  return type.kind === 'duration' ? 'int64' : type.kind;
}

/** As a message names it. */
export function typeName(type: Type): string {
  if (type.kind === 'array') return type.slice === 'any' ? 'array' : `array of ${type.slice}`;
  return type.kind === 'func' ? 'function' : type.kind;
}

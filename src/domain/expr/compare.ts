import { ExprError } from './expr-error';
import { compareText } from './utf8';
import {
  describeType,
  elements,
  GoMap,
  Instant,
  isNil,
  isNumeric,
  isRecord,
  isSequence,
  Span,
  type Sequence,
} from './values';

type Step = (count: number) => void;

/** `==`: numbers by value whatever their type, arrays element by element, maps and what they hold only when of the same types. */
export function isEqual(one: unknown, other: unknown, step: Step): boolean {
  if (isNumeric(one) && isNumeric(other)) return equalNumbers(one, other);
  if (isSequence(one) && isSequence(other) && areComparable(one, other)) {
    if (one.length !== other.length) return false;
    step(one.length);
    const right = elements(other);
    return elements(one).every((each, index) => isEqual(each, right[index], step));
  }
  if (isNil(one) && isNil(other)) return true;
  return isSame(one, other, step);
}

/** Two slices of different element types are never equal, unless one is of any. */
function areComparable(one: Sequence, other: Sequence): boolean {
  return Array.isArray(one) || Array.isArray(other) || one.constructor === other.constructor;
}

function equalNumbers(one: number | bigint, other: number | bigint): boolean {
  return typeof one === typeof other ? one === other : Number(one) === Number(other);
}

/** As reflect.DeepEqual. */
function isSame(one: unknown, other: unknown, step: Step): boolean {
  step(1);
  if (one === other) return true;
  if (one instanceof Instant) return other instanceof Instant && one.nanos === other.nanos;
  if (one instanceof Span) return other instanceof Span && one.nanos === other.nanos;
  if (isSequence(one)) return isSequence(other) && sameSequences(one, other, step);
  if (one instanceof GoMap) return other instanceof GoMap && sameMaps(one.entries, other.entries, step);
  if (isRecord(one) && isRecord(other)) {
    return sameMaps(new Map(Object.entries(one)), new Map(Object.entries(other)), step);
  }
  return (one ?? undefined) === (other ?? undefined);
}

function sameSequences(one: Sequence, other: Sequence, step: Step): boolean {
  if (one.constructor !== other.constructor || one.length !== other.length || isNil(one) !== isNil(other))
    return false;
  const right = elements(other);
  return elements(one).every((each, index) => isSame(each, right[index], step));
}

function sameMaps(
  one: ReadonlyMap<unknown, unknown>,
  other: ReadonlyMap<unknown, unknown>,
  step: Step,
): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([key, value]) => other.has(key) && isSame(value, other.get(key), step));
}

/** `<`: two numbers, texts, times or durations; anything else is an ExprError. */
export function isLess(one: unknown, other: unknown): boolean {
  return order(one, other, '<', (left, right) => left < right);
}

export function compare(operator: string, one: unknown, other: unknown): boolean {
  switch (operator) {
    case '<':
      return isLess(one, other);
    case '>':
      return isLess(other, one);
    case '<=':
      return order(one, other, operator, (left, right) => left <= right);
    default:
      return order(one, other, operator, (left, right) => left >= right);
  }
}

type Test = (left: number | bigint, right: number | bigint) => boolean;

function order(one: unknown, other: unknown, operator: string, test: Test): boolean {
  if (isNumeric(one) && isNumeric(other)) {
    return typeof one === typeof other ? test(one, other) : test(Number(one), Number(other));
  }
  if (typeof one === 'string' && typeof other === 'string') return test(compareText(one, other), 0);
  if (one instanceof Instant && other instanceof Instant) return test(one.nanos, other.nanos);
  if (one instanceof Span && other instanceof Span) return test(one.nanos, other.nanos);
  throw new ExprError(`${describeType(one)} and ${describeType(other)} have no order for ${operator}`);
}

/** In order, as Go's sort does it: equal elements keep their order up to 12 of them, and here also beyond. */
export function sortInOrder<T>(items: readonly T[], isBefore: (one: T, other: T) => boolean): T[] {
  const sorted = [...items];
  if (sorted.length > 12) {
    return sorted.sort((one, other) => (isBefore(one, other) ? -1 : isBefore(other, one) ? 1 : 0));
  }
  for (let end = 1; end < sorted.length; end++) {
    for (let at = end; at > 0; at--) {
      const [left, right] = [sorted[at - 1] as T, sorted[at] as T];
      if (!isBefore(right, left)) break;
      [sorted[at - 1], sorted[at]] = [right, left];
    }
  }
  return sorted;
}

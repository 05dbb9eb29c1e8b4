import { negate } from './arithmetic';
import { asInteger, type Builtin } from './builtin-args';
import { isLess } from './compare';
import { ExprError } from './expr-error';
import { round, toFloat, wrap } from './numbers';
import { describeType, elements, isNumeric, isSequence, Span } from './values';

const bits =
  (operation: (one: bigint, other: bigint) => bigint): Builtin =>
  ([one, other]) =>
    wrap(operation(asInteger(one), asInteger(other)));

/** A shift by 64 and more leaves nothing; computed so that a huge count costs nothing. */
const shift =
  (operation: (value: bigint, count: bigint) => bigint): Builtin =>
  ([value, count]) => {
    const by = asInteger(count);
    if (by < 0n) throw new ExprError('shift by a negative count');
    return wrap(operation(asInteger(value), by > 64n ? 64n : by));
  };

export const numberBuiltins: Readonly<Record<string, Builtin>> = {
  abs: ([value]) => {
    if (!isNumeric(value)) throw new ExprError(`${describeType(value)} is no number`);
    return value < 0 ? negate(value) : value;
  },
  ceil: ([value]) => Math.ceil(toFloat(value)),
  floor: ([value]) => Math.floor(toFloat(value)),
  round: ([value]) => round(toFloat(value)),
  max: (args) => extreme(args, isLess),
  min: (args) => extreme(args, (one, other) => isLess(other, one)),
  mean: (args) => {
    const numbers = args.flatMap(numbersIn);
    return numbers.length === 0 ? 0 : numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  },
  median: (args) => median(args.flatMap(numbersIn)),
  bitand: bits((one, other) => one & other),
  bitor: bits((one, other) => one | other),
  bitxor: bits((one, other) => one ^ other),
  bitnand: bits((one, other) => one & ~other),
  bitshl: shift((value, count) => value << count),
  bitshr: shift((value, count) => value >> count),
  bitushr: shift((value, count) => BigInt.asUintN(64, value) >> count),
  bitnot: ([value]) => wrap(~asInteger(value)),
};

/**
 * The number that no other outranks, in arrays at any depth. A single argument that is neither is given back as it is; in an array it
 * is an error, and so is an empty array within another.
 */
function extreme(args: readonly unknown[], isOutranked: (one: unknown, other: unknown) => boolean): unknown {
  let best: unknown;
  const consider = (value: unknown): void => {
    if (best === undefined || isOutranked(best, value)) best = value;
  };
  for (const arg of args) {
    if (isSequence(arg)) {
      for (const each of elements(arg)) {
        const inner = extreme([each], isOutranked);
        if (!isNumeric(inner)) throw new ExprError(`${describeType(inner)} is no number`);
        consider(inner);
      }
    } else if (isNumeric(arg) || arg instanceof Span) {
      consider(arg);
    } else if (args.length === 1) {
      return arg;
    } else {
      throw new ExprError(`${describeType(arg)} is no number`);
    }
  }
  return best;
}

function numbersIn(value: unknown): number[] {
  if (value instanceof Span) return [Number(value.nanos)];
  return isSequence(value) ? elements(value).flatMap(numbersIn) : [toFloat(value)];
}

/** NaN counts as smaller than any number. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => {
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(other)) - Number(Number.isNaN(one));
    return one - other;
  });
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 || sorted.length === 0 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

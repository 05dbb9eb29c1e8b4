import { ExprError } from './expr-error';
import { describeType, isNumeric } from './values';

/** Overflow wraps, as in Go. */
export function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

const smallest = -(2n ** 63n);

/** Go's conversion of a float to int on the common platforms: the fraction goes, and what does not fit is the smallest int. */
export function truncate(value: number): bigint {
  if (!(value >= -(2 ** 63) && value < 2 ** 63)) return smallest;
  return BigInt(Math.trunc(value));
}

/** An int where an int is needed: an index, a bound, a count. */
export function toInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return truncate(value);
  throw new ExprError(`${describeType(value)} is no number`);
}

export function toFloat(value: unknown): number {
  if (isNumeric(value)) return Number(value);
  throw new ExprError(`${describeType(value)} is no number`);
}

/** An int in decimal, as strconv.Atoi reads it. Throws ExprError. */
export function parseInteger(text: string): bigint {
  if (/^[+-]?[0-9]+$/.test(text)) {
    const digits = BigInt(text.replace(/^\+/, ''));
    if (digits === wrap(digits)) return digits;
  }
  throw new ExprError(`${JSON.stringify(text)} is no int`);
}

const digits = '[0-9](?:_?[0-9])*';
const floating = new RegExp(
  `^[+-]?(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?$`,
  'i',
);

/** A float, as strconv.ParseFloat reads it, hexadecimal aside. Throws ExprError. */
export function parseFloating(text: string): number {
  const word = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (word !== null) return word[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  const value = floating.test(text) ? Number(text.replaceAll('_', '')) : NaN;
  if (!Number.isFinite(value)) throw new ExprError(`${JSON.stringify(text)} is no float`);
  return value;
}

/** Half away from zero. */
export function round(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** Go's math.Pow: 1 to any power and -1 to an infinite one are 1. */
export function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}

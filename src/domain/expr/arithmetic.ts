import { ExprError } from './expr-error';
import { power, toFloat, wrap } from './numbers';
import { describeType, Instant, isNumeric, Span } from './values';

/** `+ - * / % ** ^` on values. `/` and powers give a float, `%` takes ints only; ExprError where an operation is not defined. */
export function calculate(operator: string, one: unknown, other: unknown): unknown {
  const result = operation(operator, one, other);
  if (result !== undefined) return result;
  throw new ExprError(`${operator} is not defined on ${describeType(one)} and ${describeType(other)}`);
}

function operation(operator: string, one: unknown, other: unknown): unknown {
  switch (operator) {
    case '/':
      return isNumeric(one) && isNumeric(other) ? Number(one) / Number(other) : undefined;
    case '**':
    case '^':
      return power(toFloat(one), toFloat(other));
    case '%':
      return typeof one === 'bigint' && typeof other === 'bigint' ? modulo(one, other) : undefined;
    default:
      return onNumbers(operator, one, other) ?? onText(operator, one, other) ?? onTimes(operator, one, other);
  }
}

function modulo(one: bigint, other: bigint): bigint {
  if (other === 0n) throw new ExprError('integer division by zero');
  return one % other;
}

function onNumbers(operator: string, one: unknown, other: unknown): unknown {
  if (typeof one === 'bigint' && typeof other === 'bigint') {
    return wrap(operator === '+' ? one + other : operator === '-' ? one - other : one * other);
  }
  if (!isNumeric(one) || !isNumeric(other)) return undefined;
  const [left, right] = [Number(one), Number(other)];
  return operator === '+' ? left + right : operator === '-' ? left - right : left * right;
}

function onText(operator: string, one: unknown, other: unknown): unknown {
  return operator === '+' && typeof one === 'string' && typeof other === 'string' ? one + other : undefined;
}

function onTimes(operator: string, one: unknown, other: unknown): unknown {
  if (operator === '*') return onProducts(one, other);
  const sign = operator === '-' ? -1n : 1n;
  if (one instanceof Instant && other instanceof Span) return new Instant(one.nanos + sign * other.nanos);
  if (one instanceof Span && other instanceof Span) return new Span(wrap(one.nanos + sign * other.nanos));
  if (sign === 1n && one instanceof Span && other instanceof Instant)
    return new Instant(one.nanos + other.nanos);
  if (sign === -1n && one instanceof Instant && other instanceof Instant) {
    return new Span(clamp(one.nanos - other.nanos));
  }
  return undefined;
}

/** A difference of times beyond 292 years is the longest duration there is. */
function clamp(nanos: bigint): bigint {
  const limit = 2n ** 63n;
  return nanos >= limit ? limit - 1n : nanos < -limit ? -limit : nanos;
}

/** A duration times an int is a duration, times a float a float of nanoseconds: so it is in expr-lang. */
function onProducts(one: unknown, other: unknown): unknown {
  if (one instanceof Span && other instanceof Span) return new Span(wrap(one.nanos * other.nanos));
  const [span, factor] = one instanceof Span ? [one, other] : [other, one];
  if (!(span instanceof Span)) return undefined;
  if (typeof factor === 'bigint') return new Span(wrap(span.nanos * factor));
  return typeof factor === 'number' ? Number(span.nanos) * factor : undefined;
}

/** `-x`. */
export function negate(value: unknown): unknown {
  if (typeof value === 'bigint') return wrap(-value);
  if (typeof value === 'number') return -value;
  throw new ExprError(`- is not defined on ${describeType(value)}`);
}

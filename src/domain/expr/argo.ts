import { ExprError } from './expr-error';
import { HostFunction } from './host-function';
import { parseFloating, parseInteger, truncate } from './numbers';
import { anyType, boolType, floatType, int64Type } from './types';
import { describeType, isNil, isNumeric } from './values';

/**
 * What Argo Rollouts puts beside the builtins: `result` and functions of it. `default(x, fallback)` and `isNil(x)` look at the result
 * itself, whatever `x` is: `default(result.a, 0)` is the whole result unless that is nil. NaN, infinities and empty arrays are no nil.
 */
export function argoEnvironment(result: unknown): ReadonlyMap<string, unknown> {
  const value = result ?? undefined;
  const onFloat = (test: (value: number) => boolean): HostFunction =>
    new HostFunction([floatType], boolType, ([arg]) => {
      if (typeof arg === 'number') return test(arg);
      throw new ExprError(`${describeType(arg)} is no float`);
    });
  return new Map<string, unknown>([
    ['result', value],
    ['asInt', new HostFunction([anyType], int64Type, ([arg]) => asInt(arg))],
    ['asFloat', new HostFunction([anyType], floatType, ([arg]) => asFloat(arg))],
    ['isNaN', onFloat(Number.isNaN)],
    ['isInf', onFloat((each) => Math.abs(each) === Infinity)],
    ['isNil', new HostFunction([anyType], boolType, () => isNil(value))],
    [
      'default',
      new HostFunction([anyType, anyType], anyType, ([, fallback]) => (isNil(value) ? fallback : value)),
    ],
  ]);
}

/** What Argo Rollouts puts beside the builtins in the times of a range query. */
export function timeEnvironment(): ReadonlyMap<string, unknown> {
  const { isNaN, isInf } = Object.fromEntries(argoEnvironment(undefined));
  return new Map([
    ['isNaN', isNaN],
    ['isInf', isInf],
  ]);
}

function asInt(value: unknown): bigint {
  if (typeof value === 'string') return parseInteger(value);
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return truncate(value);
  throw new ExprError(`asInt does not take ${describeType(value)}`);
}

function asFloat(value: unknown): number {
  if (typeof value === 'string') return parseFloating(value);
  if (isNumeric(value)) return Number(value);
  throw new ExprError(`asFloat does not take ${describeType(value)}`);
}

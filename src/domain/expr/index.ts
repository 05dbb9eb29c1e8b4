import { argoEnvironment, timeEnvironment } from './argo';
import { check } from './check';
import { evaluateNode } from './evaluate-node';
import { Evaluation } from './evaluation';
import { describe, ExprError } from './expr-error';
import { optimise } from './optimise';
import { parse } from './parse';
import { describeType, Instant, typeOf } from './values';

export { GoMap, Instant, Span } from './values';

interface Failure {
  readonly ok: false;
  /** What is wrong, with the column from 1 where it is known. */
  readonly message: string;
}

/** Value or error of an expression. */
export type ExprResult = { readonly ok: true; readonly value: unknown } | Failure;

/**
 * Evaluates an expression of expr-lang 1.17.7 as its `Compile` with the environment and `Run` would. Never throws.
 *
 * Numbers of the environment are floats and bigints are ints, in the value too; `[]float64` and `[]int` are Float64Array and
 * BigInt64Array, any other array is `[]any`, objects are `map[string]any`, null and undefined are nil. Values may also be `Instant`,
 * `Span` (a duration) and `GoMap` (of `groupBy` and `fromPairs`). `now()`, layouts and zones of dates are refused; so is what takes
 * longer than about 100 ms.
 */
export function evaluate(source: string, env: Readonly<Record<string, unknown>>): ExprResult {
  return run(source, new Map(Object.entries(env)));
}

/**
 * Evaluates a condition of a metric as Argo Rollouts 1.9 does: with `result`, `asInt`, `asFloat`, `isNaN`, `isInf`, `isNil`, `default`
 * and the builtins; anything but a bool is an error. A list of numbers from Prometheus is a Float64Array, one from JSON an array: an
 * expression that fits no float, `result[0].name`, is an error for the first even when the list is empty. Never throws.
 */
export function evaluateCondition(
  source: string,
  result: unknown,
): { readonly ok: true; readonly value: boolean } | Failure {
  const outcome = run(source, argoEnvironment(result));
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  if (typeof value === 'boolean') return { ok: true, value };
  return { ok: false, message: `expected a bool, got ${describeType(value)}` };
}

/**
 * Evaluates the start or end of a Prometheus range query, such as `now() - duration("5m")` or `date("2023-01-01")`, to milliseconds
 * since 1970. Anything but a time is an error. Never throws.
 */
export function evaluateTime(
  source: string,
  nowMs: number,
): { readonly ok: true; readonly value: number } | Failure {
  const outcome = run(source, timeEnvironment(), nowMs);
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  if (value instanceof Instant) return { ok: true, value: Number(value.nanos / 1_000_000n) };
  return { ok: false, message: `expected a time, got ${describeType(value)}` };
}

/** Checks syntax only: undefined when fine, else a message with the column. Never throws. */
export function syntaxError(source: string): string | undefined {
  const outcome = attempt(() => parse(source));
  return outcome.ok ? undefined : outcome.message;
}

function run(source: string, environment: ReadonlyMap<string, unknown>, now?: number): ExprResult {
  return attempt(() => {
    const tree = parse(source, (name) => environment.has(name));
    check(tree, new Map([...environment].map(([name, value]) => [name, typeOf(value)])));
    return new Evaluation(environment, now, evaluateNode).evaluate(optimise(tree));
  });
}

function attempt(action: () => unknown): ExprResult {
  try {
    return { ok: true, value: action() };
  } catch (error: unknown) {
    if (error instanceof ExprError) return { ok: false, message: describe(error) };
    // An array within an array within an array uses up the stack before the limits are met.
    if (error instanceof RangeError) return { ok: false, message: 'a value is nested too deeply' };
    return {
      ok: false,
      message: `expression cannot be evaluated: ${error instanceof Error ? error.message : 'unknown'}`,
    };
  }
}

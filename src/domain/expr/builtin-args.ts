import type { Evaluation } from './evaluation';
import { ExprError } from './expr-error';
import { describeType, isSequence, mapEntries, type Sequence } from './values';

/** A builtin on values already evaluated. May throw ExprError. */
export type Builtin = (args: readonly unknown[], run: Evaluation) => unknown;

export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ExprError(`${describeType(value)} is not a text`);
}

/** The text at `index`, `otherwise` when the argument is left out: nil given in its place is no text. */
export function textOr(args: readonly unknown[], index: number, otherwise: string): string {
  return args.length > index ? asText(args[index]) : otherwise;
}

export function asArray(value: unknown): Sequence {
  if (isSequence(value)) return value;
  throw new ExprError(`${describeType(value)} is not an array`);
}

export function asEntries(value: unknown): [unknown, unknown][] {
  const entries = mapEntries(value);
  if (entries !== undefined) return entries;
  throw new ExprError(`${describeType(value)} is not a map`);
}

export function asInteger(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  throw new ExprError(`${describeType(value)} is not an int`);
}

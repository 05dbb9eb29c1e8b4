import { asArray, asInteger, asText, textOr, type Builtin } from './builtin-args';
import { isEqual, isLess, sortInOrder } from './compare';
import type { Evaluation } from './evaluation';
import { ExprError } from './expr-error';
import { fetch } from './fetch';
import { describeType, elements, isSequence, mapEntries, nilSlice, type Sequence } from './values';

export const arrayBuiltins: Readonly<Record<string, Builtin>> = {
  len: ([value], run) => BigInt(length(value, run)),
  first: ([from]) => endOf(from, 0n),
  last: ([from]) => endOf(from, -1n),
  take: ([from, count]) => {
    const array = asArray(from);
    const size = asInteger(count);
    if (size < 0n) throw new ExprError('take of a negative count');
    return array.slice(0, size > BigInt(array.length) ? array.length : Number(size));
  },
  reverse: ([from], run) => grown(elements(asArray(from)).toReversed(), run),
  concat: (args, run) => {
    const all = args.map(asArray);
    run.budget.grow(all.reduce((sum, each) => sum + each.length, 0));
    const joined: unknown[] = [];
    for (const array of all) for (const each of array) joined.push(each);
    return joined.length === 0 ? nilSlice : joined;
  },
  flatten: ([from], run) => {
    const flat: unknown[] = [];
    flatten(asArray(from), flat, run);
    return grown(flat, run);
  },
  uniq: ([from], run) => uniq(elements(asArray(from)), run),
  sort: (args, run) => {
    const [from] = args;
    const direction = textOr(args, 1, 'asc');
    if (direction !== 'asc' && direction !== 'desc') throw new ExprError('order is "asc" or "desc"');
    const isBefore = direction === 'asc' ? isLess : (one: unknown, other: unknown) => isLess(other, one);
    return isSequence(from) ? grown(sortInOrder(elements(from), isBefore), run) : nilSlice;
  },
  join: (args, run) => {
    const texts = asTexts(args[0]);
    const between = textOr(args, 1, '');
    run.text(texts.reduce((sum, text) => sum + text.length + between.length, 0));
    return texts.join(between);
  },
};

function length(value: unknown, run: Evaluation): number {
  if (isSequence(value)) return value.length;
  if (typeof value === 'string') {
    run.text(value.length);
    return Array.from(value).length;
  }
  const entries = mapEntries(value);
  if (entries === undefined) throw new ExprError(`${describeType(value)} has no length`);
  return entries.length;
}

function grown<T>(array: T[], run: Evaluation): T[] {
  run.budget.grow(array.length);
  return array;
}

/** Nil where there is no such element, or nothing that could have one. */
function endOf(from: unknown, index: bigint): unknown {
  try {
    return fetch(from, index);
  } catch (error: unknown) {
    if (error instanceof ExprError) return undefined;
    throw error;
  }
}

function flatten(from: Sequence, into: unknown[], run: Evaluation): void {
  run.step(from.length + 1);
  for (const each of from) {
    if (isSequence(each)) flatten(each, into, run);
    else into.push(each);
  }
}

function uniq(items: readonly unknown[], run: Evaluation): unknown[] {
  const found: unknown[] = [];
  for (const item of items) {
    run.step(found.length);
    if (!found.some((each) => isEqual(item, each, run.step))) found.push(item);
  }
  return found;
}

/** Arrays of numbers are none of texts, not even when empty. */
function asTexts(from: unknown): string[] {
  if (!Array.isArray(from)) throw new ExprError(`cannot join ${describeType(from)}`);
  return from.map(asText);
}

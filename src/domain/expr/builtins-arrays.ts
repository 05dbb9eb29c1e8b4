import { asArray, asInteger, asText, type Builtin } from './builtin-args';
import { isEqual, isLess, sortInOrder } from './compare';
import type { Evaluation } from './evaluation';
import { ExprError } from './expr-error';
import { fetch } from './fetch';
import { describeType, elements, isSequence, mapEntries } from './values';

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
    const all = args.map((arg) => elements(asArray(arg)));
    return grown(all.flat(), run);
  },
  flatten: ([from], run) => grown(flatten(asArray(from), run), run),
  uniq: ([from], run) => uniq(elements(asArray(from)), run),
  sort: ([from, order = 'asc'], run) => {
    const direction = asText(order);
    if (direction !== 'asc' && direction !== 'desc') throw new ExprError('order is "asc" or "desc"');
    const isBefore = direction === 'asc' ? isLess : (one: unknown, other: unknown) => isLess(other, one);
    return grown(sortInOrder(isSequence(from) ? elements(from) : [], isBefore), run);
  },
  join: ([from, glue = ''], run) => {
    const texts = asTexts(from);
    const between = asText(glue);
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

function flatten(from: ReturnType<typeof asArray>, run: Evaluation): unknown[] {
  run.step(from.length);
  return elements(from).flatMap((each) => (isSequence(each) ? flatten(each, run) : [each]));
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

import { calculate } from './arithmetic';
import type { BinaryNode } from './ast';
import { compare, isEqual } from './compare';
import type { Evaluation } from './evaluation';
import { ExprError } from './expr-error';
import { hasKey } from './fetch';
import { toInt, wrap } from './numbers';
import { matchPattern } from './regex';
import { describeType, elements, Instant, isNil, isSequence } from './values';

/** Value of `a op b`. */
export function evaluateBinary(node: BinaryNode, run: Evaluation): unknown {
  const left = run.evaluate(node.left);
  switch (node.operator) {
    case '&&':
    case 'and':
      return asBool(left) ? run.evaluate(node.right) : left;
    case '||':
    case 'or':
      return asBool(left) ? left : run.evaluate(node.right);
    case '??':
      return isNil(left) ? run.evaluate(node.right) : left;
    default:
      return operate(node, left, run);
  }
}

function operate(node: BinaryNode, left: unknown, run: Evaluation): unknown {
  const right = run.evaluate(node.right);
  switch (node.operator) {
    case '==':
      return equal(node, left, right, run);
    case '!=':
      return !equal(node, left, right, run);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compare(node.operator, left, right);
    case 'in':
      return isIn(left, right, run);
    case 'matches':
      return matches(node, left, right, run);
    case 'contains':
      return onTexts(left, right, (text, part) => text.includes(part));
    case 'startsWith':
      return onTexts(left, right, (text, part) => text.startsWith(part));
    case 'endsWith':
      return onTexts(left, right, (text, part) => text.endsWith(part));
    case '..':
      return range(toInt(left), toInt(right), run);
    default:
      if (typeof left === 'string' && typeof right === 'string') run.text(left.length + right.length);
      return calculate(node.operator, left, right);
  }
}

function asBool(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new ExprError(`${describeType(value)} is not a bool`);
}

/**
 * Where the checker took both sides for ints, or for texts, expr-lang compares them as such and fails when a value turns out to be of
 * another type, as `max(1, 2.5) == 2` does.
 */
function equal(node: BinaryNode, left: unknown, right: unknown, run: Evaluation): boolean {
  const { kind } = node.left.type;
  if ((kind === 'int' || kind === 'string') && node.right.type.kind === kind) {
    const expected = kind === 'int' ? 'bigint' : 'string';
    if (typeof left !== expected || typeof right !== expected) {
      throw new ExprError(`${describeType(left)} and ${describeType(right)} compared as ${kind}`);
    }
  }
  return isEqual(left, right, run.step);
}

function isIn(left: unknown, right: unknown, run: Evaluation): boolean {
  if (right instanceof Set) return isInSet(left, right as ReadonlySet<unknown>);
  if (isNil(right)) return false;
  if (isSequence(right)) return elements(right).some((each) => isEqual(each, left, stepOf(run)));
  if (right instanceof Instant && typeof left === 'string') return false;
  const found = hasKey(right, left);
  if (found === undefined) throw new ExprError(`in is not defined on ${describeType(right)}`);
  return found;
}

function stepOf(run: Evaluation): (count: number) => void {
  return (count) => {
    run.step(count + 1);
  };
}

/** Literals right of `in` are the keys of a map: a value of another type fails, and nil is taken for "". */
function isInSet(value: unknown, set: ReadonlySet<unknown>): boolean {
  const [first] = set;
  if (isNil(value)) return set.has(typeof first === 'bigint' ? 0n : '');
  if (typeof value !== typeof first)
    throw new ExprError(`${describeType(value)} among literals of another type`);
  return set.has(value);
}

function matches(node: BinaryNode, left: unknown, right: unknown, run: Evaluation): boolean {
  if (isNil(left) || (isNil(right) && node.right.kind !== 'string')) return false;
  if (typeof left !== 'string' || typeof right !== 'string') {
    throw new ExprError(`matches is not defined on ${describeType(left)} and ${describeType(right)}`);
  }
  return matchPattern(run.pattern(right), left, run.step);
}

function onTexts(left: unknown, right: unknown, test: (text: string, part: string) => boolean): boolean {
  if (isNil(left) || isNil(right)) return false;
  if (typeof left === 'string' && typeof right === 'string') return test(left, right);
  throw new ExprError(`${describeType(left)} and ${describeType(right)} are not both texts`);
}

function range(from: bigint, to: bigint, run: Evaluation): BigInt64Array {
  const size = wrap(to - from + 1n);
  if (size <= 0n) return new BigInt64Array();
  run.budget.grow(Number(size));
  run.step(Number(size));
  const numbers = new BigInt64Array(Number(size));
  for (let index = 0; index < numbers.length; index++) numbers[index] = from + BigInt(index);
  return numbers;
}

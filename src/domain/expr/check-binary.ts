import type { BinaryNode } from './ast';
import type { CheckContext } from './check-context';
import { ExprError } from './expr-error';
import { compilePattern } from './regex';
import {
  arrayOf,
  boolType,
  durationType,
  elementOf,
  floatType,
  intType,
  isAssignable,
  isComparable,
  isInteger,
  isNumber,
  isUnknown,
  nilType,
  stringType,
  timeType,
  typeName,
  unknownType,
  type Type,
} from './types';

type Family = 'bool' | 'string' | 'integer' | 'number' | 'time' | 'duration';

function isOf(type: Type, family: Family): boolean {
  if (family === 'integer') return isInteger(type);
  return family === 'number' ? isNumber(type) : type.kind === family;
}

/** Both of one family, or one of a family and the other unknown, or both unknown. */
function fit(left: Type, right: Type, ...families: readonly Family[]): 'known' | 'maybe' | undefined {
  if (families.some((family) => isOf(left, family) && isOf(right, family))) return 'known';
  const mayBe = (type: Type): boolean => isUnknown(type) || families.some((family) => isOf(type, family));
  return (isUnknown(left) || isUnknown(right)) && mayBe(left) && mayBe(right) ? 'maybe' : undefined;
}

type Rule = (left: Type, right: Type) => Type | undefined;

const always =
  (result: Type, ...families: readonly Family[]): Rule =>
  (left, right) =>
    fit(left, right, ...families) === undefined ? undefined : result;

const arithmetic = (
  result: (left: Type, right: Type) => Type | undefined,
  ...families: readonly Family[]
): Rule => {
  return (left, right) => {
    if (isNumber(left) && isNumber(right)) {
      return left.kind === 'float' || right.kind === 'float' ? floatType : intType;
    }
    return result(left, right) ?? (fit(left, right, ...families) === 'maybe' ? unknownType : undefined);
  };
};

const pairs = (table: Readonly<Record<string, Type>>) => (left: Type, right: Type) => {
  const kind = (type: Type): string => (isNumber(type) ? 'number' : type.kind);
  return table[`${kind(left)} ${kind(right)}`];
};

const add = arithmetic(
  pairs({
    'string string': stringType,
    'time duration': timeType,
    'duration time': timeType,
    'duration duration': durationType,
  }),
  'number',
  'string',
  'time',
  'duration',
);
const subtract = arithmetic(
  pairs({ 'time time': durationType, 'time duration': timeType, 'duration duration': durationType }),
  'number',
  'time',
  'duration',
);
const multiply = arithmetic(
  pairs({
    'number duration': durationType,
    'duration number': durationType,
    'duration duration': durationType,
  }),
  'number',
  'duration',
);
const equal: Rule = (left, right) => (isComparable(left, right) ? boolType : undefined);
const both = always(boolType, 'bool');
const order = always(boolType, 'number', 'string', 'time', 'duration');
const text = always(boolType, 'string');
const power = always(floatType, 'number');

const rules: Readonly<Record<string, Rule>> = {
  '==': equal,
  '!=': equal,
  or: both,
  '||': both,
  and: both,
  '&&': both,
  '<': order,
  '>': order,
  '<=': order,
  '>=': order,
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': power,
  '**': power,
  '^': power,
  '%': always(intType, 'integer'),
  contains: text,
  startsWith: text,
  endsWith: text,
  matches: text,
  '..': always(arrayOf(intType), 'integer'),
  in: checkIn,
  '??': checkCoalesce,
};

/** Type of an operation, or an error where no values of those types could be operated on so. */
export function checkBinary(node: BinaryNode, context: CheckContext): Type {
  const left = context.visit(node.left);
  const right = context.visit(node.right);
  if (node.operator === 'matches' && node.right.kind === 'string')
    checkPattern(node, node.right.value, context);
  const type = rules[node.operator]?.(left, right);
  return (
    type ?? context.fail(node, `${node.operator} does not apply to ${typeName(left)} and ${typeName(right)}`)
  );
}

function checkPattern(node: BinaryNode, pattern: string, context: CheckContext): void {
  try {
    compilePattern(pattern);
  } catch (error: unknown) {
    if (error instanceof ExprError) context.fail(node, error.message);
    throw error;
  }
}

function checkIn(left: Type, right: Type): Type | undefined {
  if (right.kind === 'map') {
    return isUnknown(left) || right.key === 'any' || left.kind === 'string' ? boolType : undefined;
  }
  if (right.kind === 'array') return isComparable(left, elementOf(right)) ? boolType : undefined;
  // To Go a time is a struct, whose fields may be asked for.
  if (right.kind === 'time' && (isUnknown(left) || left.kind === 'string')) return boolType;
  return isUnknown(right) || (isUnknown(left) && right.kind === 'string') ? boolType : undefined;
}

function checkCoalesce(left: Type, right: Type): Type {
  if (left.kind === 'nil') return right.kind === 'nil' ? nilType : right;
  return right.kind === 'nil' || isAssignable(right, left) ? left : unknownType;
}

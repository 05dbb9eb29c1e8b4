import { calculate, negate } from './arithmetic';
import type { BinaryNode, Node, UnaryNode } from './ast';
import { ExprError } from './expr-error';
import { arrayType, boolType, floatType, intType, stringType } from './types';

/** Evaluates a node of literals; gives the node itself when there is nothing to fold. Throws ExprError for `1 % 0`. */
export function fold(node: Node): Node {
  switch (node.kind) {
    case 'unary':
      return foldUnary(node);
    case 'binary':
      return node.operator in connectives ? foldLogic(node) : foldOperation(node);
    case 'array': {
      const values = node.nodes.map(literalOf);
      const isConstant = values.length > 0 && values.every((value) => value !== undefined);
      return isConstant ? { kind: 'constant', value: values, at: node.at, type: arrayType } : node;
    }
    case 'builtin': {
      const [inner, closure] = node.args;
      if (node.name !== 'filter' || inner?.kind !== 'builtin' || inner.name !== 'filter') return node;
      const [array, first] = inner.args;
      if (array === undefined || first?.kind !== 'closure' || closure?.kind !== 'closure') return node;
      const both: Node = {
        kind: 'binary',
        operator: '&&',
        left: first.node,
        right: closure.node,
        at: node.at,
        type: boolType,
      };
      return { ...node, args: [array, { ...closure, node: both }] };
    }
    default:
      return node;
  }
}

type Literal = bigint | number | string | boolean;

function literalOf(node: Node): Literal | undefined {
  const isLiteral =
    node.kind === 'int' || node.kind === 'float' || node.kind === 'string' || node.kind === 'bool';
  return isLiteral ? node.value : undefined;
}

function literal(value: unknown, at: number, otherwise: Node): Node {
  if (typeof value === 'bigint') return { kind: 'int', value, at, type: intType };
  if (typeof value === 'number') return { kind: 'float', value, at, type: floatType };
  if (typeof value === 'string') return { kind: 'string', value, at, type: stringType };
  return typeof value === 'boolean' ? { kind: 'bool', value, at, type: boolType } : otherwise;
}

function foldUnary(node: UnaryNode): Node {
  const value = literalOf(node.node);
  const isNumber = typeof value === 'bigint' || typeof value === 'number';
  if (node.operator === '-' && isNumber) return literal(negate(value), node.at, node);
  if (node.operator === '+' && isNumber) return literal(value, node.at, node);
  const isNegation = node.operator === '!' || node.operator === 'not';
  return isNegation && typeof value === 'boolean' ? literal(!value, node.at, node) : node;
}

/** By what is decided: `x && false` is false even where `x` would fail. */
const connectives: Readonly<Record<string, boolean>> = { and: false, '&&': false, or: true, '||': true };

function foldLogic(node: BinaryNode): Node {
  const decisive = connectives[node.operator];
  const [left, right] = [literalOf(node.left), literalOf(node.right)];
  if (left === !decisive) return { ...node.right, type: node.type };
  if (right === !decisive) return { ...node.left, type: node.type };
  return left === decisive || right === decisive ? literal(decisive, node.at, node) : node;
}

function foldOperation(node: BinaryNode): Node {
  const [left, right] = [literalOf(node.left), literalOf(node.right)];
  if (left === undefined || right === undefined) return node;
  if (node.operator === '==') {
    const areAlike = typeof left === typeof right && typeof left !== 'number';
    return areAlike ? literal(left === right, node.at, node) : node;
  }
  if (!['+', '-', '*', '/', '%', '**', '^'].includes(node.operator)) return node;
  try {
    return literal(calculate(node.operator, left, right), node.at, node);
  } catch (error: unknown) {
    if (error instanceof ExprError) throw new ExprError(error.message, node.at);
    throw error;
  }
}

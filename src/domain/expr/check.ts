import type { ConditionalNode, LetNode, Node, PointerNode, UnaryNode } from './ast';
import { isBuiltin } from './builtin-names';
import { checkBinary } from './check-binary';
import { checkBuiltin } from './check-builtin';
import { checkCall } from './check-call';
import { CheckContext } from './check-context';
import { checkMember, checkSlice } from './check-member';
import {
  arrayOf,
  arrayType,
  boolType,
  elementOf,
  floatType,
  intType,
  isAssignable,
  isNumber,
  isUnknown,
  kindOf,
  mapType,
  nilType,
  stringType,
  typeName,
  unknownType,
  type Type,
} from './types';

/**
 * Checks an expression against the types of its environment, notes the type of every node, and turns ints into floats where they are
 * arguments of a function of floats. Throws ExprError: an expression can be wrong even in a part that would not be evaluated.
 */
export function check(root: Node, environment: ReadonlyMap<string, Type>): Type {
  return new CheckContext(environment, checkNode).visit(root);
}

function checkNode(node: Node, context: CheckContext): Type {
  switch (node.kind) {
    case 'nil':
      return nilType;
    case 'bool':
      return boolType;
    case 'int':
      return intType;
    case 'float':
      return floatType;
    case 'string':
      return stringType;
    case 'name':
      return checkName(node, node.name, context);
    case 'pointer':
      return checkPointer(node, context);
    case 'unary':
      return checkUnary(node, context);
    case 'binary':
      return checkBinary(node, context);
    case 'member':
      return checkMember(node, context);
    case 'slice':
      return checkSlice(node, context);
    case 'call':
      return checkCall(node, context);
    case 'builtin':
      return checkBuiltin(node, context);
    case 'chain':
    case 'closure':
      return context.visit(node.node);
    case 'let':
      return checkLet(node, context);
    case 'sequence':
      return node.nodes.map((each) => context.visit(each)).at(-1) ?? unknownType;
    case 'conditional':
      return checkConditional(node, context);
    case 'array':
      return checkArray(node.nodes, context);
    case 'map':
      node.nodes.forEach((each) => context.visit(each));
      return mapType;
    case 'constant':
      return node.type;
  }
}

function checkName(node: Node, name: string, context: CheckContext): Type {
  const known = context.variable(name) ?? (name === '$env' ? unknownType : context.environment.get(name));
  if (known !== undefined) return known;
  // The name of a builtin is a function to the checker, and nil when evaluated.
  return isBuiltin(name)
    ? { kind: 'func', params: [], result: unknownType }
    : context.fail(node, `unknown name ${name}`);
}

function checkPointer(node: PointerNode, context: CheckContext): Type {
  const scope = context.closures.at(-1);
  if (scope === undefined) return context.fail(node, 'no closure for # to point into');
  if (node.name === '') return elementOf(scope.collection);
  return scope.pointers[node.name] ?? context.fail(node, `unknown pointer #${node.name}`);
}

function checkUnary(node: UnaryNode, context: CheckContext): Type {
  const type = context.visit(node.node);
  if (node.operator === '!' || node.operator === 'not') {
    if (type.kind === 'bool' || isUnknown(type)) return boolType;
  } else {
    if (isNumber(type)) return type;
    if (isUnknown(type)) return unknownType;
  }
  return context.fail(node, `${node.operator} does not apply to ${typeName(type)}`);
}

function checkLet(node: LetNode, context: CheckContext): Type {
  const { name } = node;
  if (context.environment.has(name) || isBuiltin(name) || context.variable(name) !== undefined) {
    return context.fail(node, `cannot redeclare ${name}`);
  }
  const type = context.visit(node.value);
  context.variables.push({ name, type });
  const result = context.visit(node.body);
  context.variables.pop();
  return result;
}

function checkConditional(node: ConditionalNode, context: CheckContext): Type {
  const test = context.visit(node.test);
  if (test.kind !== 'bool' && !isUnknown(test)) {
    context.fail(node.test, `condition is ${typeName(test)}, not bool`);
  }
  const yes = context.visit(node.yes);
  const no = context.visit(node.no);
  if (yes.kind === 'nil') return no;
  if (no.kind === 'nil') return yes;
  if (!isAssignable(yes, no)) return unknownType;
  if (yes.kind === 'array' && no.kind === 'array') {
    const areSame = isAssignable(yes.elem, no.elem) && isAssignable(no.elem, yes.elem);
    return areSame ? yes : arrayType;
  }
  return yes;
}

function checkArray(nodes: readonly Node[], context: CheckContext): Type {
  const types = nodes.map((node) => context.visit(node));
  const areAlike = types.every((type, index) => index === 0 || kindOf(type) === kindOf(types[0] ?? type));
  return areAlike ? arrayOf(types.at(-1) ?? unknownType) : arrayType;
}

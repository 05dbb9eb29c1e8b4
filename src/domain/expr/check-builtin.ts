import type { BuiltinNode, Node } from './ast';
import { isClosureBuiltin } from './builtin-names';
import type { CheckContext } from './check-context';
import { checkGet } from './check-member';
import { resultOf } from './signatures';
import {
  anyType,
  arrayOf,
  arrayType,
  boolType,
  elementOf,
  groupsType,
  intType,
  isUnknown,
  typeName,
  unknownType,
  type Type,
} from './types';

/** Type of a call of a builtin. */
export function checkBuiltin(node: BuiltinNode, context: CheckContext): Type {
  if (isClosureBuiltin(node.name)) return checkOverElements(node, context);
  if (node.name === 'get') return checkGet(node, context);
  const result = resultOf(
    node.name,
    node.args.map((arg) => context.visit(arg)),
  );
  if (typeof result !== 'string') return result;
  return context.fail(node, `${node.name}: ${result}`);
}

/** `#index` and `#acc` by builtin; the others have neither. */
const pointers: Readonly<Record<string, Readonly<Record<string, Type>>>> = {
  map: { index: intType },
  reduce: { index: intType, acc: unknownType },
};

function checkOverElements(node: BuiltinNode, context: CheckContext): Type {
  const [first, closure, third] = node.args;
  const collection = first === undefined ? unknownType : context.visit(first);
  if (collection.kind !== 'array' && !isUnknown(collection)) {
    context.fail(node, `${node.name} takes an array, not ${typeName(collection)}`);
  }
  const element = isUnknown(collection) ? unknownType : elementOf(collection);
  if (closure === undefined) return node.name === 'count' ? intType : element;
  const result = context.closure(closure, { collection, pointers: pointers[node.name] ?? {} });
  if (third !== undefined) context.visit(third);
  switch (node.name) {
    case 'map':
      return arrayOf(result);
    case 'sum':
      return isUnknown(result) ? anyType : result;
    case 'groupBy':
      return groupsType;
    case 'sortBy':
      return collection;
    case 'reduce':
      return result;
    default:
      expectBool(closure, result, context);
      return ofTest(node.name, isUnknown(collection) ? arrayType : arrayOf(element), element);
  }
}

function expectBool(closure: Node, result: Type, context: CheckContext): void {
  if (result.kind === 'bool' || isUnknown(result)) return;
  context.fail(closure, `closure gives ${typeName(result)}, not bool`);
}

function ofTest(name: string, elements: Type, element: Type): Type {
  if (name === 'filter') return elements;
  if (name === 'find' || name === 'findLast') return element;
  return name.startsWith('find') || name === 'count' ? intType : boolType;
}

import type { BuiltinNode, MemberNode, SliceNode } from './ast';
import type { CheckContext } from './check-context';
import { elementOf, isInteger, isUnknown, typeName, unknownType, type Type } from './types';

/** Type of `a.b` and `a[b]`. */
export function checkMember(node: MemberNode, context: CheckContext): Type {
  const { property } = node;
  if (node.node.kind === 'name' && node.node.name === '$env') {
    if (property.kind !== 'string') return unknownType;
    const known = context.environment.get(property.value);
    return known ?? (node.optional ? unknownType : context.fail(node, `unknown name ${property.value}`));
  }
  const base = context.visit(node.node);
  const key = context.visit(property);
  if (isUnknown(base)) return unknownType;
  if (base.kind === 'map') {
    if (isKeyOf(base, key)) return elementOf(base);
    return context.fail(property, `${typeName(key)} cannot be a key of a map`);
  }
  if (base.kind === 'array') {
    if (isInteger(key) || isUnknown(key)) return elementOf(base);
    return context.fail(property, `elements of an array are selected by int, not ${typeName(key)}`);
  }
  const name = property.kind === 'string' ? property.value : typeName(key);
  return context.fail(node, `${typeName(base)} has no member ${name}`);
}

function isKeyOf(map: Extract<Type, { kind: 'map' }>, key: Type): boolean {
  return isUnknown(key) || key.kind === 'string' || map.key === 'any';
}

/** Type of `a[b:c]`. Bounds of something unknown are looked at only when evaluated, as in expr-lang. */
export function checkSlice(node: SliceNode, context: CheckContext): Type {
  const base = context.visit(node.node);
  if (isUnknown(base)) return unknownType;
  if (base.kind !== 'string' && base.kind !== 'array') context.fail(node, `cannot slice ${typeName(base)}`);
  for (const bound of [node.from, node.to]) {
    const type = bound === undefined ? undefined : context.visit(bound);
    if (bound !== undefined && type !== undefined && !isInteger(type) && !isUnknown(type)) {
      context.fail(bound, `bounds of a slice are int, not ${typeName(type)}`);
    }
  }
  return base;
}

/** Type of `get(a, b)`, which gives nil where `a[b]` would fail. */
export function checkGet(node: BuiltinNode, context: CheckContext): Type {
  const [from, property] = node.args;
  if (from === undefined || property === undefined || node.args.length !== 2) {
    return context.fail(node, `get takes 2 arguments, not ${node.args.length}`);
  }
  const base = context.visit(from);
  const key = context.visit(property);
  if (from.kind === 'name' && from.name === '$env') {
    return (property.kind === 'string' ? context.environment.get(property.value) : undefined) ?? unknownType;
  }
  if (isUnknown(base)) return unknownType;
  const fits =
    base.kind === 'array' ? isInteger(key) || isUnknown(key) : base.kind === 'map' && isKeyOf(base, key);
  return fits ? elementOf(base) : context.fail(node, `cannot get ${typeName(key)} of ${typeName(base)}`);
}

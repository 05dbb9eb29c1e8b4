import type { CallNode, Node } from './ast';
import type { CheckContext } from './check-context';
import { isAssignable, isInteger, isUnknown, typeName, unknownType, type Type } from './types';

/** Type of a call of a function of the environment. */
export function checkCall(node: CallNode, context: CheckContext): Type {
  const callee = context.visit(node.callee);
  if (isUnknown(callee)) {
    // Not looked at by expr-lang either; what cannot be called fails when evaluated.
    return unknownType;
  }
  if (callee.kind !== 'func') return context.fail(node, `cannot call ${typeName(callee)}`);
  const { params } = callee;
  if (node.args.length !== params.length) {
    return context.fail(node, `function takes ${params.length} arguments, not ${node.args.length}`);
  }
  params.forEach((param, index) => {
    const arg = node.args[index];
    if (arg === undefined) return;
    const type = context.visit(arg);
    if (param.kind === 'float' && isInteger(type)) node.args[index] = withFloats(arg);
    else if (!isUnknown(type) && !isAssignable(type, param)) {
      context.fail(arg, `function takes ${typeName(param)}, not ${typeName(type)}`);
    }
  });
  return callee.result;
}

/** Literal ints of a sum, difference or product become floats; an int of another origin stays one, and fails when evaluated. */
function withFloats(node: Node): Node {
  if (node.kind === 'int') {
    return { kind: 'float', value: Number(node.value), at: node.at, type: { kind: 'float' } };
  }
  if (node.kind === 'unary') node.node = withFloats(node.node);
  if (node.kind === 'binary' && ['+', '-', '*'].includes(node.operator)) {
    node.left = withFloats(node.left);
    node.right = withFloats(node.right);
  }
  return node;
}

import type { Type } from './types';

interface Base {
  /** Offset in the source, from 0. */
  readonly at: number;
  /** Set by the checker; `unknown` before. */
  type: Type;
}

export interface IntNode extends Base {
  readonly kind: 'int';
  readonly value: bigint;
}
export interface FloatNode extends Base {
  readonly kind: 'float';
  readonly value: number;
}
export interface StringNode extends Base {
  readonly kind: 'string';
  readonly value: string;
}
export interface BoolNode extends Base {
  readonly kind: 'bool';
  readonly value: boolean;
}
export interface NameNode extends Base {
  readonly kind: 'name';
  readonly name: string;
}
/** `#`, `#index`, `#acc`: name '', 'index', 'acc'. */
export interface PointerNode extends Base {
  readonly kind: 'pointer';
  readonly name: string;
}
export interface UnaryNode extends Base {
  readonly kind: 'unary';
  readonly operator: string;
  node: Node;
}
export interface BinaryNode extends Base {
  readonly kind: 'binary';
  readonly operator: string;
  left: Node;
  right: Node;
}
/** The extent that `?.` skips when it meets nil. */
export interface ChainNode extends Base {
  readonly kind: 'chain';
  node: Node;
}
export interface MemberNode extends Base {
  readonly kind: 'member';
  node: Node;
  property: Node;
  readonly optional: boolean;
}
export interface SliceNode extends Base {
  readonly kind: 'slice';
  node: Node;
  from: Node | undefined;
  to: Node | undefined;
}
export interface CallNode extends Base {
  readonly kind: 'call';
  callee: Node;
  args: Node[];
}
export interface BuiltinNode extends Base {
  readonly kind: 'builtin';
  readonly name: string;
  args: Node[];
  /** What becomes of each element found: `map` drawn into `filter` and `find` by the optimiser. */
  readonly then?: Node;
  /** `find` in place of `filter(…)[0]`: nothing found is an error. */
  readonly mustFind?: boolean;
}
export interface ClosureNode extends Base {
  readonly kind: 'closure';
  node: Node;
}
export interface LetNode extends Base {
  readonly kind: 'let';
  readonly name: string;
  value: Node;
  body: Node;
}
export interface SequenceNode extends Base {
  readonly kind: 'sequence';
  nodes: Node[];
}
export interface ConditionalNode extends Base {
  readonly kind: 'conditional';
  test: Node;
  yes: Node;
  no: Node;
}
export interface ArrayNode extends Base {
  readonly kind: 'array';
  nodes: Node[];
}
/** Keys and values in turn. */
export interface MapNode extends Base {
  readonly kind: 'map';
  nodes: Node[];
}
/** A folded array of literals, or the set of literals right of `in`. */
export interface ConstantNode extends Base {
  readonly kind: 'constant';
  readonly value: readonly unknown[] | ReadonlySet<unknown>;
}

export type Node =
  | (Base & { readonly kind: 'nil' })
  | IntNode
  | FloatNode
  | StringNode
  | BoolNode
  | NameNode
  | PointerNode
  | UnaryNode
  | BinaryNode
  | ChainNode
  | MemberNode
  | SliceNode
  | CallNode
  | BuiltinNode
  | ClosureNode
  | LetNode
  | SequenceNode
  | ConditionalNode
  | ArrayNode
  | MapNode
  | ConstantNode;

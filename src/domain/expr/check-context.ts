import type { Node } from './ast';
import { ExprError } from './expr-error';
import { nilType, type Type } from './types';

interface ClosureScope {
  readonly collection: Type;
  /** `#index` and `#acc`, where the builtin has them. */
  readonly pointers: Readonly<Record<string, Type>>;
}

/** Names in sight while the checker walks the tree. */
export class CheckContext {
  readonly closures: ClosureScope[] = [];
  readonly variables: { readonly name: string; readonly type: Type }[] = [];

  constructor(
    readonly environment: ReadonlyMap<string, Type>,
    private readonly check: (node: Node, context: CheckContext) => Type,
  ) {}

  /** Type of a node, which is noted in it. */
  visit(node: Node): Type {
    node.type = this.check(node, this);
    return node.type;
  }

  /** Type of what a closure gives for an element of `collection`. */
  closure(node: Node | undefined, scope: ClosureScope): Type {
    if (node === undefined) return nilType;
    this.closures.push(scope);
    const type = this.visit(node);
    this.closures.pop();
    if (type.kind === 'nil') return this.fail(node, 'closure gives no value');
    return type;
  }

  variable(name: string): Type | undefined {
    return this.variables.findLast((each) => each.name === name)?.type;
  }

  fail(node: Node, message: string): never {
    throw new ExprError(message, node.at);
  }
}

import { calculate } from './arithmetic';
import type { BuiltinNode, Node } from './ast';
import { isLess, sortInOrder } from './compare';
import { Scope, type Evaluation } from './evaluation';
import { ExprError } from './expr-error';
import { toBytes } from './utf8';
import { checkKey, describeType, GoMap, isSequence, mapEntries } from './values';

/** Value of a builtin with a closure. */
export function overElements(node: BuiltinNode, run: Evaluation): unknown {
  const [first, closure, third] = node.args;
  const scope = scopeOf(first === undefined ? undefined : run.evaluate(first));
  if (scope === undefined) throw new ExprError(`${node.name} takes an array`);
  run.scopes.push(scope);
  const value = new Loop(node, scope, run, closure).run(third);
  run.scopes.pop();
  return value;
}

/** Of a text the bytes. */
function scopeOf(value: unknown): Scope | undefined {
  const array = typeof value === 'string' ? BigInt64Array.from(toBytes(value), BigInt) : value;
  if (isSequence(array)) return new Scope(array, array.length);
  const entries = mapEntries(array);
  return entries === undefined ? undefined : new Scope(undefined, entries.length);
}

/** A builtin at work on an array. */
class Loop {
  constructor(
    private readonly node: BuiltinNode,
    private readonly scope: Scope,
    private readonly evaluation: Evaluation,
    private readonly closure: Node | undefined,
  ) {}

  run(third: Node | undefined): unknown {
    switch (this.node.name) {
      case 'all':
        return this.search((holds) => !holds) < 0;
      case 'any':
        return this.search((holds) => holds) >= 0;
      case 'none':
        return this.search((holds) => holds) < 0;
      case 'one':
        return this.matching().length === 1;
      case 'filter':
        return this.grow(this.filtered());
      case 'map':
        return this.grow(this.each((value) => value));
      case 'count':
        return BigInt(this.matching().length);
      case 'sum':
        return this.each((value) => value).reduce<unknown>((sum, value) => calculate('+', value, sum), 0n);
      case 'groupBy':
        return this.group();
      case 'sortBy':
        return this.sort(third);
      case 'reduce':
        return this.reduce(third);
      default:
        return this.find();
    }
  }

  /** What the closure gives for the element at hand; the element itself without one. */
  private value(): unknown {
    return this.closure === undefined ? this.scope.element : this.evaluation.evaluate(this.closure);
  }

  private holds(): boolean {
    const value = this.value();
    if (typeof value !== 'boolean') throw new ExprError(`closure gives ${describeType(value)}, not bool`);
    return value;
  }

  private each<T>(use: (value: unknown) => T): T[] {
    const { scope } = this;
    const values: T[] = [];
    for (scope.index = 0; scope.index < scope.length; scope.index++) values.push(use(this.value()));
    return values;
  }

  /** Index of the first element, or from the end the last, of which the closure says what is wanted; -1 for none. */
  private search(isWanted: (holds: boolean) => boolean, fromEnd = false): number {
    const { scope } = this;
    const { length } = scope;
    for (let count = 0; count < length; count++) {
      scope.index = fromEnd ? length - 1 - count : count;
      if (isWanted(this.holds())) return scope.index;
    }
    return -1;
  }

  private matching(): number[] {
    const { scope } = this;
    const found: number[] = [];
    for (scope.index = 0; scope.index < scope.length; scope.index++) {
      if (this.holds()) found.push(scope.index);
    }
    return found;
  }

  private filtered(): unknown[] {
    const { scope } = this;
    const found: unknown[] = [];
    for (scope.index = 0; scope.index < scope.length; scope.index++) {
      if (this.holds()) found.push(this.result());
    }
    return found;
  }

  /** The element found, or what is to become of it. */
  private result(): unknown {
    const { then } = this.node;
    return then === undefined ? this.scope.element : this.evaluation.evaluate(then);
  }

  private find(): unknown {
    const { name, mustFind = false } = this.node;
    const index = this.search((holds) => holds, name.startsWith('findLast'));
    if (index < 0 && mustFind) throw new ExprError('index is out of range: nothing was found');
    if (index < 0) return undefined;
    return name.endsWith('Index') ? BigInt(index) : this.result();
  }

  private group(): GoMap {
    const { scope } = this;
    const groups = new GoMap('array');
    this.each((value) => {
      const key = checkKey(value);
      const group = groups.entries.get(key);
      const element = scope.element;
      if (Array.isArray(group)) group.push(element);
      else groups.entries.set(key, [element]);
    });
    return groups;
  }

  private sort(order: Node | undefined): unknown[] {
    const { scope } = this;
    const direction = order === undefined ? 'asc' : this.evaluation.evaluate(order);
    if (direction !== 'asc' && direction !== 'desc') throw new ExprError('order is "asc" or "desc"');
    const items = this.each((value) => ({ value, element: scope.element }));
    const sorted = sortInOrder(items, (one, other) =>
      direction === 'asc' ? isLess(one.value, other.value) : isLess(other.value, one.value),
    );
    return this.grow(sorted.map(({ element }) => element));
  }

  private reduce(initial: Node | undefined): unknown {
    const { scope } = this;
    scope.accumulated = initial === undefined ? scope.element : this.evaluation.evaluate(initial);
    for (scope.index = initial === undefined ? 1 : 0; scope.index < scope.length; scope.index++) {
      scope.accumulated = this.value();
    }
    return scope.accumulated;
  }

  private grow<T>(array: T[]): T[] {
    this.evaluation.budget.grow(array.length);
    return array;
  }
}

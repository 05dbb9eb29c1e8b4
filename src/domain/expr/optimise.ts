import type { BinaryNode, BuiltinNode, Node } from './ast';
import { fold } from './fold';
import { rewrite } from './walk';

/**
 * Rewrites a checked tree as expr-lang's optimiser does, which is not for speed: its rewriting shows. `x && false` is false whatever
 * `x`, `filter(a, f)[0]` stops at the first element found, and `x in ["a"]` fails for an `x` that is no text.
 */
export function optimise(root: Node): Node {
  let tree = rewrite(root, literalSet);
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    tree = rewrite(tree, (node) => {
      const folded = fold(node);
      isChanged ||= folded !== node;
      return folded;
    });
  }
  const passes = [
    inRange,
    mapOfFilter,
    lengthOfFilter,
    endOfFilter('last'),
    endOfFilter('first'),
    twoClosures,
  ];
  return [...passes, sumOfArray, sumOfMap].reduce(rewrite, tree);
}

/** `x in [1, 2]` for an int, and `x in ["a", "b"]`, look the value up in a set. */
function literalSet(node: Node): Node {
  if (node.kind !== 'binary' || node.operator !== 'in' || node.right.kind !== 'array') return node;
  const { nodes } = node.right;
  const kind = node.left.type.kind === 'int' && nodes.every((each) => each.kind === 'int') ? 'int' : 'string';
  if (nodes.length === 0 || !nodes.every((each) => each.kind === kind)) return node;
  const value = new Set<unknown>(nodes.map((each) => ('value' in each ? each.value : undefined)));
  return { ...node, right: { kind: 'constant', value, at: node.right.at, type: node.right.type } };
}

/** `x in 1..9` for an int compares. */
function inRange(node: Node): Node {
  if (node.kind !== 'binary' || node.operator !== 'in' || node.left.type.kind !== 'int') return node;
  const range = node.right;
  if (range.kind !== 'binary' || range.operator !== '..') return node;
  if (range.left.kind !== 'int' || range.right.kind !== 'int') return node;
  const bound = (operator: string, right: Node): BinaryNode => ({ ...node, operator, right });
  return { ...node, operator: '&&', left: bound('>=', range.left), right: bound('<=', range.right) };
}

function isFilter(node: Node | undefined): node is BuiltinNode {
  return node?.kind === 'builtin' && node.name === 'filter' && node.args.length === 2;
}

/** `map(filter(a, f), g)` applies `g` as it filters, unless `g` asks for `#index`. */
function mapOfFilter(node: Node): Node {
  if (node.kind !== 'builtin' || node.name !== 'map') return node;
  const [filter, closure] = node.args;
  if (!isFilter(filter) || filter.then !== undefined || closure?.kind !== 'closure') return node;
  return usesIndex(closure) ? node : { ...filter, type: node.type, at: node.at, then: closure.node };
}

function usesIndex(root: Node): boolean {
  let isFound = false;
  rewrite(root, (node) => {
    isFound ||= node.kind === 'pointer' && node.name === 'index';
    return node;
  });
  return isFound;
}

/** `len(filter(a, f))` counts. */
function lengthOfFilter(node: Node): Node {
  if (node.kind !== 'builtin' || node.name !== 'len' || node.args.length !== 1) return node;
  const [filter] = node.args;
  return isFilter(filter) ? { ...node, name: 'count', args: filter.args } : node;
}

/** `filter(a, f)[0]`, `first(filter(a, f))`, and the same from the end, stop at the one element. */
function endOfFilter(end: 'first' | 'last'): (node: Node) => Node {
  const name = end === 'first' ? 'find' : 'findLast';
  const index = end === 'first' ? 0n : -1n;
  return (node) => {
    const isIndexed =
      node.kind === 'member' &&
      !node.optional &&
      node.property.kind === 'int' &&
      node.property.value === index;
    const isCalled = node.kind === 'builtin' && node.name === end && node.args.length === 1;
    const filter = isIndexed ? node.node : isCalled ? node.args[0] : undefined;
    if (!isFilter(filter)) return node;
    return { ...filter, name, type: node.type, at: node.at, mustFind: isIndexed };
  };
}

const combined: Readonly<Record<string, string>> = {
  'all and': 'and',
  'all &&': '&&',
  'any or': 'or',
  'any ||': '||',
  'none and': 'or',
  'none &&': '||',
};

/** `all(a, f) && all(a, g)` is `all(a, f && g)`: both are asked of one element before the next. */
function twoClosures(node: Node): Node {
  if (node.kind !== 'binary') return node;
  const { left, right } = node;
  if (left.kind !== 'builtin' || right.kind !== 'builtin' || left.name !== right.name) return node;
  const operator = combined[`${left.name} ${node.operator}`];
  const [array, one] = left.args;
  const [same, other] = right.args;
  if (operator === undefined || array === undefined || same === undefined || text(array) !== text(same))
    return node;
  if (one?.kind !== 'closure' || other?.kind !== 'closure') return node;
  const both = twoClosures({ ...node, operator, left: one.node, right: other.node });
  return { ...left, type: node.type, at: node.at, args: [array, { ...one, node: both }] };
}

/** The same text for the same expression wherever it stands. */
function text(node: Node): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === 'at' || key === 'type') return undefined;
    if (value instanceof Set) return [...(value as Set<unknown>)].map(String);
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

/** `sum([a, b, c])` is `a + (b + c)`, also of texts. */
function sumOfArray(node: Node): Node {
  if (node.kind !== 'builtin' || node.name !== 'sum' || node.args.length !== 1) return node;
  const [array] = node.args;
  if (array?.kind !== 'array' || array.nodes.length < 2) return node;
  const plus = (right: Node, left: Node): Node => {
    return { kind: 'binary', operator: '+', left, right, at: node.at, type: node.type };
  };
  return array.nodes.reduceRight(plus);
}

/** `sum(map(a, f))` is `sum(a, f)`. */
function sumOfMap(node: Node): Node {
  if (node.kind !== 'builtin' || node.name !== 'sum' || node.args.length !== 1) return node;
  const [map] = node.args;
  if (map?.kind !== 'builtin' || map.name !== 'map' || map.args.length !== 2) return node;
  return { ...node, args: map.args };
}

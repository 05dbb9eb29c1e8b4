import type { Node } from './ast';

const lists: Partial<Record<Node['kind'], string>> = {
  call: 'args',
  builtin: 'args',
  sequence: 'nodes',
  array: 'nodes',
  map: 'nodes',
};
const fields: Partial<Record<Node['kind'], readonly string[]>> = {
  unary: ['node'],
  binary: ['left', 'right'],
  chain: ['node'],
  member: ['node', 'property'],
  slice: ['node', 'from', 'to'],
  call: ['callee'],
  closure: ['node'],
  let: ['value', 'body'],
  conditional: ['test', 'yes', 'no'],
};

/** Replaces each child of a node by what `change` makes of it, in the order of the source. */
function changeChildren(node: Node, change: (child: Node) => Node): void {
  const record = node as unknown as Record<string, Node | undefined>;
  for (const field of fields[node.kind] ?? []) {
    const child = record[field];
    if (child !== undefined) record[field] = change(child);
  }
  const list = (node as unknown as Record<string, Node[]>)[lists[node.kind] ?? ''];
  list?.forEach((child, index) => (list[index] = change(child)));
}

/** Rewrites a tree from the leaves up. */
export function rewrite(node: Node, change: (node: Node) => Node): Node {
  changeChildren(node, (child) => rewrite(child, change));
  return change(node);
}

/** Whether the tree is at most `max` nodes high. Does not recurse: the tree may be too high for that. */
export function isWithinDepth(root: Node, max: number): boolean {
  const open: { node: Node; depth: number }[] = [{ node: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > max) return false;
    changeChildren(node, (child) => {
      open.push({ node: child, depth: depth + 1 });
      return child;
    });
  }
  return true;
}

/** A copy that shares no node with the original; `count` is called for each. */
export function copyTree(node: Node, count: () => void): Node {
  count();
  const copy = { ...node };
  if ('args' in copy) copy.args = [...copy.args];
  if ('nodes' in copy) copy.nodes = [...copy.nodes];
  changeChildren(copy, (child) => copyTree(child, count));
  return copy;
}

/** One line of a tree: its columns, of which the first is drawn behind the branches, and what is below it. */
export interface TreeNode {
  readonly cells: readonly [label: string, ...others: string[]];
  readonly children?: readonly TreeNode[];
}

/** The rows of a tree for a table, branches drawn as `kubectl argo rollouts` does. */
export function treeRows(nodes: readonly TreeNode[], indent = ''): string[][] {
  return nodes.flatMap(({ cells: [label, ...others], children = [] }, index) => {
    const isLast = index === nodes.length - 1;
    const row = [`${indent}${isLast ? '└──' : '├──'}${label}`, ...others];
    return [row, ...treeRows(children, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}

import type { KubeObject, ManagedFieldsEntry } from './kube-object';
import { gitManager } from './marks';

/** Field managers of the tools that delivered from Git, or by hand from files, before Belay. */
const predecessors = [
  'kubectl',
  'kubectl-client-side-apply',
  'kubectl-create',
  'kubectl-replace',
  'helm',
  'argocd-controller',
  'kustomize-controller',
];

type Fields = { readonly [key: string]: Fields };

/**
 * The managed fields of an object that Belay applies for the first time, with those of known predecessors given to `belay` (DESIGN
 * 4.6): else what is taken out of Git would stay for ever, still owned by a tool that nobody runs any more. Undefined when there is
 * nothing to take over. The count stays where Git gives none: it is applied as it is (`keepReplicas`).
 */
export function takeOver(live: KubeObject): readonly ManagedFieldsEntry[] | undefined {
  const entries = live.metadata.managedFields ?? [];
  if (entries.some((each) => each.manager === gitManager && each.operation === 'Apply')) return undefined;
  const taken = entries.filter(isPredecessor);
  if (taken.length === 0) return undefined;
  const fields = taken.reduce<Fields>((all, each) => union(all, (each['fieldsV1'] ?? {}) as Fields), {});
  const own = {
    manager: gitManager,
    operation: 'Apply',
    apiVersion: live.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
  };
  const newest = taken
    .map((each) => each.time ?? '')
    .sort()
    .at(-1);
  return [
    ...entries.filter((each) => !isPredecessor(each)),
    { ...own, ...(newest === undefined ? {} : { time: newest }) },
  ];
}

function isPredecessor({ manager, subresource }: ManagedFieldsEntry): boolean {
  return subresource === undefined && predecessors.includes(manager ?? '');
}

function union(a: Fields, b: Fields): Fields {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, union(a[key] ?? {}, b[key] ?? {})]));
}

import { groupOf, type KubeObject, type ObjectRef } from '../kube-object';
import { kindMade, namespaceMade } from './order';

/** Whether deleting `container` deletes the other object with it: a Namespace what is in it, a definition what it defines. */
export function holds(container: KubeObject, { ref }: { readonly ref: ObjectRef }): boolean {
  const namespace = namespaceMade({ object: container });
  if (namespace !== undefined) return ref.namespace === namespace;
  const kind = kindMade({ object: container });
  return kind !== undefined && kind === `${groupOf(ref.apiVersion)}/${ref.kind}`;
}

import { groupOf, type KubeObject, type ObjectRef } from '../kube-object';
import { kindMade, namespaceMade } from './order';

/** An object of the inventory that Git no longer has, and what is live of it. */
export interface Gone {
  readonly ref: ObjectRef;
  readonly live: KubeObject;
}

/** Whether deleting `container` deletes the other object with it: a Namespace what is in it, a definition what it defines. */
export function holds(container: KubeObject, { ref }: Pick<Gone, 'ref'>): boolean {
  const namespace = namespaceMade({ object: container });
  if (namespace !== undefined) return ref.namespace === namespace;
  const kind = kindMade({ object: container });
  return kind !== undefined && kind === `${groupOf(ref.apiVersion)}/${ref.kind}`;
}

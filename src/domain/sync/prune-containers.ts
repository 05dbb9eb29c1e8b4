import { kindKeyOf, type KubeObject, type ObjectRef } from '../kube-object';
import { kindMade, namespaceMade } from './order';

/** An object of the inventory that Git no longer has, and what is live of it. */
export interface Gone {
  readonly ref: ObjectRef;
  readonly live: KubeObject;
}

/** Which of the objects are deleted with `container`: in a Namespace what is in it, of a definition what it defines. */
export function contentsOf<T extends Pick<Gone, 'ref'>>(
  container: KubeObject,
  all: readonly T[],
): readonly T[] {
  const namespace = namespaceMade({ object: container });
  if (namespace !== undefined) return all.filter(({ ref }) => ref.namespace === namespace);
  const kind = kindMade({ object: container });
  if (kind === undefined) return [];
  return all.filter(({ ref }) => kindKeyOf(ref) === kind);
}

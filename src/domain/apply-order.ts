import type { KubeObject } from './kube-object';
import { inSyncOrder, waveOf } from './sync/order';

/**
 * The order in which objects are applied: wave, kind, name; a Namespace and a CustomResourceDefinition come before the first
 * object that needs them, whatever their own wave (Argo CD, `syncTasks.Sort`).
 */
export function sortForApply<T extends KubeObject>(objects: readonly T[]): readonly T[] {
  const placed = objects.map((object) => {
    const { namespace } = object.metadata;
    return {
      object,
      phase: 'Sync',
      wave: waveOf(object),
      ...(namespace !== undefined && { namespace }),
    } as const;
  });
  return inSyncOrder(placed).map(({ object }) => object);
}

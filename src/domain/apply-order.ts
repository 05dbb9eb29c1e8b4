import { inSyncOrder, namespaceIn, waveOf, type Orderable } from './sync/order';

/**
 * The order in which objects are applied: wave, kind, name; a Namespace and a CustomResourceDefinition come before the first
 * object that needs them, whatever their own wave (Argo CD, `syncTasks.Sort`).
 */
export function sortForApply<T extends Orderable>(objects: readonly T[]): readonly T[] {
  const placed = objects.map((object) => {
    const namespace = namespaceIn(object);
    return {
      object,
      phase: 'Sync',
      wave: waveOf(object),
      ...(namespace !== undefined && { namespace }),
    } as const;
  });
  return inSyncOrder(placed).map(({ object }) => object);
}

/** The order in which objects are removed: what was applied last goes first. */
export function sortForPrune<T extends Orderable>(objects: readonly T[]): readonly T[] {
  return sortForApply(objects).toReversed();
}

import type { ObjectRef } from '../kube-object';
import { inSyncOrder, waveOf } from './order';
import { contentsOf, type Gone } from './prune-containers';

/**
 * The waves in which objects are pruned beside a sync, one for each (Argo CD, `getSyncTasks`): the different waves of all of them
 * swap symmetrically, first with last; those that go last get the wave after the last one.
 */
export function pruneWaves(
  items: readonly { readonly wave: number; readonly isLast: boolean }[],
): readonly number[] {
  const rising = [...new Set(items.map(({ wave }) => wave))].sort((a, b) => a - b);
  const falling = rising.toReversed();
  const after = Math.max(0, ...rising) + 1;
  return items.map(({ wave, isLast }) => (isLast ? after : (falling[rising.indexOf(wave)] ?? wave)));
}

/** The objects by the waves in which they are pruned, each wave in the reverse of the order of its application. */
export function inPruneSteps(
  gone: readonly Gone[],
  isLast: (each: Gone) => boolean,
): readonly (readonly ObjectRef[])[] {
  const placed = gone.map((each) => ({
    ...each,
    object: each.live,
    phase: 'Sync' as const,
    wave: waveOf(each.live),
    // What takes something with it that goes last has to go last itself.
    isLast: isLast(each) || contentsOf(each.live, gone).some(isLast),
    ...(each.ref.namespace !== undefined && { namespace: each.ref.namespace }),
  }));
  const reversed = inSyncOrder(placed).toReversed();
  const waves = pruneWaves(reversed);
  const steps = new Map<number, ObjectRef[]>();
  reversed.forEach(({ ref }, index) => {
    const wave = waves[index] ?? 0;
    steps.set(wave, [...(steps.get(wave) ?? []), ref]);
  });
  return [...steps.entries()].sort(([a], [b]) => a - b).map(([, refs]) => refs);
}

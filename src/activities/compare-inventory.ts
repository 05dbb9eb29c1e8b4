import type { ApplicationSpec } from '../domain/application-spec';
import { keyOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import type { Cluster } from '../ports/cluster';
import { readMirror } from './inventory';
import type { Loaded } from './load';
import { placedRefs } from './place';

export interface Compared {
  /** What was applied before, as the mirror has it. */
  readonly inventory: readonly ObjectRef[];
  /** What the revision has, and what of the inventory it leaves alone. */
  readonly now: readonly ObjectRef[];
  /** What of the inventory is in neither. */
  readonly gone: readonly ObjectRef[];
}

/** Compares what was applied before with what a revision has. A hook leaves the inventory; what a revision skips stays in it. */
export async function compareInventory(
  cluster: Cluster,
  { spec, loaded }: { readonly spec: ApplicationSpec; readonly loaded: Loaded },
  signal: AbortSignal,
): Promise<Compared> {
  const { others, workloads, skipped, inSteps } = loaded;
  const hooks = inSteps.steps.flatMap((step) => inSteps.hooksOf(step).map(({ located }) => located));
  const refsOf = (located: readonly { readonly object: KubeObject }[]): Promise<readonly ObjectRef[]> =>
    placedRefs(
      cluster,
      spec,
      located.map(({ object }) => object),
    );
  const [{ inventory }, wanted, hooked, spared] = await Promise.all([
    readMirror(cluster, spec.name, spec.destination.namespace, signal),
    refsOf([...others, ...workloads]),
    refsOf(hooks),
    refsOf(skipped),
  ]);
  const isIn = (refs: readonly ObjectRef[]): ((ref: ObjectRef) => boolean) => {
    const keys = new Set(refs.map(keyOf));
    return (ref) => keys.has(keyOf(ref));
  };
  const isKnown = isIn([...wanted, ...hooked]);
  const isSpared = isIn(spared);
  return {
    inventory,
    now: [...wanted, ...inventory.filter(isSpared)],
    gone: inventory.filter((ref) => !isKnown(ref) && !isSpared(ref)),
  };
}

import type { ApplicationSpec } from '../domain/application-spec';
import { nameOf, refOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import { marks } from '../domain/marks';
import { planDelete, planPrune, type PrunePlan } from '../domain/sync/prune';
import type { Cluster } from '../ports/cluster';
import type { Beat } from './beating';
import { inParallel } from './parallel';
import { removeAndWait } from './remove-and-wait';

export interface Pruned {
  readonly pruned: readonly string[];
  /** What stays, and why: `ConfigMap shop/keep: ignored (no prune)`. */
  readonly kept: readonly string[];
  /** What a person must confirm first. */
  readonly unconfirmed: readonly string[];
  /** References to what is still there. */
  readonly left: readonly ObjectRef[];
}

interface Pruning {
  readonly spec: ApplicationSpec;
  readonly refs: readonly ObjectRef[];
  readonly confirmed: boolean;
  /** What stays in Git: a namespace with something of it stays too. */
  readonly remaining?: readonly ObjectRef[];
  /** `delete`: the whole application goes. */
  readonly why: 'prune' | 'delete';
}

const atOnce = 8;

/** Only what carries the application's label goes: a name that somebody else has taken over stays. Step by step, last waves first. */
export async function prune(cluster: Cluster, pruning: Pruning, beat: Beat): Promise<Pruned> {
  const { spec, refs, confirmed, remaining = [], why } = pruning;
  const looked = await inParallel(atOnce, refs, async (ref) => ({
    ref,
    live: await cluster.get(ref, beat.signal),
  }));
  const ours = looked.flatMap(({ ref, live }) =>
    live?.metadata.labels?.[marks.application] === spec.name ? [{ ref, live }] : [],
  );
  const options = spec.syncOptions ?? {};
  const plan =
    why === 'delete' ? planDelete(ours, options, confirmed) : planPrune(ours, options, confirmed, remaining);
  if (why === 'delete' && plan.unconfirmed.length > 0) return { pruned: [], ...stays(plan) }; // all or nothing
  const pruned: string[] = [];
  for (const [index, step] of plan.steps.entries()) {
    for (const ref of step) {
      const live = ours.find((each) => each.ref === ref)?.live;
      if (live === undefined) continue;
      beat.note(`prune ${nameOf(ref)}`);
      await removeOne(cluster, live, { spec, isLast: index === plan.steps.length - 1 }, beat);
      pruned.push(nameOf(ref));
    }
  }
  return { pruned, ...stays(plan) };
}

/** A step is waited for before the next begins; nobody waits for the last one. */
async function removeOne(
  cluster: Cluster,
  live: KubeObject,
  { spec, isLast }: { readonly spec: ApplicationSpec; readonly isLast: boolean },
  beat: Beat,
): Promise<void> {
  const propagation = spec.syncOptions?.prunePropagation ?? 'Foreground';
  if (!isLast) return removeAndWait(cluster, live, beat, propagation);
  const { uid = '' } = live.metadata;
  await cluster.remove(refOf(live), { propagation, uid, signal: beat.signal });
}

function stays({ skipped, unconfirmed }: PrunePlan): Omit<Pruned, 'pruned'> {
  return {
    kept: skipped.map(({ ref, why }) => `${nameOf(ref)}: ${why}`),
    unconfirmed: unconfirmed.map(nameOf),
    left: [...skipped.map(({ ref }) => ref), ...unconfirmed],
  };
}

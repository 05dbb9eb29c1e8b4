import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../domain/kube-object';
import { type Eviction, planRestart, viewRestart } from '../domain/plans/plan-restart';
import type { IntOrPercent } from '../domain/strategy';
import type { WorkloadKind } from '../domain/workload';
import type { Cluster } from '../ports/cluster';
import { beating, type Beat } from './beating';
import type { Ports } from './ports';
import { withView } from './with-view';

export interface RestartInput {
  /** The application's project; absent: `default`. */
  readonly project?: string;
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
  /** Pods that were created before this moment go; RFC 3339. */
  readonly restartAt: string;
  /** Undefined: as the workload's own strategy says. */
  readonly maxUnavailable?: IntOrPercent;
  /** The obstacle that people have been told of already: it is waited out. */
  readonly told?: string;
}

export type RestartResult =
  | { readonly kind: 'done' }
  /** Something else than what was told is in the way: to be told, and asked for again. */
  | { readonly kind: 'blocked'; readonly why: string };

const lookAgainMs = 1_000;
const goneMs = 200;
/** As often as Argo Rollouts asks again for a pod that a budget protects. */
const retryMs = 30_000;

/** Replacing the pods of a workload that are older than a stamp, by evictions. */
export function createRestart({ cluster }: Pick<Ports, 'cluster'>, { retryAfterMs = retryMs } = {}) {
  return {
    /**
     * Looks, evicts, and waits until every pod is younger than the stamp and as many as wanted are available. A repetition goes on where
     * the last one was: only pods that are still too old are looked at, each by its UID.
     */
    restartPods: beating(async (input: RestartInput, beat): Promise<RestartResult> => {
      const { namespace, kind, name, restartAt, maxUnavailable, told } = input;
      const kinds = [kind, ...(kind === 'Deployment' ? (['ReplicaSet'] as const) : []), 'Pod'] as const;
      return withView(cluster, { namespace, kinds, signal: beat.signal }, async (live) => {
        for (;;) {
          beat.signal.throwIfAborted();
          const view = viewRestart((each) => live.objects(each), kind, name);
          const plan = planRestart(view, { before: Date.parse(restartAt), maxUnavailable }, beat.now());
          if (plan.kind === 'done') return plan;
          if (plan.kind === 'wait') {
            beat.note(`waiting for ${plan.for}`);
            await live.change(lookAgainMs, beat.signal);
            continue;
          }
          const evicted = await evictAll(cluster, plan.evictions, beat);
          evicted.left.forEach((pod) => live.note(pod));
          const { why } = evicted;
          if (why === undefined) {
            await live.change(goneMs, beat.signal); // pods that went at once: the watch tells
            continue;
          }
          if (why !== told) return { kind: 'blocked', why };
          beat.note(`waiting: ${why}`);
          await sleep(retryAfterMs, undefined, { signal: beat.signal });
        }
      });
    }),
  };
}

/** Asks for every pod; `why` only where none went. The next look must know which ones are going. */
async function evictAll(
  cluster: Cluster,
  evictions: readonly Eviction[],
  beat: Beat,
): Promise<{ readonly left: readonly KubeObject[]; readonly why?: string }> {
  const left: KubeObject[] = [];
  const refusals: string[] = [];
  for (const { ref, uid, why } of evictions) {
    beat.note(why);
    const answer = await cluster.evict(ref, uid, beat.signal);
    if (answer.kind === 'refused') {
      refusals.push(answer.why);
      continue;
    }
    const found = await cluster.get(ref, beat.signal);
    if (found?.metadata.uid === uid) left.push(found);
  }
  const [first] = refusals;
  return first === undefined || refusals.length < evictions.length ? { left } : { left, why: first };
}

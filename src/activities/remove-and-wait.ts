import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, refOf, type KubeObject } from '../domain/kube-object';
import type { Cluster, Deletion } from '../ports/cluster';
import type { Beat } from './beating';

const lookMs = 250;

/** Deletes this very object and waits until it is gone, finalizers and all. */
export async function removeAndWait(
  cluster: Cluster,
  live: KubeObject,
  beat: Beat,
  propagation: Deletion['propagation'] = 'Background',
): Promise<void> {
  const ref = refOf(live);
  const uid = live.metadata.uid ?? '';
  await cluster.remove(ref, { propagation, uid, signal: beat.signal });
  for (;;) {
    const left = await cluster.get(ref, beat.signal);
    if (left === undefined || left.metadata.uid !== uid) return;
    const finalizers = left.metadata['finalizers'];
    const held =
      Array.isArray(finalizers) && finalizers.length > 0 ? `, held by ${finalizers.join(', ')}` : '';
    beat.note(`until ${nameOf(ref)} is gone${held}`);
    await sleep(lookMs, undefined, { signal: beat.signal });
  }
}

import { rolloutKey } from '../domain/recover-read';
import type { RolloutSpec } from '../domain/rollout-status';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { noteInMirror } from './inventory';

/**
 * Notes in the application's mirror which rollout begins, before anything of it is in the cluster: whoever finds a canary and no
 * Temporal knows then what it belongs to (promise 9). It is overwritten by the next rollout of the workload, and done twice it is the
 * same. An account that may not write the mirror rolls out all the same.
 */
export async function noteRollout(cluster: Cluster, spec: RolloutSpec, signal: AbortSignal): Promise<void> {
  const place = { application: spec.application, namespace: spec.target.namespace ?? spec.namespace };
  try {
    await noteInMirror(cluster, place, { [rolloutKey(spec.name)]: JSON.stringify(spec) }, signal);
  } catch (error: unknown) {
    if (!isPortError(error, 'Forbidden', 'NotFound')) throw error;
  }
}

import { mayHaveHealth } from '../domain/health';
import type { ObjectRef } from '../domain/kube-object';
import { marks } from '../domain/marks';
import { mergeKinds } from '../domain/watched-kinds';
import type { Beat } from './beating';
import type { Ports } from './ports';
import { WaitingList, type AwaitedHealth } from './waiting-list';

interface AwaitHealthInput {
  readonly application: string;
  /** They carry the application's label. */
  readonly objects: readonly ObjectRef[];
}

type HealthPorts = Pick<Ports, 'cluster' | 'healthScripts'>;

/**
 * Waits until every one of the objects has been Healthy, or one is Degraded or gone: then it answers at once. As a wave of Argo CD does
 * (`sync_context.go`): an object that has been Healthy is not looked at again, and everything but Healthy and Degraded is waited for. So
 * a Suspended object (a paused Deployment, a suspended Job) holds the wave until it goes on, and so does one whose script fails. Objects
 * of kinds that have no health (a ConfigMap) are not looked at.
 *
 * A kind that the server no longer knows is gone with its objects; one that must not be listed counts as degraded, since nobody can say
 * more. It only looks: it may be repeated at any time, and then looks at the objects as they are.
 */
export async function untilHealthy(
  { cluster, healthScripts }: HealthPorts,
  { application, objects }: AwaitHealthInput,
  beat: Beat,
): Promise<AwaitedHealth> {
  const judged = objects.filter((ref) => mayHaveHealth(ref) || healthScripts?.covers(ref) === true);
  if (judged.length === 0) return { kind: 'healthy' };
  const kinds = mergeKinds([], judged);
  const list = new WaitingList(judged, healthScripts, beat);
  const stop = new AbortController();
  const signal = AbortSignal.any([beat.signal, stop.signal]);
  const selector = `${marks.application}=${application}`;
  const watching = cluster.observe(kinds, selector, (event) => list.take(event), signal);
  try {
    const answer = await Promise.race([list.answer, watching]);
    beat.signal.throwIfAborted();
    if (answer === undefined) throw new Error('the cluster has ended its watches by itself');
    return answer;
  } finally {
    stop.abort();
    await watching.catch(() => undefined);
  }
}

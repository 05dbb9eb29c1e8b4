import { nameOf, type ObjectRef } from '../../domain/kube-object';
import type { Evicted } from '../../ports/cluster';
import { isPortError } from '../../ports/port-error';
import type { Rest } from './rest';

interface Request {
  readonly pod: ObjectRef;
  readonly uid: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The Eviction API (https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/): 429 when a PodDisruptionBudget has no
 * disruption left, or when the server is busy; 500 when several budgets select the pod, which evictions do not support.
 */
export async function evictPod(rest: Rest, { pod, uid, signal }: Request): Promise<Evicted> {
  const { namespace = '', name } = pod;
  try {
    await rest({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`,
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace },
        deleteOptions: { preconditions: { uid } },
      },
      what: `evict ${nameOf(pod)}`,
      signal,
    });
    return { kind: 'evicted' };
  } catch (error: unknown) {
    if (isPortError(error, 'NotFound', 'Conflict')) return { kind: 'gone' };
    if (isPortError(error, 'Throttled')) return { kind: 'refused', why: refusal(error.facts['budget']) };
    if (isPortError(error) && severalBudgets.test(error.message))
      return { kind: 'refused', why: `more than one PodDisruptionBudget selects ${nameOf(pod)}; leave one` };
    throw error;
  }
}

const severalBudgets = /more than one PodDisruptionBudget/i;

function refusal(budget: unknown): string {
  return typeof budget === 'string'
    ? `PodDisruptionBudget ${budget} lets no pod go now`
    : 'the API server takes no eviction now';
}

import { health } from './status';
import type { Health } from './status';
import type { KubeObject } from '../kube-object';
import { hasCondition, peekList, peekNumber, peekText } from '../peek';
import { valueAt } from '../read-json';
import { syncAnnotations } from '../sync/annotations';

/** Pod (Argo CD, health_pod.go), but never in the words of a process, which may hold secrets. */
export function podHealth(object: KubeObject): Health {
  const isLasting = isLongRunning(object);
  const stuck = isLasting ? stuckContainers(object) : [];
  if (stuck.length > 0) return health('Degraded', stuck.join(', '));
  const message = peekText(object, 'status', 'message');
  switch (peekText(object, 'status', 'phase')) {
    case 'Pending':
      return health('Progressing', message);
    case 'Succeeded':
      return health('Healthy', message);
    case 'Failed':
      return health('Degraded', message ?? failureOf(object));
    case 'Running':
      return isLasting ? runningHealth(object, message) : health('Progressing', message);
    default:
      return health('Unknown', message);
  }
}

function runningHealth(object: KubeObject, message: string | undefined): Health {
  if (hasCondition(object, 'Ready', 'True')) return health('Healthy', message);
  const hasEnded = statusesOf(object).some(
    (status) => valueAt(status, 'lastState', 'terminated') !== undefined,
  );
  return health(hasEnded ? 'Degraded' : 'Progressing', message);
}

/** A pod that ends by itself is a hook or a task, unless an annotation says that it is a server (and it is no hook). */
function isLongRunning(object: KubeObject): boolean {
  if (peekText(object, 'spec', 'restartPolicy') === 'Always') return true;
  const annotations = object.metadata.annotations ?? {};
  const hook = annotations[syncAnnotations.hook] ?? annotations[syncAnnotations.helmHook] ?? 'Skip';
  return annotations['argocd.argoproj.io/ignore-restart-policy'] === 'true' && hook === 'Skip';
}

function stuckContainers(object: KubeObject): readonly string[] {
  return statusesOf(object).flatMap((status) => {
    const waiting = valueAt(status, 'state', 'waiting');
    const reason = peekText(waiting, 'reason') ?? '';
    return /^Err|(Error|BackOff)$/.test(reason) ? [peekText(waiting, 'message') ?? reason] : [];
  });
}

function failureOf(object: KubeObject): string | undefined {
  const all = [...peekList(object, 'status', 'initContainerStatuses'), ...statusesOf(object)];
  const failed = all.find((status) => (peekNumber(status, 'state', 'terminated', 'exitCode') ?? 0) !== 0);
  if (failed === undefined) return undefined;
  const end = valueAt(failed, 'state', 'terminated');
  if (peekText(end, 'reason') === 'OOMKilled') return 'OOMKilled';
  return `container ${peekText(failed, 'name') ?? ''} ended with exit code ${peekNumber(end, 'exitCode') ?? 0}`;
}

function statusesOf(object: KubeObject): readonly unknown[] {
  return peekList(object, 'status', 'containerStatuses');
}

import { health } from './status';
import type { Health } from './status';
import type { KubeObject } from '../kube-object';
import { conditionOf, hasCondition, peekNumber, peekText } from '../peek';
import { valueAt } from '../read-json';

/** Deployment (Argo CD, health_deployment.go). */
export function deploymentHealth(object: KubeObject): Health {
  const { updated, total, available } = countsOf(object);
  const wanted = peekNumber(object, 'spec', 'replicas');
  if (valueAt(object, 'spec', 'paused') === true) return health('Suspended', 'the Deployment is paused');
  if (!isObserved(object)) return notObserved;
  if (peekText(conditionOf(object, 'Progressing'), 'reason') === 'ProgressDeadlineExceeded') {
    return health('Degraded', 'the Deployment exceeded its progress deadline');
  }
  if (wanted !== undefined && updated < wanted)
    return health('Progressing', `${updated} of ${wanted} pods are updated`);
  if (total > updated) return health('Progressing', `${total - updated} old pods are still there`);
  if (available < updated)
    return health('Progressing', `${available} of ${updated} updated pods are available`);
  return health('Healthy');
}

/** StatefulSet (Argo CD, health_statefulset.go); with a `rollingUpdate` block, only the part above `partition` counts. */
export function statefulSetHealth(object: KubeObject): Health {
  const { updated, ready } = countsOf(object);
  const wanted = peekNumber(object, 'spec', 'replicas');
  const strategy = valueAt(object, 'spec', 'updateStrategy');
  if (peekNumber(object, 'status', 'observedGeneration') === undefined || !isObserved(object))
    return notObserved;
  if (wanted !== undefined && ready < wanted)
    return health('Progressing', `${wanted - ready} pods are not ready`);
  if (peekText(strategy, 'type') === 'RollingUpdate' && valueAt(strategy, 'rollingUpdate') !== undefined) {
    const partition = peekNumber(strategy, 'rollingUpdate', 'partition');
    const due = wanted === undefined || partition === undefined ? 0 : wanted - partition;
    return updated < due
      ? health('Progressing', `${updated} of ${due} pods above the partition are updated`)
      : health('Healthy');
  }
  if (peekText(strategy, 'type') === 'OnDelete') return health('Healthy');
  const isMoving =
    peekText(object, 'status', 'updateRevision') !== peekText(object, 'status', 'currentRevision');
  return isMoving ? health('Progressing', `${updated} pods are updated`) : health('Healthy');
}

/** DaemonSet (Argo CD, health_daemonset.go). */
export function daemonSetHealth(object: KubeObject): Health {
  const wanted = peekNumber(object, 'status', 'desiredNumberScheduled') ?? 0;
  const updated = peekNumber(object, 'status', 'updatedNumberScheduled') ?? 0;
  const available = peekNumber(object, 'status', 'numberAvailable') ?? 0;
  if (!isObserved(object)) return notObserved;
  if (peekText(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') return health('Healthy');
  if (updated < wanted) return health('Progressing', `${updated} of ${wanted} pods are updated`);
  if (available < wanted) return health('Progressing', `${available} of ${wanted} pods are available`);
  return health('Healthy');
}

/** ReplicaSet (Argo CD, health_replicaset.go). */
export function replicaSetHealth(object: KubeObject): Health {
  const { available } = countsOf(object);
  const wanted = peekNumber(object, 'spec', 'replicas');
  if (!isObserved(object)) return notObserved;
  if (hasCondition(object, 'ReplicaFailure', 'True')) {
    return health('Degraded', peekText(conditionOf(object, 'ReplicaFailure'), 'message'));
  }
  if (wanted !== undefined && available < wanted)
    return health('Progressing', `${available} of ${wanted} pods are available`);
  return health('Healthy');
}

const notObserved = health('Progressing', 'its controller has not seen the newest spec yet');

/** `observedGeneration` 0 stands for a controller that has not looked at all. */
function isObserved(object: KubeObject): boolean {
  return (object.metadata.generation ?? 0) <= (peekNumber(object, 'status', 'observedGeneration') ?? 0);
}

function countsOf(object: KubeObject) {
  const count = (field: string): number => peekNumber(object, 'status', field) ?? 0;
  return {
    total: count('replicas'),
    updated: count('updatedReplicas'),
    ready: count('readyReplicas'),
    available: count('availableReplicas'),
  };
}

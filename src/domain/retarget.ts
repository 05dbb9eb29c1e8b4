import type { KubeObject } from './kube-object';
import { isMap, valueAt } from './read-json';
import type { Workload } from './workload';

/**
 * An autoscaler whose target is a Rollout gets the workload that the Rollout amounts to: there are no Rollouts in the cluster.
 * Any other object stays as it is.
 */
export function retarget(object: KubeObject, workloads: readonly Workload[]): KubeObject {
  const { spec } = object;
  const target = valueAt(object, 'spec', 'scaleTargetRef');
  if (object.kind !== 'HorizontalPodAutoscaler' || !isMap(spec) || !isMap(target)) return object;
  const workload = workloads.find((each) => each.rollout !== undefined && each.rollout === target['name']);
  if (target['kind'] !== 'Rollout' || workload === undefined) return object;
  const { kind, name } = workload;
  return { ...object, spec: { ...spec, scaleTargetRef: { apiVersion: 'apps/v1', kind, name } } };
}

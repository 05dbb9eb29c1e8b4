import { problemAt, type Located } from './located';
import { isMap, valueAt } from './read-json';
import {
  isOf,
  namespaceOf,
  workloadKind,
  workloadName,
  type GroupKind,
  type Revision,
} from './read-revision';

const scalers: readonly GroupKind[] = [
  { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
  { group: 'keda.sh', kind: 'ScaledObject' },
];
const path = ['spec', 'scaleTargetRef'];

/** Whether an object is an autoscaler. */
export function isScaler(located: Located): boolean {
  return scalers.some((scaler) => isOf(located, scaler));
}

/** The Rollout whose workload an autoscaler scales, named as Rollout or as the workload itself. */
export function scaledRollout(
  scaler: Located,
  rollouts: readonly Located[],
  revision: Revision,
): Located | undefined {
  const wanted = valueAt(scaler.object, ...path, 'name');
  const kind = valueAt(scaler.object, ...path, 'kind') ?? 'Deployment';
  return rollouts.find((rollout) => {
    const name = kind === 'Rollout' ? rollout.object.metadata.name : workloadName(rollout);
    const isKind = kind === 'Rollout' || kind === workloadKind(rollout);
    return isKind && name === wanted && namespaceOf(rollout, revision) === namespaceOf(scaler, revision);
  });
}

/**
 * Refuses autoscalers where the ratio of pods carries the weight: they count the pods of the canary as well, and fight the steps
 * over the number of stable pods.
 */
export function checkScalers(revision: Revision, rollouts: readonly Located[]): void {
  for (const scaler of revision.objects.filter(isScaler)) {
    const target = scaledRollout(scaler, rollouts, revision);
    if (target === undefined || !weighsByPods(target)) continue;
    const name = target.object.metadata.name;
    const message = `it would scale Rollout ${name} by the pods of its canary too, whose number is the weight`;
    const remedy =
      'write trafficRouting for the Rollout, remove the autoscaler, or deliver a plain Deployment';
    revision.problems.push(problemAt(scaler, { code: 'Unsupported', path, message, remedy }));
  }
}

function weighsByPods(rollout: Located): boolean {
  const canary = valueAt(rollout.object, 'spec', 'strategy', 'canary');
  const isRouted = valueAt(canary, 'trafficRouting') !== undefined;
  return workloadKind(rollout) === 'Deployment' && isMap(canary) && !isRouted;
}

/** An autoscaler of a Rollout, aimed at the workload: there is no object of the kind Rollout in the cluster. */
export function aimed(scaler: Located, rollouts: readonly Located[], revision: Revision): Located {
  const target = scaledRollout(scaler, rollouts, revision);
  const spec = scaler.object['spec'];
  if (target === undefined || !isMap(spec) || valueAt(spec, 'scaleTargetRef', 'kind') !== 'Rollout')
    return scaler;
  const ref = isMap(spec['scaleTargetRef']) ? spec['scaleTargetRef'] : {};
  const workload = { apiVersion: 'apps/v1', kind: workloadKind(target), name: workloadName(target) };
  const object = { ...scaler.object, spec: { ...spec, scaleTargetRef: { ...ref, ...workload } } };
  return { ...scaler, object, lineOf: (path) => scaler.lineOf(path) };
}

import type { Fields } from './fields';
import { readBackgroundAnalysis } from './read-analysis-ref';
import { ignore, reportUnknown } from './read-refusals';
import type { Revision } from './read-revision';
import { readSteps } from './read-steps';
import type { InPlaceStrategy } from './strategy';
import type { WorkloadKind } from './workload';

/** Fields of a canary that need pods of two versions beside each other, and what to do without them. */
const twoVersions: Readonly<Record<string, string>> = {
  trafficRouting: 'remove it: a pod serves what its Service gives it',
  stableService: 'remove it: no Service can tell the versions apart',
  canaryService: 'remove it: no Service can tell the versions apart',
  maxSurge: 'remove it: no pod is started besides those there are',
  maxUnavailable: 'write it in the updateStrategy of the workload',
  scaleDownDelaySeconds: 'remove it: no old pod is left over',
  scaleDownDelayRevisionLimit: 'remove it: no old pod is left over',
  abortScaleDownDelaySeconds: 'remove it: no new pod is left over',
  antiAffinity: 'write it in the pod template',
  canaryMetadata: 'write it in the pod template',
  stableMetadata: 'write it in the pod template',
  dynamicStableScale: 'remove it',
  minPodsPerReplicaSet: 'remove it',
  pingPong: 'remove it',
  replicaProgressThreshold: 'remove it: a step waits for all of its pods',
};

/**
 * Reads `strategy.canary` for a StatefulSet or DaemonSet, which Argo Rollouts does not know: of the steps a weight is the share of
 * pods that have the new version.
 */
export function readInPlace(canary: Fields, kind: WorkloadKind, revision: Revision): InPlaceStrategy {
  for (const [key, remedy] of Object.entries(twoVersions)) {
    const value = canary.raw(key);
    if (value === undefined || value === '' || value === false) continue;
    canary.invalid(key, `${key} has no meaning for a ${kind}, whose pods are replaced in place`, { remedy });
  }
  const steps = readSteps(canary, { revision, isRouted: false, isInPlace: true });
  const analysis = readBackgroundAnalysis(canary, canary.list('steps').length, revision);
  ignore(canary, 'steps');
  reportUnknown(canary);
  return { kind: 'inPlace', steps, ...(analysis && { analysis }) };
}

import { groupOf } from './kube-object';
import { problemAt, type Located } from './located';
import { valueAt } from './read-json';
import { isOf, namespaceOf, workloadName, type GroupKind, type Revision } from './read-revision';

/** Kinds of argoproj.io that only mean something to a controller that Belay does without, and what to do with them. */
const foreignKinds: Readonly<Record<string, string>> = {
  AnalysisTemplate: 'remove it',
  ClusterAnalysisTemplate: 'remove it',
  AnalysisRun: 'remove it',
  Experiment: 'remove it',
  Application: 'give each application to Belay itself',
  ApplicationSet: 'write one Application for each of the applications that it would generate',
  AppProject: 'remove it',
};

const scalers: readonly GroupKind[] = [
  { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
  { group: 'keda.sh', kind: 'ScaledObject' },
];

/** Refuses objects that would be applied and then do nothing, or the wrong thing. */
export function checkForeign(revision: Revision, rollouts: readonly Located[]): void {
  for (const each of revision.objects) {
    const { apiVersion, kind } = each.object;
    const remedy =
      groupOf(apiVersion) === 'argoproj.io' && Object.hasOwn(foreignKinds, kind) && foreignKinds[kind];
    if (remedy) {
      const message = `${kind} is not supported yet`;
      revision.problems.push(problemAt(each, { code: 'Unsupported', path: [], message, remedy }));
    }
    if (scalers.some((scaler) => isOf(each, scaler))) checkScaler(each, revision, rollouts);
  }
}

/** An autoscaler counts the pods of the canary as well, and fights the steps over the number of stable pods. */
function checkScaler(scaler: Located, revision: Revision, rollouts: readonly Located[]): void {
  const path = ['spec', 'scaleTargetRef'];
  const wanted = valueAt(scaler.object, ...path, 'name');
  const kind = valueAt(scaler.object, ...path, 'kind') ?? 'Deployment';
  if (kind !== 'Rollout' && kind !== 'Deployment') return;
  const target = rollouts.find((rollout) => {
    const name = kind === 'Rollout' ? rollout.object.metadata.name : workloadName(rollout);
    return name === wanted && namespaceOf(rollout, revision) === namespaceOf(scaler, revision);
  });
  if (target === undefined) return;
  const message = `scaling Rollout ${target.object.metadata.name} is not supported yet: the pods of its canary would count too`;
  const remedy = 'remove the autoscaler, or make the workload a plain Deployment';
  revision.problems.push(problemAt(scaler, { code: 'Unsupported', path, message, remedy }));
}

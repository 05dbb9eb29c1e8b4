import { groupOf } from './kube-object';
import { problemAt, type FieldPath, type Finding, type Located } from './located';
import { valueAt } from './read-json';
import { deploymentKind, isOf, namespaceOf, objectsOf, rolloutKind, type Revision } from './read-revision';

/** Kinds that only mean something to a controller that Belay does not have. */
const foreignKinds: Readonly<Record<string, string>> = {
  AnalysisTemplate: 'remove it',
  ClusterAnalysisTemplate: 'remove it',
  AnalysisRun: 'remove it',
  Experiment: 'remove it',
  Application: 'give each application to Belay itself, with `belay app`',
  ApplicationSet: 'write one Application for each of the applications that it would generate',
  AppProject: 'remove it',
};

/** Checks the objects of a revision against each other: two owners of one workload, Service, name or size. */
export function checkNeighbours(revision: Revision): void {
  const rollouts = revision.objects.filter((each) => isOf(each, rolloutKind));
  const workloads = new Map<string, Located>();
  const services = new Map<string, Located>();
  for (const rollout of rollouts) {
    checkWorkload(rollout, revision, workloads);
    checkShared(rollout, revision, services);
  }
  for (const each of revision.objects) {
    const { apiVersion, kind } = each.object;
    const remedy =
      groupOf(apiVersion) === 'argoproj.io' && Object.hasOwn(foreignKinds, kind) && foreignKinds[kind];
    if (remedy) {
      add(revision, each, { code: 'Unsupported', path: [], message: `${kind} is not supported yet`, remedy });
    }
    if (isScaler(each)) checkScaler(each, revision, rollouts);
  }
}

function add(revision: Revision, located: Located, finding: Finding): void {
  revision.problems.push(problemAt(located, finding));
}

function checkWorkload(rollout: Located, revision: Revision, taken: Map<string, Located>): void {
  const namespace = namespaceOf(rollout, revision);
  const { name, path } = workloadName(rollout);
  const deployments = objectsOf(revision, deploymentKind, namespace);
  const find = (wanted: string) => deployments.find(({ object }) => object.metadata.name === wanted);
  const twin = path.length === 0 ? find(name) : undefined;
  const other = taken.get(`${namespace}/${name}`) ?? twin;
  taken.set(`${namespace}/${name}`, rollout);
  if (other !== undefined) {
    const message = `Deployment ${name} is delivered by ${other.object.kind} ${other.object.metadata.name} already (${other.file}:${other.line})`;
    const remedy = 'remove one of the two, or refer to the Deployment by spec.workloadRef';
    add(revision, rollout, { code: 'DuplicateObject', path, message, remedy });
  }
  const canary = find(`${name}-canary`);
  if (canary !== undefined) {
    const message = `the name is taken: the canary of Rollout ${rollout.object.metadata.name} is called so`;
    const path = ['metadata', 'name'];
    add(revision, canary, { code: 'InvalidSpec', path, message, remedy: 'rename the Deployment' });
  }
}

/** The Deployment that a Rollout amounts to, and the field that says so. */
function workloadName({ object }: Located): { readonly name: string; readonly path: FieldPath } {
  const referred = valueAt(object, 'spec', 'workloadRef', 'name');
  if (typeof referred !== 'string') return { name: object.metadata.name, path: [] };
  return { name: referred, path: ['spec', 'workloadRef', 'name'] };
}

function checkShared(rollout: Located, revision: Revision, taken: Map<string, Located>): void {
  for (const role of ['stableService', 'canaryService']) {
    const path = ['spec', 'strategy', 'canary', role];
    const name = valueAt(rollout.object, ...path);
    if (typeof name !== 'string' || name === '') continue;
    const key = `${namespaceOf(rollout, revision)}/${name}`;
    const other = taken.get(key) ?? rollout;
    taken.set(key, other);
    if (other === rollout) continue;
    const message = `Service ${name} is used by Rollout ${other.object.metadata.name} already (${other.file}:${other.line})`;
    add(revision, rollout, {
      code: 'InvalidSpec',
      path,
      message,
      value: name,
      remedy: 'give each its own Services',
    });
  }
}

function isScaler({ object }: Located): boolean {
  const group = groupOf(object.apiVersion);
  return (
    (group === 'autoscaling' && object.kind === 'HorizontalPodAutoscaler') ||
    (group === 'keda.sh' && object.kind === 'ScaledObject')
  );
}

function checkScaler(scaler: Located, revision: Revision, rollouts: readonly Located[]): void {
  const path = ['spec', 'scaleTargetRef'];
  const name = valueAt(scaler.object, ...path, 'name');
  const kind = valueAt(scaler.object, ...path, 'kind') ?? 'Deployment';
  const namespace = namespaceOf(scaler, revision);
  const target = rollouts.find((rollout) => {
    const named = kind === 'Rollout' ? rollout.object.metadata.name : workloadName(rollout).name;
    return (
      (kind === 'Rollout' || kind === 'Deployment') &&
      named === name &&
      namespaceOf(rollout, revision) === namespace
    );
  });
  if (target === undefined) return;
  const message = `scaling Rollout ${target.object.metadata.name} is not supported yet: it would count the pods of the canary too`;
  const remedy = 'remove the autoscaler, or make the workload a plain Deployment';
  add(revision, scaler, { code: 'Unsupported', path, message, remedy });
}

import { problemAt, type Finding, type Located } from './located';
import { valueAt } from './read-json';
import {
  deploymentKind,
  namespaceOf,
  objectsOf,
  workloadKind,
  workloadName,
  type Revision,
} from './read-revision';
import { checkRouteOwners, type AskedFor } from './read-route-owners';
import { serviceRoles } from './read-services';

/** Checks Rollouts against each other and against workloads: no two of them may own one workload, Service, route or name. */
export function checkNeighbours(
  revision: Revision,
  rollouts: readonly Located[],
  asked: readonly AskedFor[],
): void {
  const workloads = new Map<string, Located>();
  const services = new Map<string, Located>();
  for (const rollout of rollouts) {
    checkWorkload(rollout, revision, workloads);
    checkServiceOwner(rollout, revision, services);
  }
  checkRouteOwners(revision, asked);
  for (const rollout of rollouts) {
    if (workloadKind(rollout) !== 'Deployment') continue;
    const canary = `${workloadName(rollout)}-canary`;
    const namespace = namespaceOf(rollout, revision);
    const taken =
      workloads.get(`Deployment/${namespace}/${canary}`) ?? deploymentCalled(canary, namespace, revision);
    if (taken === undefined) continue;
    const message = `the name is taken: the canary of Rollout ${rollout.object.metadata.name} is called ${canary}`;
    const path = ['metadata', 'name'];
    add(revision, taken, { code: 'InvalidSpec', path, message, remedy: 'rename one of the two' });
  }
}

function checkWorkload(rollout: Located, revision: Revision, owners: Map<string, Located>): void {
  const namespace = namespaceOf(rollout, revision);
  const name = workloadName(rollout);
  const refers = valueAt(rollout.object, 'spec', 'workloadRef') !== undefined;
  const kind = workloadKind(rollout);
  const key = `${kind}/${namespace}/${name}`;
  const before = owners.get(key);
  owners.set(key, before ?? rollout);
  if (before !== undefined) {
    const path = refers ? ['spec', 'workloadRef', 'name'] : [];
    const message = `${kind} ${name} is delivered by ${placed(before)} already`;
    add(revision, rollout, { code: 'DuplicateObject', path, message, remedy: 'remove one of the two' });
    return;
  }
  const twin = refers ? undefined : deploymentCalled(name, namespace, revision);
  if (twin === undefined) return;
  const message = `it becomes a Deployment of the same name, but there is ${placed(twin)} already`;
  const remedy = 'remove one of the two, or refer to the Deployment by spec.workloadRef';
  add(revision, rollout, { code: 'DuplicateObject', path: [], message, remedy });
}

function checkServiceOwner(rollout: Located, revision: Revision, owners: Map<string, Located>): void {
  const fields = Object.entries(serviceRoles).flatMap(([strategy, roles]) =>
    roles.map((role) => ['spec', 'strategy', strategy, role]),
  );
  for (const path of fields) {
    const name = valueAt(rollout.object, ...path);
    if (typeof name !== 'string' || name === '') continue;
    const key = `${namespaceOf(rollout, revision)}/${name}`;
    const owner = owners.get(key) ?? rollout;
    owners.set(key, owner);
    if (owner === rollout) continue;
    const message = `Service ${name} is used by ${placed(owner)} already`;
    const remedy = 'give each Rollout Services of its own';
    add(revision, rollout, { code: 'InvalidSpec', path, message, value: name, remedy });
  }
}

function deploymentCalled(name: string, namespace: string, revision: Revision): Located | undefined {
  return objectsOf(revision, deploymentKind, namespace).find(({ object }) => object.metadata.name === name);
}

function placed({ object, file, line }: Located): string {
  return `${object.kind} ${object.metadata.name} (${file}:${line})`;
}

function add(revision: Revision, located: Located, finding: Finding): void {
  revision.problems.push(problemAt(located, finding));
}

import { readOf, type Located } from './located';
import type { Read } from './problem';
import { findDuplicates } from './read-duplicates';
import { checkForeign } from './read-foreign';
import { checkNeighbours } from './read-neighbours';
import { readDeployment } from './read-deployment';
import { valueAt } from './read-json';
import { readOneRollout } from './read-one-rollout';
import { deploymentKind, isOf, namespaceOf, rolloutKind, type Revision } from './read-revision';
import type { Workload } from './workload';

/** The workloads of a revision, and every object that is none. */
export interface Workloads {
  readonly workloads: readonly Workload[];
  readonly others: readonly Located[];
}

/** The workloads among the objects of one revision: each Rollout, and each Deployment that no Rollout refers to. */
export function readWorkloads(objects: readonly Located[], namespace: string): Read<Workloads> {
  const revision: Revision = { objects, namespace, problems: [] };
  const rollouts = objects.filter((each) => isOf(each, rolloutKind));
  const referred = new Set(rollouts.map((each) => deploymentOf(each, revision)));
  const plain = objects.filter(
    (each) =>
      isOf(each, deploymentKind) &&
      !referred.has(`${namespaceOf(each, revision)}/${each.object.metadata.name}`),
  );
  const workloads = [
    ...rollouts.map((each) => readOneRollout(each, revision)),
    ...plain.map((each) => readDeployment(each, revision)),
  ].filter((each) => each !== undefined);
  revision.problems.push(...findDuplicates(objects, namespace));
  checkNeighbours(revision, rollouts);
  checkForeign(revision, rollouts);
  const others = objects.filter((each) => !isOf(each, rolloutKind) && !isOf(each, deploymentKind));
  return readOf({ workloads, others }, revision.problems);
}

/** `namespace/name` of the Deployment that a Rollout refers to. */
function deploymentOf(rollout: Located, revision: Revision): string | undefined {
  const name = valueAt(rollout.object, 'spec', 'workloadRef', 'name');
  return typeof name === 'string' ? `${namespaceOf(rollout, revision)}/${name}` : undefined;
}

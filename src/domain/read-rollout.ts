import type { AnalysisTemplate } from './analysis/spec';
import { readOf, type Located } from './located';
import type { Problem, Read } from './problem';
import { findDuplicates } from './read-duplicates';
import { checkForeign } from './read-foreign';
import { isHook, readHooks } from './read-hooks';
import { checkNeighbours } from './read-neighbours';
import { readDeployment } from './read-deployment';
import { valueAt } from './read-json';
import { readOneRollout } from './read-one-rollout';
import {
  deploymentKind,
  isOf,
  namespaceOf,
  rolloutKind,
  workloadKind,
  workloadName,
  type Revision,
} from './read-revision';
import { aimed, checkScalers } from './read-scalers';
import { isTemplate, readTemplates } from './read-templates';
import type { Workload } from './workload';

/** The workloads of a revision, what judges them, and every object that is applied as it is. */
export interface Workloads {
  readonly workloads: readonly Workload[];
  /** Analysis templates; they are read here and never applied. */
  readonly templates: readonly AnalysisTemplate[];
  /** No workload, no hook, no template. */
  readonly others: readonly Located[];
}

/** What could be read of a revision, with everything that is wrong with it. */
export interface RevisionRead extends Workloads {
  readonly problems: readonly Problem[];
  /** Each workload that could be read, with the Rollout (or the plain Deployment) that asks for it. */
  readonly asked: readonly { readonly by: Located; readonly workload: Workload }[];
}

/**
 * The workloads among the objects of one revision: each Rollout, and each Deployment that no Rollout refers to. A StatefulSet or
 * DaemonSet is one when a Rollout refers to it, else it is among `others`.
 */
export function readWorkloads(objects: readonly Located[], namespace: string): Read<Workloads> {
  const { workloads, templates, others, problems } = readRevision(objects, namespace);
  return readOf({ workloads, templates, others }, problems);
}

/** The same, with what could be read in spite of the problems. */
export function readRevision(objects: readonly Located[], namespace: string): RevisionRead {
  const problems: Problem[] = [];
  const templates = readTemplates(objects, problems);
  const revision: Revision = { objects, namespace, problems, templates };
  const rollouts = objects.filter((each) => isOf(each, rolloutKind));
  const referred = new Set(rollouts.map((each) => referredBy(each, revision)));
  const isReferred = (each: Located) => {
    const key = keyOf(each, revision);
    return key !== undefined && referred.has(key);
  };
  const plain = objects.filter((each) => isOf(each, deploymentKind) && !isReferred(each));
  const read = [
    ...rollouts.map((by) => ({ by, workload: readOneRollout(by, revision) })),
    ...plain.map((by) => ({ by, workload: readDeployment(by, revision) })),
  ];
  const targets = read.map(({ by }) => ({ name: workloadName(by), namespace: namespaceOf(by, revision) }));
  const hooks = readHooks(revision, targets);
  problems.push(...findDuplicates(objects, namespace));
  checkNeighbours(revision, rollouts, read);
  checkForeign(revision);
  checkScalers(revision, rollouts);
  const isTaken = (each: Located) =>
    isOf(each, rolloutKind) ||
    isOf(each, deploymentKind) ||
    isReferred(each) ||
    isTemplate(each) ||
    isHook(each);
  const others = objects.filter((each) => !isTaken(each)).map((each) => aimed(each, rollouts, revision));
  const asked = read.flatMap(({ by, workload }) =>
    workload === undefined ? [] : [{ by, workload: withHooks(workload, hooks) }],
  );
  return { asked, workloads: asked.map(({ workload }) => workload), templates, others, problems };
}

function withHooks(workload: Workload, hooks: ReturnType<typeof readHooks>): Workload {
  const found = hooks.get(`${workload.namespace}/${workload.name}`);
  return found === undefined ? workload : { ...workload, hooks: found };
}

/** The workload that a Rollout refers to, as `keyOf` names it. */
function referredBy(rollout: Located, revision: Revision): string | undefined {
  if (valueAt(rollout.object, 'spec', 'workloadRef', 'name') === undefined) return undefined;
  return `${workloadKind(rollout)}/${namespaceOf(rollout, revision)}/${workloadName(rollout)}`;
}

function keyOf(located: Located, revision: Revision): string | undefined {
  const { apiVersion, kind, metadata } = located.object;
  return apiVersion.startsWith('apps/')
    ? `${kind}/${namespaceOf(located, revision)}/${metadata.name}`
    : undefined;
}

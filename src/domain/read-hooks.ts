import { problemAt, type Located } from './located';
import { hookAnnotations, readHookJob, type HookJob } from './read-hook-job';
import { isOf, namespaceOf, type GroupKind, type Revision } from './read-revision';
import { didYouMean } from './read-suggestion';
import type { Hook, Workload } from './workload';

const jobKind: GroupKind = { group: 'batch', kind: 'Job' };

/** Whether an object is a Job that runs with a rollout, or takes back what another one did. */
export function isHook(located: Located): boolean {
  const annotations = located.object.metadata.annotations ?? {};
  return (
    isOf(located, jobKind) && Object.keys(hookAnnotations).some((name) => Object.hasOwn(annotations, name))
  );
}

/** A workload that may have hooks: its Rollout, or the Deployment that no Rollout refers to. */
export type HookTarget = Pick<Workload, 'name' | 'namespace'>;

/** Finds the hooks of each workload, in the order in which Git writes them. The key is `namespace/name` of the workload. */
export function readHooks(
  revision: Revision,
  targets: readonly HookTarget[],
): ReadonlyMap<string, readonly Hook[]> {
  const jobs = revision.objects
    .filter((each) => isOf(each, jobKind))
    .flatMap((each) => readHookJob(each, revision));
  const undos = findUndos(jobs, revision);
  const hooks = new Map<string, Hook[]>();
  for (const { located, phase, target: wanted } of jobs) {
    if (phase === undefined) continue;
    const target = targetOf(located, wanted, { targets, revision });
    if (target === undefined) continue;
    const undo = undos.get(located);
    const { name } = located.object.metadata;
    const key = `${target.namespace}/${target.name}`;
    hooks.set(key, [...(hooks.get(key) ?? []), { name, phase, job: located, ...(undo && { undo }) }]);
  }
  return hooks;
}

function findUndos(jobs: readonly HookJob[], revision: Revision): ReadonlyMap<Located, Located> {
  const undos = new Map<Located, Located>();
  for (const { located, undoes } of jobs) {
    if (undoes === undefined) continue;
    const near = jobs.filter((each) => each.phase !== undefined && isBeside(each.located, located, revision));
    const hook = near.find((each) => each.located.object.metadata.name === undoes)?.located;
    const other = hook && undos.get(hook);
    if (hook !== undefined && other === undefined) {
      undos.set(hook, located);
    } else if (other !== undefined) {
      const message = `hook ${undoes} is undone by Job ${other.object.metadata.name} (${other.file}:${other.line}) already`;
      add(revision, located, { annotation: 'belay.dev/undoes', message, remedy: 'remove one of the two' });
    } else {
      const names = near.map((each) => each.located.object.metadata.name);
      const message = `there is no hook called ${undoes} in this revision`;
      const remedy = didYouMean(undoes, names, 'name a Job with the annotation belay.dev/hook');
      add(revision, located, { annotation: 'belay.dev/undoes', message, remedy });
    }
  }
  return undos;
}

function isBeside(a: Located, b: Located, revision: Revision): boolean {
  return namespaceOf(a, revision) === namespaceOf(b, revision);
}

function targetOf(
  job: Located,
  wanted: string | undefined,
  { targets, revision }: { readonly targets: readonly HookTarget[]; readonly revision: Revision },
): HookTarget | undefined {
  const near = targets.filter(({ namespace }) => namespace === namespaceOf(job, revision));
  if (wanted === undefined) {
    if (near.length === 1) return near[0];
    const message =
      near.length === 0
        ? 'there is no workload whose hook it could be'
        : `it could be the hook of ${near.length} workloads`;
    const remedy =
      near.length === 0 ? 'remove the annotation' : 'name one with the annotation belay.dev/hook-for';
    return add(revision, job, { annotation: 'belay.dev/hook', message, remedy });
  }
  const found = near.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const remedy = didYouMean(
    wanted,
    near.map(({ name }) => name),
    'name a Rollout or Deployment of this revision',
  );
  const message = `there is no workload called ${wanted} in this revision`;
  return add(revision, job, { annotation: 'belay.dev/hook-for', message, remedy });
}

function add(
  { problems }: Revision,
  job: Located,
  {
    annotation,
    message,
    remedy,
  }: { readonly annotation: string; readonly message: string; readonly remedy: string },
): undefined {
  const path = ['metadata', 'annotations', annotation];
  const value = job.object.metadata.annotations?.[annotation];
  problems.push(problemAt(job, { code: 'InvalidSpec', path, message, value, remedy }));
}

import { peekText } from '../peek';
import { problemAt, type Located } from '../located';
import type { Problem } from '../problem';
import { readHookJob } from '../read-hook-job';
import { isOf } from '../read-revision';
import type { SyncPlan, SyncTask } from './plan';

const annotation = 'belay.dev/undoes';

interface Reading {
  /** The application's, for objects that name none. */
  readonly namespace: string;
  readonly problems: Problem[];
}

/**
 * Gives hooks of a sync the Jobs that take them back when a release goes back: those with `belay.dev/undoes: <name of the hook>`, as for
 * hooks of rollouts. Such a Job is part of no step. Its hook stays until the next sync makes it anew, whatever its delete policy says:
 * it is how Belay knows that there is something to take back. A Job whose hook is none of the sync is left for hooks of rollouts.
 */
export function withUndos(sync: SyncPlan, reading: Reading): SyncPlan {
  const tasks = sync.steps.flatMap((step) => step.tasks);
  const undos = new Map<Located, Located>();
  for (const { located } of tasks.filter((each) => !each.isHook && isJob(each.located))) {
    const hook = hookOf(located, tasks, reading);
    if (hook === undefined) continue;
    readHookJob(located, { objects: [], templates: [], ...reading });
    const other = undos.get(hook.located);
    report(located, hook, { other, reading });
    if (other === undefined) undos.set(hook.located, located);
  }
  if (undos.size === 0) return sync;
  const isUndo = new Set(undos.values());
  const steps = sync.steps.map((step) => ({
    ...step,
    tasks: step.tasks.filter(({ located }) => !isUndo.has(located)).map((task) => withUndo(task, undos)),
  }));
  return { ...sync, steps: steps.filter((step) => step.tasks.length > 0) };
}

/** The Jobs that take hooks of the sync back. */
export function undosIn({ steps }: SyncPlan): readonly Located[] {
  return steps.flatMap(({ tasks }) => tasks.flatMap(({ undo }) => undo ?? []));
}

function withUndo(task: SyncTask, undos: ReadonlyMap<Located, Located>): SyncTask {
  const undo = undos.get(task.located);
  if (undo === undefined) return task;
  return { ...task, undo, marks: { ...task.marks, deletePolicies: ['BeforeHookCreation'] } };
}

function hookOf(undo: Located, tasks: readonly SyncTask[], { namespace }: Reading): SyncTask | undefined {
  const name = peekText(undo.object, 'metadata', 'annotations', annotation);
  const placeOf = ({ object }: Located): string => object.metadata.namespace ?? namespace;
  return tasks.find(
    ({ isHook, located }) =>
      isHook && located.object.metadata.name === name && placeOf(located) === placeOf(undo),
  );
}

function report(
  undo: Located,
  { located: hook }: SyncTask,
  { other, reading }: { readonly other: Located | undefined; readonly reading: Reading },
): void {
  const say = (message: string, remedy: string): void => {
    const path = ['metadata', 'annotations', annotation];
    const value = hook.object.metadata.name;
    reading.problems.push(problemAt(undo, { code: 'InvalidSpec', path, message, value, remedy }));
  };
  const { name } = hook.object.metadata;
  if (other !== undefined) {
    const by = `Job ${other.object.metadata.name} (${other.file}:${other.line})`;
    say(`hook ${name} is undone by ${by} already`, 'remove one of the two');
  } else if (!isJob(hook))
    say(`hook ${name} is a ${hook.object.kind}, and only a Job can be taken back`, 'make a Job of the hook');
  else if (peekText(hook.object, 'metadata', 'generateName') !== undefined)
    say(`hook ${name} has another name in each sync (generateName)`, 'give the hook a name');
}

function isJob(located: Located): boolean {
  return isOf(located, { group: 'batch', kind: 'Job' });
}

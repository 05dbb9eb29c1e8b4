import type { SyncOptions } from '../application-spec';
import type { KubeObject } from '../kube-object';
import type { Located } from '../located';
import type { Problem } from '../problem';
import { readSyncMarks, type Phase, type SyncMarks } from './marks';
import { inSyncOrder, type Placed } from './order';

/** One object in one phase of a sync; a hook of two phases is two tasks. */
export interface SyncTask {
  readonly located: Located;
  readonly phase: Phase;
  /** The wave it is applied in; of a Namespace or a definition it may be that of the first object that needs it. */
  readonly wave: number;
  readonly isHook: boolean;
  readonly marks: SyncMarks;
  /** The Job that takes a hook back. */
  readonly undo?: Located;
}

/** What is applied together: one wave of one phase. Tasks are in the order of their kinds; those of one kind need not wait for each other. */
export interface SyncStep {
  readonly phase: Phase;
  readonly wave: number;
  readonly tasks: readonly SyncTask[];
}

export interface SyncPlan {
  /** PreSync, Sync, PostSync, then SyncFail, which only runs after a failure; none is empty. */
  readonly steps: readonly SyncStep[];
  /** What no sync applies: `hook: Skip`, and Helm hooks of other occasions. */
  readonly skipped: readonly Located[];
}

export interface PlanSettings {
  /** Of the destination: where objects go that name none. */
  readonly namespace: string;
  /** Whether a kind has namespaces; without it all are taken to have, as in Argo CD, and a Namespace may come earlier than it must. */
  readonly isNamespaced?: (object: KubeObject) => boolean;
}

/**
 * Puts the objects of a revision into the steps of a sync: by phase, wave, kind and name, with Namespaces and definitions before what
 * needs them (Argo CD, gitops-engine/pkg/sync). Problems of annotations are added to `problems`; the plan is whole all the same.
 */
export function planSync(objects: readonly Located[], problems: Problem[], settings: PlanSettings): SyncPlan {
  const skipped: Located[] = [];
  const tasks = objects.flatMap((located): readonly PlacedTask[] => {
    const marks = readSyncMarks(located, problems);
    if (marks.skip) skipped.push(located);
    if (marks.skip) return [];
    const of: readonly Phase[] = marks.isHook ? marks.hookPhases : ['Sync'];
    const { object } = located;
    const namespace = namespaceOf(object, settings);
    return of.map((phase) => ({
      located,
      object,
      marks,
      phase,
      wave: marks.wave,
      isHook: marks.isHook,
      ...(namespace !== undefined && { namespace }),
    }));
  });
  return { steps: stepsOf(inSyncOrder(tasks)), skipped };
}

/** What holds for one object: its own options before those of the application, field by field. */
export function optionsOf({ marks }: Pick<SyncTask, 'marks'>, application: SyncOptions = {}): SyncOptions {
  return { ...application, ...marks.options };
}

interface PlacedTask extends SyncTask, Placed {}

function namespaceOf(object: KubeObject, { namespace, isNamespaced }: PlanSettings): string | undefined {
  return isNamespaced?.(object) === false ? undefined : (object.metadata.namespace ?? namespace);
}

function stepsOf(tasks: readonly PlacedTask[]): readonly SyncStep[] {
  const steps: { phase: Phase; wave: number; tasks: SyncTask[] }[] = [];
  for (const { located, phase, wave, isHook, marks } of tasks) {
    const last = steps.at(-1);
    const task = { located, phase, wave, isHook, marks };
    if (last?.phase === phase && last.wave === wave) last.tasks.push(task);
    else steps.push({ phase, wave, tasks: [task] });
  }
  return steps;
}

import { nameOf, refOf } from './kube-object';
import type { StepPlan } from './revision-plan';
import type { Phase } from './sync/marks';
import type { SyncStep, SyncTask } from './sync/plan';

/** Where an object was read. */
interface Place {
  readonly file: string;
  readonly line?: number;
}

/** Names a step of a sync. */
export interface StepKey {
  readonly phase: Phase;
  readonly wave: number;
}

/** The plain objects and the hooks of a revision, by the step they belong to. */
export class InSteps {
  readonly #steps = new Map<string, { readonly step: StepKey; readonly task: SyncTask }>();

  readonly steps: readonly SyncStep[];

  /** `delivered`: what is applied or moved; what only Belay reads (analysis templates and such) is in no step. */
  constructor(planned: readonly SyncStep[], delivered: readonly Place[]) {
    const places = new Set(delivered.map(placeOf));
    this.steps = planned
      .map((step) => ({
        ...step,
        tasks: step.tasks.filter((each) => each.isHook || places.has(placeOf(each.located))),
      }))
      .filter((step) => step.tasks.length > 0);
    for (const { phase, wave, tasks } of this.steps)
      for (const task of tasks)
        if (!task.isHook) this.#steps.set(placeOf(task.located), { step: { phase, wave }, task });
  }

  /** The task of a plain object that was read at the same place in Git. */
  taskOf(located: Place): SyncTask | undefined {
    return this.#steps.get(placeOf(located))?.task;
  }

  isIn(located: Place, { phase, wave }: StepKey): boolean {
    const found = this.#steps.get(placeOf(located))?.step;
    return found?.phase === phase && found.wave === wave;
  }

  hooksOf({ phase, wave }: StepKey): readonly SyncTask[] {
    const step = this.steps.find((each) => each.phase === phase && each.wave === wave);
    return (step?.tasks ?? []).filter((each) => each.isHook);
  }

  /** The steps as small facts; undefined where everything goes at once. */
  plan(workloadOf: (task: SyncTask) => string | undefined): readonly StepPlan[] | undefined {
    const isSimple =
      this.steps.length < 2 && this.steps.every((step) => !step.tasks.some((each) => each.isHook));
    if (isSimple) return undefined;
    return this.steps.map(({ phase, wave, tasks }) => {
      const undoable = tasks.filter((each) => each.undo !== undefined).map(nameOfTask);
      return {
        phase,
        wave,
        objects: tasks.filter((each) => !each.isHook).length,
        hooks: tasks.filter((each) => each.isHook).map(nameOfTask),
        ...(undoable.length === 0 ? {} : { undoable }),
        workloads: tasks.flatMap((each) => (each.isHook ? [] : (workloadOf(each) ?? []))),
      };
    });
  }
}

function nameOfTask({ located }: SyncTask): string {
  return nameOf(refOf(located.object));
}

/** What rewrites an object while it is read keeps its place. */
function placeOf({ file, line }: Place): string {
  return `${file}:${line}`;
}

import type { ApplicationSpec } from '../domain/application-spec';
import { composeJob, jobMarks } from '../domain/hook-job';
import { fitName } from '../domain/fit-name';
import { isEnded } from '../domain/job-state';
import { refOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import type { Located } from '../domain/located';
import { marks, rolloutManager } from '../domain/marks';
import { hasCondition } from '../domain/peek';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import { runJob, stopJob, untilStopped } from './jobs';
import type { LoadRevision } from './load';
import { loadAgain } from './load-application';
import type { Ports } from './ports';
import { removeAndWait } from './remove-and-wait';

export interface UndoSyncHooksInput {
  readonly spec: ApplicationSpec;
  /** The revision that is taken back: its hooks, and the Jobs that undo them, are read there. */
  readonly revision: string;
  readonly pins?: readonly string[];
  /** Start of the first sync that is taken back, as `runSyncHooks` was told: hooks of earlier ones stay as they are. */
  readonly startedAt: number;
}

export type UndoEnd = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly sentence: string };

interface Undoing {
  readonly cluster: Cluster;
  readonly input: UndoSyncHooksInput;
  readonly beat: Beat;
}

/** Takes back what hooks of a sync have done, by the Jobs that Git registers for it with `belay.dev/undoes`. */
export function createUndoSyncHooks({ cluster }: Pick<Ports, 'cluster'>, load: LoadRevision) {
  return {
    /**
     * The last hook first; one whose Job is not there has not run, and one that still runs is stopped first. Each is marked when it has
     * been taken back, so that this may be repeated. `failed`: an undo Job has failed, and those of earlier hooks were not run; the next
     * call makes it anew, unless somebody has annotated it `belay.dev/undone-by-hand`.
     */
    undoSyncHooks: beating(async (input: UndoSyncHooksInput, beat): Promise<UndoEnd> => {
      const { inSteps } = await loadAgain(load, input);
      const tasks = inSteps.steps.flatMap((step) => inSteps.hooksOf(step));
      for (const { located, undo } of tasks.toReversed()) {
        if (undo === undefined) continue;
        const sentence = await takeBack({ cluster, input, beat }, located, undo);
        if (sentence !== undefined) return { kind: 'failed', sentence };
      }
      return { kind: 'done' };
    }),
  };
}

/** Why it could not be taken back; undefined when it is, or when there is nothing to take back. */
async function takeBack(undoing: Undoing, hook: Located, undo: Located): Promise<string | undefined> {
  const { cluster, input, beat } = undoing;
  const { name } = hook.object.metadata;
  const job = await cluster.get(jobRef(input, hook, name), beat.signal);
  if (job === undefined || !isToUndo(job, input)) return undefined;
  if (!isEnded(job)) {
    await stopJob(cluster, job, 'suspend');
    await untilStopped(cluster, job, beat);
  }
  const wanted = undoJob(input, undo, { hook: name, sync: syncOf(job) });
  if (!(await isDoneByHand(undoing, wanted))) {
    const end = await run(undoing, wanted);
    if (end !== undefined) return `undo of hook ${name}: ${end}`;
  }
  await markUndone(undoing, job);
  return undefined;
}

/** It was made by a sync that is taken back, and has not been taken back yet. */
function isToUndo(job: KubeObject, { spec, revision, startedAt }: UndoSyncHooksInput): boolean {
  const { labels, annotations = {} } = job.metadata;
  return (
    labels?.[marks.application] === spec.name &&
    annotations[marks.hookRevision] === revision &&
    annotations[marks.undone] === undefined &&
    Number(syncOf(job)) >= startedAt
  );
}

function syncOf({ metadata }: KubeObject): string {
  return metadata.annotations?.[marks.sync] ?? '';
}

/** The name makes it once for each sync of the hook. */
function undoJob(
  { spec, revision }: UndoSyncHooksInput,
  { object }: Located,
  { hook, sync }: { readonly hook: string; readonly sync: string },
): KubeObject {
  return composeJob(object, {
    name: fitName(hook, `-${sync}-undo`),
    namespace: object.metadata.namespace ?? spec.destination.namespace,
    application: spec.name,
    hook,
    env: { BELAY_APPLICATION: spec.name, BELAY_REVISION: revision },
  });
}

/** One that has failed before this call is made anew. */
async function isDoneByHand({ cluster, beat }: Undoing, wanted: KubeObject): Promise<boolean> {
  const live = await cluster.get(refOf(wanted), beat.signal);
  if (live?.metadata.annotations?.[jobMarks.byHand] !== undefined) return true;
  if (live !== undefined && hasCondition(live, 'Failed', 'True')) {
    beat.note(`making Job ${live.metadata.name} again`);
    await removeAndWait(cluster, live, beat);
  }
  return false;
}

/** Why the Job did not succeed. */
async function run({ cluster, beat }: Undoing, wanted: KubeObject): Promise<string | undefined> {
  try {
    const end = await runJob(cluster, wanted, { ...beat, onAbort: 'suspend' });
    return end.kind === 'complete' ? undefined : end.sentence;
  } catch (error: unknown) {
    if (isPortError(error) && error.retry === 'never') return error.message;
    throw error;
  }
}

async function markUndone({ cluster, beat }: Undoing, job: KubeObject): Promise<void> {
  const patch = { metadata: { uid: job.metadata.uid, annotations: { [marks.undone]: 'true' } } };
  await cluster
    .patch(refOf(job), patch, { manager: rolloutManager, signal: beat.signal })
    .catch((error: unknown) => {
      if (!isPortError(error, 'NotFound', 'Conflict')) throw error;
    });
}

function jobRef({ spec }: UndoSyncHooksInput, { object }: Located, name: string): ObjectRef {
  const namespace = object.metadata.namespace ?? spec.destination.namespace;
  return { apiVersion: 'batch/v1', kind: 'Job', namespace, name };
}

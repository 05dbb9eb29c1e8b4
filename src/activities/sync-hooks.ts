import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplicationSpec } from '../domain/application-spec';
import { healthOf } from '../domain/health';
import type { StepKey } from '../domain/in-steps';
import { nameOf, refOf, type KubeObject } from '../domain/kube-object';
import { gitManager, marks } from '../domain/marks';
import { mapOf } from '../domain/read-json';
import { hookName } from '../domain/sync/hook-name';
import { hookResult } from '../domain/sync/hook-result';
import { hooksToDelete } from '../domain/sync/hook-deletions';
import type { SyncTask } from '../domain/sync/plan';
import type { Cluster } from '../ports/cluster';
import type { HealthScripts } from '../ports/health';
import { isPortError, PortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import { isCancelled, stopJob, watchJob } from './jobs';
import { judgeHealth } from './judge-health';
import type { LoadRevision } from './load';
import { loadAgain } from './load-application';
import { place } from './place';
import type { Ports } from './ports';
import { removeAndWait } from './remove-and-wait';
import { hooksOf } from './selection';

export interface SyncHooksInput {
  readonly spec: ApplicationSpec;
  readonly revision: string;
  readonly pins?: readonly string[];
  readonly step: StepKey;
  /** Which sync it is: its hooks are marked with it, so that a second attempt finds those of the first. Epoch milliseconds of its start. */
  readonly startedAt: number;
}

export type HooksEnd =
  { readonly kind: 'done' } | { readonly kind: 'failed'; readonly hook: string; readonly sentence: string };

interface HookRun {
  readonly cluster: Cluster;
  readonly healthScripts: HealthScripts | undefined;
  readonly input: SyncHooksInput;
  readonly beat: Beat;
}

/** Hooks of a sync as Argo CD has them: objects that are made at their phase and wave, watched to their end, and deleted by policy. */
export function createSyncHooks({ cluster, healthScripts }: Ports, load: LoadRevision) {
  return {
    /** Makes the hooks of a step and waits for all of them; answers the first that failed when every one has ended. */
    runSyncHooks: beating(async (input: SyncHooksInput, beat): Promise<HooksEnd> => {
      const run = { cluster, healthScripts, input, beat };
      const hooks = await read(run, load);
      const ends = await Promise.all(hooks.map((each) => runOne(run, each)));
      return ends.find((each) => each.kind === 'failed') ?? { kind: 'done' };
    }),

    /** Deletes those whose policy says so; in an activity of its own, so that a hook is never made again because it was gone. */
    deleteSyncHooks: beating(
      async (input: SyncHooksInput & { readonly failed: boolean }, beat): Promise<void> => {
        const run = { cluster, healthScripts, input, beat };
        const hooks = await read(run, load);
        const tasks = hooksToDelete(
          hooks.map(({ task }) => task),
          input.failed ? 'failure' : 'success',
        );
        const going = hooks.filter(({ task }) => tasks.includes(task));
        await Promise.all(going.map(({ object }) => removeOwn(run, object)));
      },
    ),
  };
}

interface HookObject {
  readonly task: SyncTask;
  readonly object: KubeObject;
}

async function read({ cluster, input }: HookRun, load: LoadRevision): Promise<readonly HookObject[]> {
  const { spec, revision, step, startedAt } = input;
  const loaded = await loadAgain(load, input);
  const placed = await place(cluster, spec, hooksOf(loaded, step, { spec }));
  const tasks = loaded.inSteps.hooksOf(step);
  return placed.flatMap(({ object, source }) => {
    const task = tasks.find((each) => each.located === source);
    if (task === undefined) return [];
    const name = hookName(object, { revision, phase: step.phase, at: startedAt });
    const made = task.undo === undefined ? object : withoutEnd(object, revision);
    const { generateName: _generated, ...metadata } = made.metadata;
    const annotations = { ...metadata.annotations, [marks.sync]: String(startedAt) };
    return [{ task, object: { ...made, metadata: { ...metadata, name, annotations } } }];
  });
}

/** A hook that may have to be taken back stays there to tell that it has run, and for which revision. */
function withoutEnd(object: KubeObject, revision: string): KubeObject {
  const { ttlSecondsAfterFinished: _life, ...spec } = mapOf(object['spec']);
  const annotations = { ...object.metadata.annotations, [marks.hookRevision]: revision };
  return { ...object, metadata: { ...object.metadata, annotations }, spec };
}

async function runOne(run: HookRun, hook: HookObject): Promise<HooksEnd> {
  const name = nameOf(refOf(hook.object));
  try {
    const made = await make(run, hook);
    const sentence = await watch(run, made);
    return sentence === undefined ? { kind: 'done' } : { kind: 'failed', hook: name, sentence };
  } catch (error: unknown) {
    if (run.beat.signal.aborted) {
      if (isCancelled(run.beat.signal)) await stop(run, hook);
    } else if (isPortError(error) && error.retry === 'never')
      return { kind: 'failed', hook: name, sentence: error.message };
    throw error;
  }
}

/** The hook of this sync: made now, or by an attempt before. What an earlier sync left goes first, unless its policies keep it. */
async function make({ cluster, input, beat }: HookRun, { task, object }: HookObject): Promise<KubeObject> {
  for (;;) {
    beat.signal.throwIfAborted();
    const live = await cluster.get(refOf(object), beat.signal);
    if (live?.metadata.annotations?.[marks.sync] === String(input.startedAt)) return live;
    if (live !== undefined) {
      assertOwn(live, input.spec);
      if (!task.marks.deletePolicies.includes('BeforeHookCreation')) return live; // as in Argo CD: it counts as it is
      await removeAndWait(cluster, live, beat);
    }
    beat.note(`making ${nameOf(refOf(object))}`);
    try {
      return await cluster.create(object, { manager: gitManager, signal: beat.signal });
    } catch (error: unknown) {
      if (!isPortError(error, 'Conflict')) throw error;
    }
  }
}

function assertOwn(live: KubeObject, { name }: ApplicationSpec): void {
  const owner = live.metadata.labels?.[marks.application];
  if (owner === name) return;
  const whose = owner === undefined ? "is there and not Belay's" : `belongs to the application ${owner}`;
  throw new PortError(`${nameOf(refOf(live))} ${whose}; delete it or rename the hook`, {
    code: 'OwnedByAnother',
    retry: 'never',
    facts: { object: nameOf(refOf(live)) },
  });
}

const firstLookMs = 200;
const slowestLookMs = 2_000;

/** Why it failed, or undefined when it has ended well. */
async function watch(
  { cluster, healthScripts, beat }: HookRun,
  made: KubeObject,
): Promise<string | undefined> {
  if (made.kind === 'Job') {
    const end = await watchJob(cluster, made, beat);
    return end.kind === 'complete' ? undefined : end.sentence;
  }
  for (let lookMs = firstLookMs; ; lookMs = Math.min(slowestLookMs, lookMs * 1.5)) {
    const live = await cluster.get(refOf(made), beat.signal);
    const { kind, message } = hookResult(live, live && (await judgeHealth(live, healthScripts)));
    if (kind === 'succeeded') return undefined;
    if (kind === 'failed') return message;
    beat.note(`until ${nameOf(refOf(made))} has ended: ${message}`);
    await sleep(lookMs, undefined, { signal: beat.signal });
  }
}

/** A sync that was called off takes its running hooks along, as Argo CD's terminate does. */
async function stop(run: HookRun, { object, task }: HookObject): Promise<void> {
  const { cluster } = run;
  if (task.undo !== undefined) return stopJob(cluster, object, 'suspend');
  const live = await cluster.get(refOf(object)).catch(() => undefined);
  if (live === undefined || hookResult(live, healthOf(live)).kind !== 'running') return;
  await removeOwn({ ...run, beat: { ...run.beat, signal: AbortSignal.timeout(5_000) } }, object);
}

async function removeOwn({ cluster, input, beat }: HookRun, object: KubeObject): Promise<void> {
  const live = await cluster.get(refOf(object), beat.signal);
  if (live?.metadata.annotations?.[marks.sync] !== String(input.startedAt)) return;
  const { uid = '' } = live.metadata;
  await cluster.remove(refOf(live), { propagation: 'Background', uid, signal: beat.signal });
}

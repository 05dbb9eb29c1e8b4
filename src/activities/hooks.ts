import { fenceOn } from '../domain/fence';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeJob, hookJobName, hookState, jobMarks, type JobOverlay } from '../domain/hook-job';
import type { JobEnd } from '../domain/job-state';
import { refOf, type KubeObject } from '../domain/kube-object';
import { marks } from '../domain/marks';
import { hasCondition } from '../domain/peek';
import type { RolloutSpec } from '../domain/rollout-status';
import type { Hook } from '../domain/workload';
import type { Cluster } from '../ports/cluster';
import { PortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import { copyConfig, dropUnusedCopies } from './config-copies';
import { runJob, stopJob, untilStopped } from './jobs';
import { configNamesOf, type LoadedWorkload } from './load';
import { loadWorkload, type RolloutTools, type StepResult } from './rollout-steps';

export interface HookInput {
  readonly spec: RolloutSpec;
  /** Name of the hook. */
  readonly hook: string;
  /** `undo`: it is stopped if it still runs, and taken back if it did anything. */
  readonly part: 'do' | 'undo';
  readonly fence: number;
  /** It is known to have ended well, whether its Job is still there or not. */
  readonly hasRun?: boolean;
}

interface HookRun {
  readonly tools: RolloutTools;
  readonly input: HookInput;
  readonly workload: LoadedWorkload;
  readonly hook: Hook;
  readonly beat: Beat;
}

/** Jobs of Git that run before and after a rollout. */
export function createHooks(tools: RolloutTools) {
  const { cluster } = tools.ports;
  return {
    runHook: beating(async (input: HookInput, beat): Promise<StepResult> => {
      const { spec } = input;
      const workload = await loadWorkload(tools, spec, spec.target);
      const hook = (workload.hooks ?? []).find((each) => each.name === input.hook);
      if (hook === undefined)
        throw new PortError(`revision ${spec.target.revision.slice(0, 12)} has no hook ${input.hook}`, {
          code: 'InvalidSpec',
          retry: 'never',
        });
      const run = { tools, input, workload, hook, beat };
      if (input.part === 'do') return doHook(run);
      try {
        return await undoHook(run);
      } finally {
        if (usesCopies(spec)) await dropUnusedCopies(cluster, spec, workload);
      }
    }),
  };
}

async function doHook(run: HookRun): Promise<StepResult> {
  const { tools, input, hook, beat } = run;
  const { cluster } = tools.ports;
  await prepareConfig(run);
  const job = jobOf(run, hook.job.object, { suspend: true });
  const mayStart = (): Promise<void> => assertCurrent(cluster, input);
  return resultOf(await runJob(cluster, job, { ...beat, mayStart, onAbort: 'suspend' }), input);
}

/**
 * Takes a hook back. What is left to do is read from its Job: one that never had a pod is deleted, one that still runs is stopped
 * first. The undo Job's name makes it once; one that has failed is made again by the next try, which has a higher fence.
 */
async function undoHook(run: HookRun): Promise<StepResult> {
  const { tools, input, hook, beat } = run;
  const { cluster } = tools.ports;
  const job = await cluster.get(refOf(jobOf(run, hook.job.object)), beat.signal);
  const state = hookState(job);
  if (state === 'absent' && input.hasRun !== true) return { kind: 'done' };
  if (job !== undefined && state === 'started') {
    await stopJob(cluster, job, 'suspend');
    await untilStopped(cluster, job, beat);
  }
  if (hook.undo !== undefined && state !== 'held') {
    const undone = await runUndo(run, hook.undo.object);
    if (undone.kind === 'failed') return undone;
  }
  if (job !== undefined && (state === 'held' || state === 'started')) await stopJob(cluster, job, 'delete');
  return { kind: 'done' };
}

async function runUndo(run: HookRun, git: KubeObject): Promise<StepResult> {
  const { tools, input, beat } = run;
  const { cluster } = tools.ports;
  const wanted = jobOf(run, git, { annotations: { [marks.fence]: String(input.fence) } });
  for (;;) {
    const live = await cluster.get(refOf(wanted), beat.signal);
    if (live?.metadata.annotations?.[jobMarks.byHand] !== undefined) return { kind: 'done' };
    if (live === undefined || !isFailedTry(live, input.fence)) break;
    beat.note(`making Job ${live.metadata.name} again`);
    await cluster.remove(refOf(live), { propagation: 'Background', uid: live.metadata.uid ?? '' });
    await sleep(200, undefined, { signal: beat.signal });
  }
  await prepareConfig(run);
  return resultOf(await runJob(cluster, wanted, { ...beat, onAbort: 'suspend' }), input);
}

/** An earlier try of the compensation that has failed; one that still runs is waited for. */
function isFailedTry(job: KubeObject, fence: number): boolean {
  return fenceOn(job) < fence && hasCondition(job, 'Failed', 'True');
}

/** A worker that was frozen before it could start the hook must not start it behind the rollback's back. */
async function assertCurrent(cluster: Cluster, { spec, hook, fence }: HookInput): Promise<void> {
  const { kind, name, namespace } = spec;
  const stable = await cluster.get({ apiVersion: 'apps/v1', kind, namespace, name });
  const found = fenceOn(stable);
  const undo = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: undoName(hook, spec) };
  if (found <= fence && (await cluster.get(undo)) === undefined) return;
  throw new PortError(`the rollout of ${name} has gone on; its hook ${hook} (fence ${fence}) is outdated`, {
    code: 'Fenced',
    retry: 'never',
    facts: { fence, found },
  });
}

function undoName(hook: string, { rolloutId }: RolloutSpec): string {
  return hookJobName(hook, rolloutId, 'undo');
}

function jobOf({ input, workload, hook }: HookRun, git: KubeObject, more: Partial<JobOverlay> = {}) {
  const { spec } = input;
  const { application, namespace, rolloutId, target, good } = spec;
  const isUndo = git === hook.undo?.object;
  return composeJob(git, {
    name: hookJobName(hook.name, rolloutId, isUndo ? 'undo' : 'do'),
    namespace,
    application,
    rolloutId,
    hook: hook.name,
    env: {
      BELAY_APPLICATION: application,
      BELAY_REVISION: target.revision,
      BELAY_GOOD_REVISION: good?.revision ?? '',
      BELAY_ROLLOUT: rolloutId,
    },
    ...(usesCopies(spec) ? { configNames: configNamesOf(workload) } : {}),
    ...more,
  });
}

/** A hook reads the new version's configuration where that has names of its own; a first deployment uses plain names. */
function usesCopies({ strategy, pace }: RolloutSpec): boolean {
  return pace !== 'initial' && (strategy.kind === 'canary' || strategy.kind === 'blueGreen');
}

async function prepareConfig({ tools, input, workload, beat }: HookRun): Promise<void> {
  if (usesCopies(input.spec)) await copyConfig(tools.ports.cluster, input.spec, workload, beat.signal);
}

function resultOf(end: JobEnd, { hook, part }: HookInput): StepResult {
  if (end.kind === 'complete') return { kind: 'done' };
  const place = end.kind === 'gone' ? {} : { pod: end.pod, container: end.container };
  const what = part === 'do' ? `hook ${hook}` : `undo of hook ${hook}`;
  return {
    kind: 'failed',
    failure: {
      code: part === 'do' ? 'HookFailed' : 'UndoFailed',
      sentence: `${what}: ${end.sentence}`,
      ...(place.pod === undefined ? {} : { pod: place.pod }),
      ...(place.container === undefined ? {} : { container: place.container }),
      at: Date.now(),
    },
  };
}

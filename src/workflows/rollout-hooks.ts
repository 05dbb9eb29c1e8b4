import { ActivityFailure, ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import type { HookInput } from '../activities/hooks';
import type { StepResult } from '../activities/rollout-steps';
import type { HookFacts, HookStatus } from '../domain/rollout-status';
import { mustReach } from './must-reach';
import { writing } from './proxies';
import type { RolloutRun } from './rollout-run';
import { failedStep, untilDone } from './until-done';

/**
 * Hooks that come before the new version gets a pod, one after the other. One that fails turns the rollout back; like any step, it
 * is cancelled when the rollout turns back, and `compensate` takes it back then.
 */
export async function runPreHooks(run: RolloutRun): Promise<void> {
  for (const hook of hooksOf(run, 'pre')) {
    run.say('Progressing', `running hook ${hook.name} before the new version gets a pod`);
    markHook(run, hook, { mark: 'running' });
    const ended = runHook(run, hook, 'do').then((result) => {
      const sentence = failedStep(result);
      markHook(run, hook, sentence === undefined ? { mark: 'done' } : { mark: 'failed', sentence });
      return result;
    });
    await mustReach(run, ended);
    run.note(`hook ${hook.name} is done`);
  }
}

/**
 * Hooks that come after the promotion: there is no way back any more. One that fails is shown as failed and ends the sequence; if it
 * has an undo, that runs. Nothing cancels them.
 */
export async function runPostHooks(run: RolloutRun): Promise<void> {
  const hooks = hooksOf(run, 'post');
  if (hooks.length === 0) return;
  run.status = { ...run.status, pastReturn: true };
  await CancellationScope.nonCancellable(async () => {
    for (const [index, hook] of hooks.entries()) {
      if (await runPostHook(run, hook)) continue;
      const left = hooks.slice(index + 1).map((each) => each.name);
      if (left.length > 0) run.note(`not run after it: ${left.join(', ')}`);
      return;
    }
  });
}

async function runPostHook(run: RolloutRun, hook: HookFacts): Promise<boolean> {
  run.say('Progressing', `promoted; running hook ${hook.name}`);
  markHook(run, hook, { mark: 'running' });
  const obstacle = await obstacleTo(runHook(run, hook, 'do'));
  if (obstacle === undefined) {
    markHook(run, hook, { mark: 'done' });
    run.note(`hook ${hook.name} is done`);
    return true;
  }
  markHook(run, hook, { mark: 'failed', sentence: obstacle });
  run.note(`hook ${hook.name} has failed after the promotion, which stays: ${obstacle}`);
  if (hook.undo === undefined) return false;
  const inTheWay = await obstacleTo(runHook(run, hook, 'undo'));
  run.note(inTheWay === undefined ? `hook ${hook.name} was taken back` : `cannot take it back: ${inTheWay}`);
  return false;
}

/**
 * Takes back every hook that was started, the last one first, once traffic is on the stable version and the canary's objects are
 * gone. It is repeated until it is done, as the rest of the rollback is: one that fails keeps the rollback open and visible.
 */
export async function compensate(run: RolloutRun): Promise<void> {
  const started = (run.status.hooks ?? []).filter(({ mark }) => mark !== 'undone');
  for (const { name, phase, mark } of started.toReversed()) {
    const hook = run.spec.hooks?.find((each) => each.name === name) ?? { name, phase };
    if (mark === 'done' && hook.undo === undefined) continue;
    run.say('Degraded', `rolling back: taking back hook ${name}`);
    await untilDone(run, () => runHook(run, hook, 'undo', mark === 'done'), failedStep);
    markHook(run, hook, { mark: 'undone' });
    run.note(hook.undo === undefined ? `hook ${name} is stopped` : `hook ${name} was taken back`);
  }
}

/** After a termination nobody knows which hooks were started: each is looked at, and its Job tells. */
export function presumeHooks(run: RolloutRun): void {
  for (const hook of [...hooksOf(run, 'pre'), ...hooksOf(run, 'post')])
    markHook(run, hook, { mark: 'running' });
}

/** `hook smoke: …`: what has failed after the promotion, for the end's sentence. */
export function failedPostHook({ status }: RolloutRun): string | undefined {
  const failed = status.hooks?.find(({ phase, mark }) => phase === 'post' && mark === 'failed');
  return failed?.sentence;
}

function hooksOf({ spec }: RolloutRun, phase: HookFacts['phase']): readonly HookFacts[] {
  return (spec.hooks ?? []).filter((hook) => hook.phase === phase);
}

function runHook(
  run: RolloutRun,
  { name, undo }: HookFacts,
  part: HookInput['part'],
  hasRun = false,
): Promise<StepResult> {
  const { spec } = run;
  const input = { spec, hook: name, part, fence: run.nextFence(), ...(hasRun ? { hasRun } : {}) };
  const words =
    part === 'do' ? `hook ${name}` : undo === undefined ? `stop hook ${name}` : `undo hook ${name}`;
  return writing(spec.cluster).runHook.executeWithOptions({ summary: words }, [input]);
}

/** Why a step did not succeed; undefined when it did. */
async function obstacleTo(step: Promise<StepResult>): Promise<string | undefined> {
  try {
    return failedStep(await step);
  } catch (error: unknown) {
    if (!(error instanceof ActivityFailure)) throw error;
    return error.cause instanceof ApplicationFailure ? error.cause.message : error.message;
  }
}

function markHook(
  run: RolloutRun,
  { name, phase }: HookFacts,
  change: Pick<HookStatus, 'mark' | 'sentence'>,
): void {
  const hooks = run.status.hooks ?? [];
  const now: HookStatus = { name, phase, at: Date.now(), ...change };
  const isKnown = hooks.some((each) => each.name === name);
  const marked = isKnown ? hooks.map((each) => (each.name === name ? now : each)) : [...hooks, now];
  run.status = { ...run.status, hooks: marked };
}

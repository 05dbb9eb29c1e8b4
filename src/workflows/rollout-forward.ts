import type { RolloutOutcome } from '../domain/rollout-status';
import type { CanaryStrategy, Percent, RolloutStep } from '../domain/strategy';
import { mustReach } from './must-reach';
import { writing } from './proxies';
import { hold, pause } from './rollout-pause';
import { finishPromotion } from './rollout-promotion';
import type { RolloutRun } from './rollout-run';

/** The way forward: a canary by its steps, or a plain apply that is watched. */
export async function goForward(run: RolloutRun): Promise<RolloutOutcome> {
  const { strategy, pace } = run.spec;
  if (strategy.kind !== 'canary' || pace === 'initial')
    return roll(run, pace === 'initial' ? 'initial' : 'rolled');
  return promoteCanary(run, strategy);
}

async function roll(run: RolloutRun, way: 'initial' | 'rolled'): Promise<RolloutOutcome> {
  const { spec } = run;
  run.say(
    'Progressing',
    way === 'initial' ? 'first deployment: waiting for its pods' : 'rolling to the new version',
  );
  const input = {
    spec,
    fence: run.nextFence(),
    replicas: run.replicas,
    to: 'target' as const,
    deadlineAt: Date.now() + spec.progressDeadlineMs,
  };
  await mustReach(
    run,
    writing(spec.cluster).rollWorkload.executeWithOptions({ summary: `apply ${spec.name} and watch it` }, [
      input,
    ]),
  );
  run.weighs(100);
  return { kind: 'promoted', way };
}

async function promoteCanary(run: RolloutRun, strategy: CanaryStrategy): Promise<RolloutOutcome> {
  const { spec } = run;
  const write = writing(spec.cluster);
  run.say('Progressing', 'creating the canary');
  const first = { spec, fence: run.nextFence(), replicas: run.replicas };
  const started = await mustReach(
    run,
    write.startCanary.executeWithOptions({ summary: `pause ${spec.name}, create ${spec.name}-canary` }, [
      first,
    ]),
  );
  run.replicas = 'replicas' in started ? started.replicas : run.replicas;

  for (const [index, { step }] of run.status.steps.entries()) {
    await hold(run);
    run.mark(index, run.full ? 'skipped' : 'now');
    if (run.full) continue;
    await takeStep(run, step, strategy);
    run.mark(index, 'done');
  }
  await hold(run);
  await reachWeight(run, 100, strategy);
  return finishPromotion(run, strategy);
}

async function takeStep(run: RolloutRun, step: RolloutStep, strategy: CanaryStrategy): Promise<void> {
  if (step.kind === 'setWeight') return reachWeight(run, step.weight, strategy);
  if (step.kind === 'pause') return pause(run, step);
}

async function reachWeight(run: RolloutRun, weight: Percent, strategy: CanaryStrategy): Promise<void> {
  const { spec, replicas } = run;
  run.say('Progressing', `setting weight ${weight} %: waiting for its pods`);
  const deadlineAt = Date.now() + spec.progressDeadlineMs;
  const input = { spec, fence: run.nextFence(), replicas, weight, strategy, deadlineAt };
  await mustReach(
    run,
    writing(spec.cluster).reachWeight.executeWithOptions({ summary: `canary ${weight} %` }, [input]),
  );
  run.weighs(weight);
}

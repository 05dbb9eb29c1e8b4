import { CancellationScope, sleep } from '@temporalio/workflow';
import type { StepResult } from '../activities/rollout-steps';
import type { RolloutOutcome } from '../domain/rollout-status';
import type { VersionedStrategy } from '../domain/strategy';
import { mustReach } from './must-reach';
import { writing } from './proxies';
import { waitUntilGood } from './rollout-gate';
import type { RolloutRun } from './rollout-run';
import { failedStep, untilDone } from './until-done';

/** Parts a to e of DESIGN 4.3. The template is written to stable in `adoptCanary`: from there on there is no way back but undo. */
export async function finishPromotion(run: RolloutRun, strategy: VersionedStrategy): Promise<RolloutOutcome> {
  await handOver(run);
  await waitUntilGood(run);
  return adopt(run, strategy);
}

/** Part a: users' requests go to the new pods by the Services that stable keeps. */
export async function handOver(run: RolloutRun): Promise<void> {
  const { spec, replicas } = run;
  run.say('Progressing', 'promoting: handing the traffic over');
  const deadlineAt = Date.now() + spec.progressDeadlineMs;
  const input = { spec, fence: run.nextFence(), replicas, deadlineAt };
  const summary = 'traffic to the new pods';
  await mustReach(run, writing(spec.cluster).handOver.executeWithOptions({ summary }, [input]));
}

/** Parts b to e: from here on it only goes forward. */
export async function adopt(run: RolloutRun, strategy: VersionedStrategy): Promise<RolloutOutcome> {
  const { spec, replicas } = run;
  const write = writing(spec.cluster);
  run.status = { ...run.status, pastReturn: true };
  return CancellationScope.nonCancellable(async () => {
    run.say('Progressing', 'promoting: stable adopts the new pods');
    const adoption = { spec, fence: run.nextFence(), replicas };
    const adopted = await untilDone(run, () =>
      write.adoptCanary.executeWithOptions({ summary: `${spec.name} adopts the canary's pods` }, [adoption]),
    );
    if (adopted.kind === 'unequal') return promoteByRolling(run, adopted.why);
    if (strategy.scaleDownDelayMs > 0) {
      run.say('Progressing', 'promoted; keeping the old pods for scaleDownDelaySeconds');
      await sleep(strategy.scaleDownDelayMs, { summary: 'scaleDownDelaySeconds' });
    }
    const retirement = { spec, fence: run.nextFence(), replicas };
    await untilDone(
      run,
      () =>
        write.retireOld.executeWithOptions({ summary: "old pods go, Git's selectors return" }, [retirement]),
      failedStep,
    );
    return { kind: 'promoted', way: 'adopted' };
  });
}

/** After a termination past the point of no return: the handover is repeated until it is done, as there is no way back. */
export async function resumePromotion(run: RolloutRun, strategy: VersionedStrategy): Promise<RolloutOutcome> {
  const { spec, replicas } = run;
  const fence = run.nextFence();
  run.status = { ...run.status, pastReturn: true };
  run.say('Progressing', 'promoting: handing the traffic over');
  const handOver = (): Promise<StepResult> => {
    const deadlineAt = Date.now() + spec.progressDeadlineMs;
    const input = { spec, fence, replicas, deadlineAt };
    return writing(spec.cluster).handOver.executeWithOptions({ summary: 'traffic to the new pods' }, [input]);
  };
  await untilDone(run, handOver, failedStep);
  return adopt(run, strategy);
}

/** Fallback (DESIGN 4.3): always correct, twice the pod starts. The status says which way was taken. */
async function promoteByRolling(run: RolloutRun, why: string): Promise<RolloutOutcome> {
  const { spec, replicas } = run;
  const write = writing(spec.cluster);
  run.note(
    `fallback: ${why}; ${spec.name} rolls to the new template by itself while the canary carries the traffic`,
  );
  run.say('Progressing', 'promoting by rolling: the canary carries the traffic');
  const rolling = {
    spec,
    fence: run.nextFence(),
    replicas,
    deadlineAt: Date.now() + spec.progressDeadlineMs,
  };
  await untilDone(run, () =>
    write.rollStable.executeWithOptions({ summary: `${spec.name} rolls by itself` }, [rolling]),
  );
  const back = { spec, fence: run.nextFence(), replicas };
  await untilDone(
    run,
    () => write.returnTraffic.executeWithOptions({ summary: 'traffic to stable' }, [back]),
    failedStep,
  );
  const removal = { spec, fence: run.nextFence(), replicas };
  await untilDone(
    run,
    () => write.removeCanary.executeWithOptions({ summary: 'remove the canary' }, [removal]),
    failedStep,
  );
  return { kind: 'promoted', way: 'rolled' };
}

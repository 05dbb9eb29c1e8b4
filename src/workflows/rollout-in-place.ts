import { CancellationScope } from '@temporalio/workflow';
import type { InPlaceWeightInput } from '../activities/in-place';
import type { StepResult } from '../activities/rollout-steps';
import type { RolloutOutcome } from '../domain/rollout-status';
import { mustReach } from './must-reach';
import { reading, writing } from './proxies';
import type { RolloutRun } from './rollout-run';
import { failedStep, untilDone } from './until-done';

/** StatefulSets and DaemonSets: the parts of a rollout whose effects differ from a canary's; the steps are the same. */

/** The new template is there, and no pod has moved. */
export async function startInPlace(run: RolloutRun): Promise<void> {
  const { spec, replicas } = run;
  run.note(`the pods of ${spec.kind} ${spec.name} are replaced in place: good ones go as new ones come`);
  run.say('Progressing', `giving ${spec.name} the new template; no pod moves yet`);
  const input = { spec, fence: run.nextFence(), replicas };
  const summary = `give ${spec.name} the new template, held back`;
  await mustReach(run, writing(spec.cluster).startInPlace.executeWithOptions({ summary }, [input]));
}

/** One share of the pods. */
export function reachInPlace({ spec }: RolloutRun, input: InPlaceWeightInput): Promise<StepResult> {
  const summary = `${input.weight} % of the pods of ${spec.name}`;
  return writing(spec.cluster).reachInPlace.executeWithOptions({ summary }, [input]);
}

/** During pauses: answers when pods of the new version fail. */
export function watchInPlace(run: RolloutRun, what: string): Promise<StepResult> {
  const { spec, replicas } = run;
  const summary = `watch the new pods during ${what}`;
  const input = { spec, fence: run.nextFence(), replicas };
  return reading(spec.cluster).watchInPlace.executeWithOptions({ summary }, [input]);
}

/** Every pod is new: Git's own updateStrategy comes back, and from here on it only goes forward. */
export async function finishInPlace(run: RolloutRun): Promise<RolloutOutcome> {
  const { spec, replicas } = run;
  run.status = { ...run.status, pastReturn: true };
  run.say('Progressing', `promoting: ${spec.name} gets its own updateStrategy back`);
  const input = { spec, fence: run.nextFence(), replicas, to: 'target' as const };
  const summary = `${spec.name} gets its updateStrategy back`;
  return CancellationScope.nonCancellable(async () => {
    await untilDone(run, () => writing(spec.cluster).settleInPlace.executeWithOptions({ summary }, [input]));
    return { kind: 'promoted', way: 'inPlace' };
  });
}

/** A first deployment: applied as Git has it, and watched. */
export async function rollInPlace(run: RolloutRun): Promise<void> {
  const { spec, replicas } = run;
  const deadlineAt = Date.now() + spec.progressDeadlineMs;
  const input = { spec, fence: run.nextFence(), replicas, deadlineAt };
  const summary = `apply ${spec.name} and watch it`;
  await mustReach(run, writing(spec.cluster).rollInPlace.executeWithOptions({ summary }, [input]));
}

/** Every pod becomes a good one again, then Git's own updateStrategy comes back. Answers why the good version does not run either. */
export async function rollBackInPlace(run: RolloutRun): Promise<string | undefined> {
  const { spec, replicas } = run;
  if (spec.good === undefined) return 'no revision is known in which it was good';
  const write = writing(spec.cluster);
  const deadlineAt = Date.now() + spec.progressDeadlineMs;
  const back = { spec, fence: run.nextFence(), replicas, deadlineAt };
  const summary = `every pod of ${spec.name} back to the good version`;
  const broken = failedStep(
    await untilDone(run, () => write.returnInPlace.executeWithOptions({ summary }, [back])),
  );
  run.weighs(0);
  const settling = { spec, fence: run.nextFence(), replicas, to: 'good' as const };
  await untilDone(run, () =>
    write.settleInPlace.executeWithOptions({ summary: `${spec.name} gets its updateStrategy back` }, [
      settling,
    ]),
  );
  return broken;
}

import type { RolloutOutcome } from '../domain/rollout-status';
import { writing } from './proxies';
import { removeExperiments } from './rollout-experiment';
import { presumeHooks } from './rollout-hooks';
import { rollBack } from './rollout-back';
import { resumePromotion } from './rollout-promotion';
import type { RolloutRun } from './rollout-run';
import { untilDone } from './until-done';

/** An earlier rollout was terminated: where the new template is on stable already it is finished, else everything goes back. */
export async function recover(run: RolloutRun): Promise<RolloutOutcome> {
  const { spec, replicas } = run;
  const input = { spec, fence: run.nextFence(), replicas };
  const found = await untilDone(run, () =>
    writing(spec.cluster).inspectCanary.executeWithOptions({ summary: 'how far did it get' }, [input]),
  );
  const { strategy } = spec;
  if (found.isPastReturn && (strategy.kind === 'canary' || strategy.kind === 'blueGreen')) {
    await removeExperiments(run);
    return resumePromotion(run, strategy);
  }
  presumeHooks(run);
  return rollBack(run, { kind: 'aborted', by: 'termination of its workflow' });
}

import type { RolloutOutcome } from '../domain/rollout-status';
import { mustReach } from './must-reach';
import { writing } from './proxies';
import { rollInPlace } from './rollout-in-place';
import type { RolloutRun } from './rollout-run';

/** A plain apply that is watched: first deployments, and workloads without a strategy. */
export async function roll(run: RolloutRun, way: 'initial' | 'rolled'): Promise<RolloutOutcome> {
  const { spec } = run;
  run.say(
    'Progressing',
    way === 'initial' ? 'first deployment: waiting for its pods' : 'rolling to the new version',
  );
  if (spec.kind === 'Deployment') {
    const deadlineAt = Date.now() + spec.progressDeadlineMs;
    const input = { spec, fence: run.nextFence(), replicas: run.replicas, to: 'target' as const, deadlineAt };
    const summary = `apply ${spec.name} and watch it`;
    await mustReach(run, writing(spec.cluster).rollWorkload.executeWithOptions({ summary }, [input]));
  } else await rollInPlace(run);
  run.weighs(100);
  return { kind: 'promoted', way };
}

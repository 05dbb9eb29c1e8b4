import { CancellationScope, sleep } from '@temporalio/workflow';
import type { TrafficState } from '../domain/routing/traffic';
import { mustReach } from './must-reach';
import { writing } from './proxies';
import { reachInPlace, startInPlace } from './rollout-in-place';
import type { RolloutRun } from './rollout-run';

/** The canary is there with no pods, stable is paused, and the role Services are pinned. */
export async function startCanary(run: RolloutRun): Promise<void> {
  const { spec } = run;
  if (spec.kind !== 'Deployment') return startInPlace(run);
  run.say('Progressing', 'creating the canary');
  const input = { spec, fence: run.nextFence(), replicas: run.replicas };
  const summary = `pause ${spec.name}, create ${spec.name}-canary`;
  const started = await mustReach(
    run,
    writing(spec.cluster).startCanary.executeWithOptions({ summary }, [input]),
  );
  if ('replicas' in started) run.replicas = started.replicas;
}

/** Pods, endpoints and weights become what the steps so far ask for; again, when the wanted size changes meanwhile. */
export async function reach(run: RolloutRun, traffic: TrafficState, what: string): Promise<void> {
  const { spec } = run;
  run.traffic = traffic;
  let sizes: number;
  do {
    sizes = run.sizes;
    run.say('Progressing', `${what}: waiting for its pods`);
    const { strategy, progressDeadlineMs } = spec;
    const isPatient = 'abortsOnDeadline' in strategy && strategy.abortsOnDeadline === false;
    const limit = isPatient ? {} : { deadlineAt: Date.now() + progressDeadlineMs };
    const input = { spec, fence: run.nextFence(), replicas: run.replicas, traffic, ...limit };
    const summary = `canary ${traffic.weight} %`;
    const reached = mustReach(
      run,
      spec.kind === 'Deployment'
        ? writing(spec.cluster).reachWeight.executeWithOptions({ summary }, [input])
        : reachInPlace(run, { ...input, weight: traffic.weight }),
    );
    await (isPatient ? sayLate(run, reached) : reached);
  } while (run.sizes !== sizes);
  run.weighs(traffic.weight);
}

/** `progressDeadlineAbort: false`: a missed deadline is shown, and recovers by itself when the pods come (rollouts.md 1.8). */
async function sayLate(run: RolloutRun, reached: Promise<unknown>): Promise<void> {
  const clock = new CancellationScope();
  const late = clock.run(async () => {
    await sleep(run.spec.progressDeadlineMs, { summary: 'progressDeadlineSeconds' });
    run.say(
      'Degraded',
      `ProgressDeadlineExceeded: ${run.spec.name}-canary has timed out progressing; waiting on`,
    );
  });
  late.catch(() => undefined);
  try {
    await reached;
  } finally {
    clock.cancel();
  }
}

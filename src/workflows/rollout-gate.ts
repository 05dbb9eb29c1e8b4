import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { applicationId } from '../messages/application';
import { rolloutGateSignal, type RolloutGate } from '../messages/release';
import { mustReach, turnBack } from './must-reach';
import { writing } from './proxies';
import { untilAnswered } from './release-look';
import { hold, whileKeeping } from './rollout-pause';
import type { RolloutRun, TurnBack } from './rollout-run';

/**
 * The gate of a release, after the handover and before the point of no return: all users' traffic is on the new version, and the old
 * one stands by at full size until the release is good. Meanwhile pods and Services are kept as they are, and a new version that breaks
 * fails the rollout as in any pause. Nothing but the application's answer passes it; without an application it goes back.
 */
export async function waitUntilGood(run: RolloutRun): Promise<void> {
  const { release } = run.spec;
  if (release === undefined) return;
  const waiting = await standBy(run, release.id);
  run.isAtGate = true;
  try {
    run.say('Progressing', waiting);
    const isThere = await whileKeeping(run, 'the wait for the release', () => untilPassed(run, 'ready'));
    if (!isThere) turnBack(run, { kind: 'aborted', by: 'belay', reason: alone(release.id) });
  } finally {
    run.isAtGate = false;
  }
  run.note(`release ${release.id} is good`);
  await hold(run);
}

/** Users' traffic is back; the rest of the way back waits until the release has the traffic of all its members back. */
export async function waitUntilAllBack(run: RolloutRun, reason: TurnBack): Promise<void> {
  const { release, application } = run.spec;
  if (release === undefined || reason.kind === 'superseded') return;
  run.say(
    'Degraded',
    `rolling back: all traffic is on the stable version; waiting until release ${release.id} has that of its other members back`,
  );
  const isThere = await untilPassed(run, 'trafficBack', reason);
  if (!isThere) run.note(`application ${application} is gone: going on without release ${release.id}`);
}

/** Answers what it waits for then. */
async function standBy(run: RolloutRun, release: string): Promise<string> {
  const { spec } = run;
  run.traffic = { ...run.traffic, ...(spec.strategy.kind === 'canary' ? { isStandby: true } : {}) };
  run.say(
    'Progressing',
    'all traffic is on the new version; bringing the old one back to full size beside it',
  );
  let sizes: number;
  let obstacle: string | undefined;
  do {
    sizes = run.sizes;
    const deadlineAt = Date.now() + spec.progressDeadlineMs;
    const input = { spec, fence: run.nextFence(), replicas: run.replicas, deadlineAt };
    const summary = `${spec.name} stands by with its old version`;
    const stood = await mustReach(
      run,
      writing(spec.cluster).standBy.executeWithOptions({ summary }, [input]),
    );
    obstacle = 'obstacle' in stood ? stood.obstacle : undefined;
  } while (run.sizes !== sizes);
  const decides = `until release ${release} is good`;
  if (obstacle === undefined) return `all traffic is on the new version; the old one stands by ${decides}`;
  run.note(`the old version cannot stand by, and would have to start for the way back: ${obstacle}`);
  return `all traffic is on the new version; waiting ${decides}; the old one cannot stand by: ${obstacle}`;
}

function untilPassed(run: RolloutRun, at: RolloutGate['at'], outcome?: TurnBack): Promise<boolean> {
  const { name: workload, rolloutId, application } = run.spec;
  return untilAnswered(
    () =>
      getExternalWorkflowHandle(applicationId(application)).signal(rolloutGateSignal, {
        ...{ workload, rolloutId, at },
        ...(outcome === undefined ? {} : { outcome }),
      }),
    () => run.passed.has(at),
    at === 'ready' ? 'until the release is good' : 'until all traffic of the release is back',
  );
}

function alone(release: string): string {
  return `its application is gone, and nobody would tell whether release ${release} is good`;
}

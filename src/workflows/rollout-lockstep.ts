import { getExternalWorkflowHandle, log } from '@temporalio/workflow';
import type { Percent } from '../domain/strategy';
import { weightWantedSignal, type WeightWanted } from '../messages/release';
import { rolloutWorkflowId } from '../messages/rollout';
import { turnBack } from './must-reach';
import { untilAnswered } from './release-look';
import { hold, whileKeeping } from './rollout-pause';
import type { RolloutRun } from './rollout-run';

/**
 * In lockstep all canaries of a release move weight together: before the new version gets this share of users' requests, the release
 * is asked, and answers when every other rollout of it has asked for as much. A weight that was granted before needs no question.
 */
export async function askForWeight(run: RolloutRun, weight: Percent): Promise<void> {
  const { release, strategy } = run.spec;
  if (release?.isLockstep !== true) return;
  const whole = strategy.kind === 'canary' ? (strategy.routing?.maxTrafficWeight ?? 100) : 100;
  const share = Math.min(100, (100 * weight) / whole);
  const isGranted = (): boolean => run.granted >= share;
  if (isGranted()) return;
  run.say('Progressing', `waiting until all canaries of release ${release.id} may have ${share} %`);
  const isThere = await whileKeeping(run, 'the other canaries of the release', () =>
    untilAnswered(() => tell(run, release.id, share), isGranted, `until ${share} % are granted`),
  );
  if (!isThere) {
    const reason = `release ${release.id} is gone, and nobody would say when its canaries move on`;
    turnBack(run, { kind: 'aborted', by: 'belay', reason });
  }
  await hold(run);
}

/** The others need not wait for this one any more. */
export async function leaveLockstep(run: RolloutRun): Promise<void> {
  const { release } = run.spec;
  if (release?.isLockstep !== true) return;
  await tell(run, release.id, 'done').catch((error: unknown) => {
    log.warn(`release ${release.id} is not there to be told the end of ${run.spec.name}`, { error });
  });
}

function tell({ spec }: RolloutRun, release: string, weight: WeightWanted['weight']): Promise<void> {
  const { application } = spec;
  const wanted = { rollout: rolloutWorkflowId(spec), application, weight };
  return getExternalWorkflowHandle(release).signal(weightWantedSignal, wanted);
}

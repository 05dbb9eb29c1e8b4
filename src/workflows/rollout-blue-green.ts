import type { RolloutOutcome } from '../domain/rollout-status';
import { noTraffic } from '../domain/routing/traffic';
import type { AnalysisRef } from '../domain/analysis/spec';
import type { BlueGreenStrategy } from '../domain/strategy';
import { analyseAsStep } from './rollout-analysis';
import { waitUntilGood } from './rollout-gate';
import { askForWeight } from './rollout-lockstep';
import { hold, pauseFor } from './rollout-pause';
import { adopt, handOver } from './rollout-promotion';
import { reach, startCanary } from './rollout-reach';
import type { RolloutRun } from './rollout-run';

/**
 * Blue-green (rollouts.md 1.6): the preview beside the active version, an analysis, a pause, the whole size, the switch of the active
 * Service, a second analysis; then stable adopts the new pods and the old ones go after their delay. Until stable has the new
 * template every failure switches back to pods that are all still there.
 */
export async function promoteBlueGreen(
  run: RolloutRun,
  strategy: BlueGreenStrategy,
): Promise<RolloutOutcome> {
  const isQuick = run.spec.pace === 'fast';
  await startCanary(run);
  await reach(run, noTraffic, 'preview');
  const availableAt = Date.now();
  if (!isQuick) {
    await analyse(run, strategy.prePromotionAnalysis, 'prePromotion', 'Blue/green pre-promotion analysis');
    await hold(run);
    await pauseBeforeSwitch(run, strategy, availableAt);
  }
  await reach(run, { ...noTraffic, isFull: true }, 'all pods of the new version');
  await hold(run);
  await askForWeight(run, 100);
  await handOver(run);
  run.traffic = { ...run.traffic, isSwitched: true };
  run.weighs(100);
  if (!isQuick)
    await analyse(run, strategy.postPromotionAnalysis, 'postPromotion', 'Blue/green post-promotion analysis');
  await hold(run);
  await waitUntilGood(run);
  return adopt(run, strategy);
}

async function analyse(
  run: RolloutRun,
  ref: AnalysisRef | undefined,
  name: string,
  title: string,
): Promise<void> {
  if (ref !== undefined && !run.full) await analyseAsStep(run, ref, { name, title });
}

async function pauseBeforeSwitch(
  run: RolloutRun,
  strategy: BlueGreenStrategy,
  availableAt: number,
): Promise<void> {
  const { autoPromotionEnabled, autoPromotionMs } = strategy;
  if (run.full || (autoPromotionEnabled && autoPromotionMs === undefined)) return;
  const { application } = run.spec;
  const what = autoPromotionMs === undefined ? 'the pause before the switch' : 'autoPromotionSeconds';
  const waiting =
    autoPromotionMs === undefined
      ? `waiting for \`belay promote ${application}\``
      : `the switch follows by itself`;
  await pauseFor(run, `BlueGreenPause: ${waiting}`, {
    what,
    ...(autoPromotionMs === undefined
      ? {}
      : { durationMs: Math.max(1, availableAt + autoPromotionMs - Date.now()) }),
  });
}

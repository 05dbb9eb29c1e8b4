import { describeStep } from '../domain/describe-step';
import { afterStep, fullTraffic, type TrafficState } from '../domain/routing/traffic';
import type { RolloutOutcome } from '../domain/rollout-status';
import type { CanaryStrategy, InPlaceStrategy, RolloutStep } from '../domain/strategy';
import { analyseAsStep, analyseInBackground, measure, type Background } from './rollout-analysis';
import { promoteBlueGreen } from './rollout-blue-green';
import { runPreHooks } from './rollout-hooks';
import { finishInPlace } from './rollout-in-place';
import { finishExperiments, runExperiment } from './rollout-experiment';
import { askForWeight } from './rollout-lockstep';
import { hold, pause, startPaused } from './rollout-pause';
import { finishPromotion } from './rollout-promotion';
import { reach, startCanary } from './rollout-reach';
import { roll } from './rollout-roll';
import type { RolloutRun } from './rollout-run';

/** The way forward: a canary by its steps, blue-green by its switch, or a plain apply that is watched. */
export async function goForward(run: RolloutRun): Promise<RolloutOutcome> {
  const { strategy, pace } = run.spec;
  if (pace !== 'initial' && run.isPausedInGit) await startPaused(run);
  await runPreHooks(run);
  if (pace === 'initial') return roll(run, 'initial');
  switch (strategy.kind) {
    case 'canary':
    case 'inPlace':
      return promoteBySteps(run, strategy);
    case 'blueGreen':
      return promoteBlueGreen(run, strategy);
    case 'rolling':
      return roll(run, 'rolled');
  }
}

async function promoteBySteps(
  run: RolloutRun,
  strategy: CanaryStrategy | InPlaceStrategy,
): Promise<RolloutOutcome> {
  await startCanary(run);
  const { analysis } = strategy;
  let background: Background | undefined;
  for (const [index, { step }] of run.status.steps.entries()) {
    await hold(run);
    if (analysis !== undefined && index >= analysis.startingStep && !run.full)
      background ??= analyseInBackground(run, analysis);
    run.mark(index, run.full ? 'skipped' : 'now');
    if (run.full) continue;
    await takeStep(run, step, index);
    run.mark(index, 'done');
  }
  await hold(run);
  // Without steps, or with a starting step beyond them, it looks at the last move at least.
  const isLate = background === undefined;
  if (analysis !== undefined && run.spec.pace === 'steps' && !run.full)
    background ??= analyseInBackground(run, analysis);
  const routing = strategy.kind === 'canary' ? strategy.routing : undefined;
  const most = routing?.maxTrafficWeight ?? 100;
  await askForWeight(run, most);
  await reach(run, fullTraffic(most), 'all pods of the new version');
  await finishExperiments(run);
  if (isLate) await background?.begun();
  await hold(run);
  await background?.stop();
  await hold(run);
  return strategy.kind === 'inPlace' ? finishInPlace(run) : finishPromotion(run, strategy);
}

async function takeStep(run: RolloutRun, step: RolloutStep, index: number): Promise<void> {
  switch (step.kind) {
    case 'pause':
      return pause(run, step);
    case 'analysis':
      return analyseAsStep(run, step.analysis, { name: `step ${index + 1}`, title: 'Step-based analysis' });
    case 'experiment':
      return runExperiment(run, step, index, (ref, name) => measure(run, ref, { name, title: 'Experiment' }));
    case 'setWeight':
      await askForWeight(run, step.weight);
      return reach(run, next(run, step), describeStep(step));
    case 'setCanaryScale':
    case 'setHeaderRoute':
    case 'setMirrorRoute':
      return reach(run, next(run, step), describeStep(step));
  }
}

function next(run: RolloutRun, step: RolloutStep): TrafficState {
  return afterStep(run.traffic, step) ?? run.traffic;
}

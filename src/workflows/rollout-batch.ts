import { CancellationScope, condition } from '@temporalio/workflow';
import { earnedBy } from '../domain/analysis/explain';
import type { AnalysisRef, AnalysisRun } from '../domain/analysis/spec';
import { forgetMemory } from '../domain/analysis/take-sequential';
import { isSameStage, stageOf } from '../domain/rollout-stage';
import type { StepSample } from '../domain/sequential';
import { mustReach } from './must-reach';
import { reading } from './proxies';
import type { RolloutRun } from './rollout-run';

/** Where an analysis belongs: `step 3`, `background`, `prePromotion`. */
export interface AnalysisPlace {
  readonly name: string;
  /** For sentences: `Step-based analysis`, `Background analysis`. */
  readonly title: string;
}

type Answer = Promise<{ readonly run: AnalysisRun }>;

/** One batch. */
export function takeBatch(
  run: RolloutRun,
  ref: AnalysisRef,
  place: AnalysisPlace,
  state: AnalysisRun | undefined,
): Answer {
  const { spec } = run;
  const known = state === undefined ? {} : { run: state };
  const standing = standingOf(run, place);
  const input = { spec, ref, name: place.name, replicas: run.replicas, fence: 0, standing, ...known };
  const summary = `analysis ${place.name}: ${ref.templates.map((each) => each.templateName).join(', ')}`;
  return mustReach(run, reading(spec.cluster).analyse.executeWithOptions({ summary }, [input]));
}

/**
 * One batch of a run with a sequential metric, which is told where the rollout stands: it ends without an answer when that changes. It
 * loses nothing by that, since counters go on counting, and what it had not told is read again.
 */
export async function takeStandingBatch(
  run: RolloutRun,
  ref: AnalysisRef,
  place: AnalysisPlace,
  state: AnalysisRun,
): Promise<{ readonly run: AnalysisRun } | undefined> {
  const before = standingOf(run, place);
  const batch = new CancellationScope();
  const asked = batch.run(() => takeBatch(run, ref, place, state));
  const moved = batch
    .run(() => condition(() => !isSameStage(before, standingOf(run, place))))
    .then(() => undefined);
  try {
    return await Promise.race([asked, moved]);
  } finally {
    batch.cancel();
    asked.catch(() => undefined);
    moved.catch(() => undefined);
  }
}

/** Whether a run has a metric that remembers. */
export function isSequential(state: AnalysisRun | undefined): state is AnalysisRun {
  return state?.metrics.some(({ memory }) => memory !== undefined) === true;
}

/** The pods of an experiment have no share of the users' requests. */
function standingOf(run: RolloutRun, { title }: AnalysisPlace): StepSample {
  return title === 'Experiment' ? { index: 0 } : stageOf(run.status, run.traffic, run.replicas);
}

/** What a pause that waits for evidence looks at. */
export function earn(run: RolloutRun, name: string, state: AnalysisRun): void {
  const earned = earnedBy(state);
  if (earned === undefined) run.earned.delete(name);
  else run.earned.set(name, earned);
}

/** What people see of a run: not what only the next batch needs. */
export function shownRun(state: AnalysisRun): AnalysisRun {
  return { ...state, metrics: state.metrics.map(forgetMemory) };
}

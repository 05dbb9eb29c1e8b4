import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import { fillTemplates, type ExperimentPods } from '../domain/experiment-view';
import { assessExperiment, type AnalysisEnd, type ExperimentVerdict } from '../domain/experiment-verdict';
import type { AnalysisRef } from '../domain/analysis/spec';
import type { ExperimentStatus } from '../domain/rollout-status';
import type { ExperimentSpec, Millis, RolloutStep } from '../domain/strategy';
import { mustReach, turn } from './must-reach';
import { reading, writing } from './proxies';
import { pauseFor, whileKeeping } from './rollout-pause';
import type { RolloutRun } from './rollout-run';
import { failedStep, untilDone } from './until-done';

/** Runs one analysis to its end; cancelled when the experiment is over before. `name` is unique in the rollout. */
export type Analyse = (ref: AnalysisRef, name: string) => Promise<AnalysisEnd>;

/**
 * An experiment step, as in Argo Rollouts: Pending until all of its pods are available, Running until its duration is over or its
 * required analyses have ended, then Successful. An analysis that fails turns the rollout back, an inconclusive one pauses it until
 * somebody promotes. Its pods stay for `scaleDownDelaySeconds` while the rollout goes on.
 */
export async function runExperiment(
  run: RolloutRun,
  step: RolloutStep & { kind: 'experiment' },
  index: number,
  analyse: Analyse,
): Promise<void> {
  const { experiment } = step;
  const number = index + 1;
  run.promoted = false;
  run.isSkippable = true;
  try {
    const pods = await start(run, experiment, number);
    const verdict = await whileKeeping(run, `experiment of step ${number}`, () =>
      conduct(run, { experiment, number, analyse, pods }),
    );
    await actOn(run, number, verdict);
  } finally {
    run.isSkippable = false;
  }
  endLater(run, number, experiment.scaleDownDelayMs);
}

/** At the end of the steps: waits until the pods of every experiment have had their delay and are gone. */
export async function finishExperiments(run: RolloutRun): Promise<void> {
  if (run.afterwards.length === 0) return;
  run.say('Progressing', 'waiting for the pods of its experiments to go');
  await whileKeeping(run, 'the end of its experiments', () => Promise.all(run.afterwards));
}

/** On the way back, and after a termination: no experiment of this rollout is left. */
export async function removeExperiments(run: RolloutRun): Promise<void> {
  if (!run.status.steps.some(({ step }) => step.kind === 'experiment')) return;
  await end(run);
}

type Pods = Readonly<Record<string, ExperimentPods>>;

interface Conducted {
  readonly experiment: ExperimentSpec;
  readonly number: number;
  readonly analyse: Analyse;
  readonly pods: Pods;
}

/** Waited for when the rollout turns back, as every write is. */
async function start(run: RolloutRun, experiment: ExperimentSpec, number: number): Promise<Pods> {
  const { spec, replicas } = run;
  show(run, number, 'Pending');
  run.say('Progressing', `experiment of step ${number}: waiting for its pods`);
  const deadlineAt = Date.now() + spec.progressDeadlineMs;
  const input = { spec, replicas, step: number, experiment, fence: run.nextFence(), deadlineAt };
  const summary = `start the experiment of step ${number}`;
  const { pods } = await mustReach(
    run,
    writing(spec.cluster).startExperiment.executeWithOptions({ summary }, [input]),
  );
  return pods;
}

async function conduct(run: RolloutRun, conducted: Conducted): Promise<ExperimentVerdict> {
  const { experiment, number } = conducted;
  const { spec, replicas } = run;
  show(run, number, 'Running');
  run.say('Progressing', `experiment of step ${number}: comparing ${namesOf(experiment)}`);
  const scope = new CancellationScope();
  try {
    return await scope.run(() => {
      const input = { spec, replicas, step: number, experiment, fence: run.nextFence() };
      const summary = `watch the pods of the experiment of step ${number}`;
      const watching = reading(spec.cluster).watchExperiment.executeWithOptions({ summary }, [input]);
      const broken = mustReach(run, watching).then(() => new Promise<never>(() => undefined));
      broken.catch(() => undefined);
      return Promise.race([broken, compare(run, conducted)]);
    });
  } finally {
    scope.cancel();
  }
}

/** Until its end by an analysis, its duration, or a person. */
async function compare(run: RolloutRun, conducted: Conducted): Promise<ExperimentVerdict> {
  const { experiment, number, analyse, pods } = conducted;
  const { analyses, durationMs } = experiment;
  const ends: Record<string, AnalysisEnd> = {};
  const found: { error?: Error } = {};
  for (const analysis of analyses) {
    analyse(withPods(analysis, pods), `step ${number}: ${analysis.name}`).then(
      (ended) => {
        ends[analysis.name] = ended;
        if (ended.onFailure === 'notify' && ended.phase !== 'Successful')
          run.note(`analysis ${analysis.name} ${ended.phase}: ${ended.message ?? ''}`);
      },
      (error: unknown) => {
        if (!isCancellation(error)) found.error = error instanceof Error ? error : new Error(String(error));
      },
    );
  }
  const look = (isTimeOver: boolean): ExperimentVerdict =>
    assessExperiment({ analyses, ends, isTimeOver: isTimeOver || run.promoted || run.full });
  const isOver = (): boolean => found.error !== undefined || look(false).kind !== 'running';
  if (durationMs === undefined) await condition(isOver);
  else await condition(isOver, durationMs, { summary: `experiment of step ${number}` });
  if (found.error !== undefined) throw found.error;
  return look(true);
}

async function actOn(run: RolloutRun, number: number, verdict: ExperimentVerdict): Promise<void> {
  switch (verdict.kind) {
    case 'running':
    case 'successful':
      show(run, number, 'Successful');
      return;
    case 'inconclusive': {
      show(run, number, 'Inconclusive', verdict.sentence);
      const text = `InconclusiveExperiment: ${verdict.sentence}; \`belay promote\` goes on, \`belay abort\` goes back`;
      run.note(text);
      return pauseFor(run, text, { what: 'a decision about the experiment' });
    }
    case 'failed':
      show(run, number, 'Failed', verdict.sentence);
      turn(run, {
        code: 'ExperimentFailed',
        sentence: `experiment of step ${number}: ${verdict.sentence}`,
        at: Date.now(),
      });
  }
}

/** The rollout goes on meanwhile; the way back, which removes every experiment at once, cancels it. */
function endLater(run: RolloutRun, number: number, delayMs: Millis): void {
  const ending = (async () => {
    if (delayMs > 0)
      await sleep(delayMs, { summary: `scaleDownDelaySeconds of the experiment of step ${number}` });
    await end(run, number);
  })();
  ending.catch(() => undefined);
  run.afterwards.push(ending);
}

async function end(run: RolloutRun, number?: number): Promise<void> {
  const { spec, replicas } = run;
  const summary = number === undefined ? 'remove all experiments' : `remove the experiment of step ${number}`;
  const input = { spec, replicas, fence: run.nextFence(), ...(number === undefined ? {} : { step: number }) };
  await untilDone(
    run,
    () => writing(spec.cluster).endExperiment.executeWithOptions({ summary }, [input]),
    failedStep,
  );
}

function show(run: RolloutRun, step: number, phase: ExperimentStatus['phase'], message?: string): void {
  const others = (run.status.experiments ?? []).filter((each) => each.step !== step);
  const now: ExperimentStatus = {
    step,
    phase,
    since: Date.now(),
    ...(message === undefined ? {} : { message }),
  };
  run.status = { ...run.status, experiments: [...others, now] };
}

function withPods(ref: AnalysisRef, pods: Pods): AnalysisRef {
  const { templates, dryRun, measurementRetention } = ref;
  const args = ref.args.map(({ name, source }) => ({
    name,
    source: source.kind === 'value' ? { ...source, value: fillTemplates(source.value, pods) } : source,
  }));
  return { templates, dryRun, measurementRetention, args };
}

function namesOf({ templates }: ExperimentSpec): string {
  return templates.map(({ name }) => name).join(' and ');
}

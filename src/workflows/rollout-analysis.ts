import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { explainRun, holdingMetrics } from '../domain/analysis/explain';
import { isOver, stopAnalysis } from '../domain/analysis/end-run';
import type { AnalysisRef, AnalysisRun } from '../domain/analysis/spec';
import type { FailureReport } from '../domain/rollout-status';
import { turn } from './must-reach';
import {
  earn,
  isSequential,
  shownRun,
  takeBatch,
  takeStandingBatch,
  type AnalysisPlace,
} from './rollout-batch';
import { pauseFor, whileKeeping } from './rollout-pause';
import type { RolloutRun } from './rollout-run';

/**
 * Measures until the analysis is over, batch by batch: an activity returns when something worth telling has happened, and otherwise
 * ever later, so that a long analysis costs a history only a few events.
 */
export async function measure(
  run: RolloutRun,
  ref: AnalysisRef,
  place: AnalysisPlace,
  onOutage: (outage: string | undefined) => void = () => undefined,
): Promise<AnalysisRun> {
  const { name } = place;
  let state: AnalysisRun | undefined;
  try {
    do {
      const answer: { readonly run: AnalysisRun } | undefined = isSequential(state)
        ? await takeStandingBatch(run, ref, place, state)
        : await takeBatch(run, ref, place, state);
      if (answer === undefined) continue;
      state = answer.run;
      run.analysed(name, shownRun(state));
      earn(run, name, state);
      onOutage(tellOutage(run, name, state));
    } while (state === undefined || !isOver(state));
  } finally {
    // Nobody waits for an analysis that has ended, or that was ended with its experiment.
    run.outages.delete(name);
    run.earned.delete(name);
  }
  return state;
}

/** A provider that cannot be reached is no verdict: the rollout holds before its next step, and says why. Answers what it says. */
function tellOutage(run: RolloutRun, name: string, state: AnalysisRun): string | undefined {
  const out = holdingMetrics(state);
  const [first] = out;
  const message = first?.measurements.at(-1)?.message ?? '';
  const next =
    first === undefined
      ? undefined
      : `analysis ${name} cannot measure ${out.map((each) => each.name).join(', ')}: ${message}`;
  const before = run.outages.get(name);
  if (before !== undefined && next === undefined) run.note(`analysis ${name} measures again`);
  if (before === undefined && next !== undefined) run.note(next);
  if (next === undefined) run.outages.delete(name);
  else run.outages.set(name, next);
  return next;
}

/** An analysis step: only Successful goes on; `promote` skips it, as in Argo Rollouts. */
export async function analyseAsStep(run: RolloutRun, ref: AnalysisRef, place: AnalysisPlace): Promise<void> {
  run.promoted = false;
  run.isSkippable = true;
  const say = (outage?: string): void =>
    run.say(
      'Progressing',
      outage === undefined ? `waiting for analysis ${place.name} to complete` : `holding: ${outage}`,
    );
  say();
  const scope = new CancellationScope();
  try {
    const ended = await whileKeeping(run, `analysis ${place.name}`, () =>
      scope.run(async () => {
        const measured = measure(run, ref, place, say);
        measured.catch(() => undefined);
        const skipped = condition(() => run.promoted || run.full).then(() => undefined);
        return Promise.race([measured, skipped]);
      }),
    );
    if (ended === undefined) run.note(`analysis ${place.name} was skipped by promote`);
    else await actOn(run, ended, place);
  } finally {
    scope.cancel();
    run.isSkippable = false;
    run.outages.delete(place.name);
  }
}

async function actOn(run: RolloutRun, ended: AnalysisRun, place: AnalysisPlace): Promise<void> {
  if (ended.phase === 'Successful') return;
  if (ended.phase === 'Inconclusive' || ended.onFailure === 'pause') {
    const reason = ended.phase === 'Inconclusive' ? 'InconclusiveAnalysisRun' : 'AnalysisRunFailed';
    const text = `${reason}: ${explainRun(ended)}; \`belay promote\` goes on, \`belay abort\` goes back`;
    run.note(text);
    await pauseFor(run, text, { what: 'a decision about the analysis' });
    return;
  }
  if (ended.onFailure === 'notify') return run.note(`${place.title} ${ended.phase}: ${explainRun(ended)}`);
  turn(run, failureOf(ended, place));
}

function failureOf(ended: AnalysisRun, { title }: AnalysisPlace): FailureReport {
  return {
    code: ended.phase === 'Error' ? 'AnalysisError' : 'AnalysisFailed',
    sentence: `${title} phase error/failed: ${explainRun(ended)}`,
    at: Date.now(),
  };
}

/** Runs beside the steps; ended with `stop` when they are over. */
export interface Background {
  /** It has told something, or has ended. */
  begun(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A background analysis: its failure turns the rollout back wherever it is, an inconclusive one pauses it before its next step. A full
 * promotion ends it without a verdict, as in Argo Rollouts.
 */
export function analyseInBackground(run: RolloutRun, ref: AnalysisRef): Background {
  const place: AnalysisPlace = { name: 'background', title: 'Background analysis' };
  const scope = new CancellationScope();
  const measured = scope.run(async () => judge(run, await measure(run, ref, place), place));
  measured.catch((error: unknown) => {
    // An analysis that cannot even be asked for has set the way back already (`mustReach`); the steps under way end with it.
    if (!isCancellation(error) && run.turnBack !== undefined) run.forward.cancel();
  });
  scope
    .run(() => condition(() => run.full))
    .then(() => scope.cancel())
    .catch(() => undefined);
  let hasEnded = false;
  const end = (): void => void (hasEnded = true);
  measured.then(end, end);
  const isKnown = (): boolean => run.status.analyses?.some((each) => each.name === place.name) === true;
  return {
    begun: () =>
      whileKeeping(run, 'the first measurement', () => condition(() => hasEnded || isKnown() || run.full)),
    async stop() {
      scope.cancel();
      await measured.catch(() => undefined);
      const known = run.status.analyses?.find((each) => each.name === place.name)?.run;
      if (known === undefined || isOver(known)) return;
      const stopped = stopAnalysis(known, Date.now());
      run.analysed(place.name, stopped);
      judge(run, stopped, place);
    },
  };
}

function judge(run: RolloutRun, ended: AnalysisRun, place: AnalysisPlace): void {
  if (ended.phase === 'Successful') return;
  const text = `${place.title} ${ended.phase}: ${explainRun(ended)}`;
  run.note(text);
  if (ended.onFailure === 'notify' || run.full) return;
  if (ended.phase === 'Inconclusive' || ended.onFailure === 'pause') pauseToo(run, text);
  else run.goBack({ kind: 'failed', failure: failureOf(ended, place) });
}

/** A person's pause stays theirs: the analysis adds its reason, and `resume` or `promote` ends both. */
function pauseToo(run: RolloutRun, text: string): void {
  const { pausedBy } = run.status;
  const others = pausedBy?.reason === undefined ? '' : `${pausedBy.reason}; `;
  if (pausedBy === undefined || pausedBy.by === 'analysis') run.pauseBy('analysis', text);
  else run.pauseBy(pausedBy.by, `${others}${text}`);
}

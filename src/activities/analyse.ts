import { resolveAnalysis, type ArgContext } from '../domain/analysis/resolve';
import { isOver } from '../domain/analysis/end-run';
import { dueMetrics, startAnalysis, takeReadings } from '../domain/analysis/run';
import type { AnalysisRef, AnalysisRun, SequentialView } from '../domain/analysis/spec';
import { asDeployment, type Labels } from '../domain/apps';
import type { RolloutStepInput } from '../domain/plans/context';
import { describeProblem } from '../domain/problem';
import { currentReplicaSet, hashOf, replicaSetOf, type RolloutView } from '../domain/rollout-view';
import type { FailureReport } from '../domain/rollout-status';
import type { StepSample } from '../domain/sequential';
import { beating, type Beat } from './beating';
import type { Measuring } from './measuring';
import { createPool } from './measuring-pool';
import { loadWorkload, lookAt, type RolloutTools } from './rollout-steps';

export interface AnalyseInput extends RolloutStepInput {
  readonly ref: AnalysisRef;
  /** Unique in its rollout. */
  readonly name: string;
  /** Where an earlier batch has left it. */
  readonly run?: AnalysisRun;
  /** Where the rollout stands: a stage begins with each weight, and has to be earned anew. */
  readonly standing?: StepSample;
}

export type AnalyseResult =
  | { readonly kind: 'measured'; readonly run: AnalysisRun }
  | { readonly kind: 'failed'; readonly failure: FailureReport };

const shortestBatchMs = 10_000;
/** A batch may last this share of the time that the analysis runs already: a history grows with the logarithm of its length. */
const share = 0.1;
/** As long as an analysis is young, everything worth telling is told at once. */
const youngMeasurements = 200;

/** One batch of measurements; templates and arguments are read from Git and the cluster anew, so that nothing secret is kept. */
export function createAnalysing(tools: RolloutTools) {
  return {
    analyse: beating(async (input: AnalyseInput, beat): Promise<AnalyseResult> => {
      const { spec, ref, name } = input;
      const read = await tools.load(spec.target, spec.namespace);
      if (!read.ok) return failed(read.problems.map(describeProblem).join('; '));
      const { context, selector } = await contextOf(tools, input, beat);
      const resolved = resolveAnalysis(ref, read.value.templates, context);
      if (!resolved.ok) return failed(resolved.problems.map(describeProblem).join('; '));
      const { standing: stage } = input;
      const measuring: Measuring = { tools, spec, name, beat, selector, stage, ...resolved.value };
      return { kind: 'measured', run: await takeBatch(measuring, input.run) };
    }),
  };
}

async function takeBatch(measuring: Measuring, before: AnalysisRun | undefined): Promise<AnalysisRun> {
  const { metrics, beat } = measuring;
  const begun = beat.now();
  const pool = createPool(measuring);
  let run = before ?? startAnalysis(metrics, begun);
  try {
    while (!isOver(run)) {
      const { due, nextAt } = dueMetrics(metrics, run, beat.now());
      pool.start(due, run);
      const patience = Math.max(shortestBatchMs, (begun - run.startedAt) * share);
      const isEnough = beat.now() - begun >= patience && countOf(run) > 0;
      if (pool.isIdle && (nextAt === undefined || isEnough)) return run;
      const taken = await pool.next(nextAt);
      beat.signal.throwIfAborted();
      const next = takeReadings(metrics, run, taken);
      const isNews = taken.length > 0 && (before === undefined || isNotable(run, next));
      run = next;
      const isYoung = countOf(run) < youngMeasurements;
      if (pool.isIdle && ((isNews && isYoung) || hasEarned(before, run))) return run;
    }
    return run;
  } finally {
    pool.close();
  }
}

/** A stage that this batch has earned is told at once, however old the run is: at most once a batch. */
function hasEarned(before: AnalysisRun | undefined, after: AnalysisRun): boolean {
  return after.metrics.some(
    ({ sequential }, index) =>
      sequential !== undefined && isNewlyEarned(before?.metrics[index]?.sequential, sequential),
  );
}

function isNewlyEarned(before: SequentialView | undefined, after: SequentialView): boolean {
  return after.kind === 'promote' && (before?.kind !== 'promote' || before.stage !== after.stage);
}

/** Anything but one more success. */
function isNotable(before: AnalysisRun, after: AnalysisRun): boolean {
  return after.metrics.some((metric, index) => {
    const earlier = before.metrics[index];
    const isOut = metric.unreachableSince !== undefined;
    if (metric.phase !== earlier?.phase || isOut !== (earlier.unreachableSince !== undefined)) return true;
    const { sequential } = metric;
    // Its looks are no news by themselves: what it makes of them is.
    return sequential === undefined
      ? metric.failed + metric.inconclusive > earlier.failed + earlier.inconclusive
      : sequential.kind !== earlier.sequential?.kind || isNewlyEarned(earlier.sequential, sequential);
  });
}

function countOf(run: AnalysisRun): number {
  return run.metrics.reduce((sum, each) => sum + each.count + each.error, 0);
}

/** What `fieldRef` and `podTemplateHashValue` arguments may ask for. */
async function contextOf(
  tools: RolloutTools,
  input: AnalyseInput,
  { signal }: Beat,
): Promise<{ readonly context: ArgContext; readonly selector: Labels | undefined }> {
  const workload = await loadWorkload(tools, input.spec, input.spec.target);
  const view = await lookAt(tools, input, signal);
  const latest = replicaSetOf(view, input.spec.rolloutId);
  const stable = currentReplicaSet(view, view.stable);
  const { metadata } = workload.object;
  const context: ArgContext = {
    rollout: {
      metadata: { ...metadata, namespace: input.spec.namespace },
      spec: workload.object['spec'] as object,
      status: statusOf(view),
    },
    hashes: {
      ...(stable === undefined ? {} : { Stable: hashOf(stable) }),
      ...(latest === undefined ? {} : { Latest: hashOf(latest) }),
    },
  };
  return { context, selector: asDeployment(workload.object).spec.selector.matchLabels };
}

/** The part of a Rollout's status that a Deployment has too. */
function statusOf({ stable, canary }: RolloutView): object {
  return { ...(stable?.status ?? {}), ...(canary?.status === undefined ? {} : { canary: canary.status }) };
}

function failed(sentence: string): AnalyseResult {
  return { kind: 'failed', failure: { code: 'AnalysisError', sentence, at: Date.now() } };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { resolveAnalysis, type ArgContext } from '../domain/analysis/resolve';
import { dueMetrics, isOver, startAnalysis, takeReading, type TakenReading } from '../domain/analysis/run';
import type { AnalysisRef, AnalysisRun } from '../domain/analysis/spec';
import type { RolloutStepInput } from '../domain/plans/context';
import { describeProblem } from '../domain/problem';
import { currentReplicaSet, hashOf, replicaSetOf } from '../domain/rollout-view';
import type { FailureReport } from '../domain/rollout-status';
import { beating, type Beat } from './beating';
import { measureOne, type Measuring } from './measuring';
import { loadWorkload, lookAt, type RolloutTools } from './rollout-steps';

export interface AnalyseInput extends RolloutStepInput {
  readonly ref: AnalysisRef;
  /** Unique in its rollout. */
  readonly name: string;
  /** Where an earlier batch has left it. */
  readonly run?: AnalysisRun;
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
      const resolved = resolveAnalysis(ref, read.value.templates, await contextOf(tools, input, beat));
      if (!resolved.ok) return failed(resolved.problems.map(describeProblem).join('; '));
      const measuring: Measuring = { tools, spec, name, beat, ...resolved.value };
      return { kind: 'measured', run: await takeBatch(measuring, input.run) };
    }),
  };
}

async function takeBatch(measuring: Measuring, before: AnalysisRun | undefined): Promise<AnalysisRun> {
  const { metrics, beat } = measuring;
  const begun = Date.now();
  let run = before ?? startAnalysis(metrics, begun);
  /** A slow metric, such as a Job, does not keep the others waiting. */
  const underWay = new Map<string, Promise<TakenReading>>();
  while (!isOver(run)) {
    const { due, nextAt } = dueMetrics(metrics, run, Date.now());
    for (const metric of metrics.filter(({ name }) => due.includes(name) && !underWay.has(name))) {
      const known = run.metrics.find(({ name }) => name === metric.name);
      underWay.set(metric.name, measureOne(measuring, metric, known));
    }
    const patience = Math.max(shortestBatchMs, (begun - run.startedAt) * share);
    const isEnough = Date.now() - begun >= patience && countOf(run) > 0;
    if (underWay.size === 0 && (nextAt === undefined || isEnough)) return run;
    const taken = await nextOf(underWay, nextAt, beat);
    beat.signal.throwIfAborted();
    if (taken === undefined) continue;
    underWay.delete(taken.name);
    const next = takeReading(metrics, run, taken);
    const isNews = before === undefined || isNotable(run, next);
    run = next;
    if (isNews && underWay.size === 0 && countOf(run) < youngMeasurements) return run;
  }
  return run;
}

/** The first reading that is there, or nothing when another metric is due before. */
async function nextOf(
  underWay: ReadonlyMap<string, Promise<TakenReading>>,
  nextAt: number | undefined,
  { note, signal }: Beat,
): Promise<TakenReading | undefined> {
  const names = [...underWay.keys()];
  const at =
    nextAt === undefined ? '' : `the next measurement is at ${new Date(nextAt).toISOString().slice(11, 19)}Z`;
  note(names.length > 0 ? `measuring ${names.join(', ')}` : at);
  const clock = new AbortController();
  const waits: Promise<TakenReading | undefined>[] = [...underWay.values()];
  if (nextAt !== undefined || names.length === 0) {
    const ms = Math.max(1, (nextAt ?? 0) - Date.now());
    waits.push(sleep(ms, undefined, { signal: AbortSignal.any([signal, clock.signal]) }));
  }
  try {
    return await Promise.race(waits);
  } finally {
    clock.abort();
    for (const each of waits) each.catch(() => undefined);
  }
}

/** Anything but one more success. */
function isNotable(before: AnalysisRun, after: AnalysisRun): boolean {
  return after.metrics.some((metric, index) => {
    const earlier = before.metrics[index];
    const isOut = metric.unreachableSince !== undefined;
    return (
      metric.phase !== earlier?.phase ||
      isOut !== (earlier.unreachableSince !== undefined) ||
      metric.failed + metric.inconclusive > earlier.failed + earlier.inconclusive
    );
  });
}

function countOf(run: AnalysisRun): number {
  return run.metrics.reduce((sum, each) => sum + each.count + each.error, 0);
}

/** What `fieldRef` and `podTemplateHashValue` arguments may ask for. */
async function contextOf(tools: RolloutTools, input: AnalyseInput, { signal }: Beat): Promise<ArgContext> {
  const workload = await loadWorkload(tools, input.spec, input.spec.target);
  const view = await lookAt(tools, input, signal);
  const latest = replicaSetOf(view, input.spec.rolloutId);
  const stable = currentReplicaSet(view, view.stable);
  const { metadata } = workload.object;
  return {
    rollout: {
      metadata: { ...metadata, namespace: input.spec.namespace },
      spec: workload.object['spec'] as object,
    },
    hashes: {
      ...(stable === undefined ? {} : { Stable: hashOf(stable) }),
      ...(latest === undefined ? {} : { Latest: hashOf(latest) }),
    },
  };
}

function failed(sentence: string): AnalyseResult {
  return { kind: 'failed', failure: { code: 'AnalysisError', sentence, at: Date.now() } };
}

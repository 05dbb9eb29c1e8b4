import { condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import { type Treatment, supersedes } from '../domain/decide-sync';
import type { RevisionPlan, WorkloadPlan } from '../domain/revision-plan';
import { lookedAt } from '../domain/revision-source';
import type { RolloutOutcome } from '../domain/rollout-status';
import { abortSignal, adjustSignal, supersedeSignal } from '../messages/rollout';
import { heal } from './application-heal';
import { areOut, expectedEnds, hasFallen, isTurned, whyTurned } from './application-member-turn';
import { readRevision } from './application-read';
import type { ApplicationRun } from './application-run';
import { judgeEnds, type RolloutsResult, takeEnd } from './rollout-ends';
import { findTerminated, startRollout, type Started } from './start-rollout';

const describeEveryMs = 60_000;

/**
 * Brings out all changed workloads of a revision at the same time and waits for their ends. If one fails, the others go back too;
 * if a newer revision changes what they bring, all go back without blame. Meanwhile everything else of the application is healed.
 */
export async function runRollouts(
  run: ApplicationRun,
  plan: RevisionPlan,
  rolling: readonly WorkloadPlan[],
  treatments: Readonly<Record<string, Treatment>>,
): Promise<RolloutsResult> {
  if (rolling.length === 0) return { kind: 'promoted' };
  run.begin(
    'rollout',
    `bringing out ${rolling.map((each) => each.name).join(', ')} of ${plan.revision.slice(0, 12)}`,
    plan.revision,
  );
  const begun = await Promise.all(
    rolling.map((each) => startRollout(run, plan, each, treatments[each.name])),
  );
  const started = [...run.member.gated, ...begun];
  const outcomes = new Map<string, RolloutOutcome>();
  let isBack = false;
  let looked = lookedAt(plan.revision, plan.pins);
  while (!areOut(run, started, { outcomes, isBack })) {
    const isNews = (): boolean =>
      run.hints.size > 0 ||
      isNewer(run, looked) ||
      isLate(run) ||
      run.asked.some((each) => each.kind === 'delete') ||
      (!isBack && (isTurned(run) || hasFallen(run, started))) ||
      areOut(run, started, { outcomes, isBack }) ||
      started.some((each) => run.ended.has(each.spec.rolloutId));
    if (
      !(await condition(isNews, nextLookMs(run), { summary: 'a slow look whether the rollouts still run' }))
    )
      await findTerminated(run, started);
    for (const each of started) takeEnd(run, each, outcomes);
    isBack ||= mustGoBack(run, started, outcomes);
    if (isBack) await abortOthers(run, started, outcomes);
    if (isNewer(run, looked)) looked = await considerNewer(run, started, rolling);
    if (run.hints.size > 0 && outcomes.size < started.length) await heal(run, treatments);
  }
  run.member.gated = started.filter(({ workload }) => !outcomes.has(workload.name));
  return judgeEnds(started, expectedEnds(run, started, outcomes));
}

function mustGoBack(
  run: ApplicationRun,
  started: readonly Started[],
  outcomes: ReadonlyMap<string, RolloutOutcome>,
): boolean {
  const isUnwanted = isLate(run) || isTurned(run) || run.asked.some((each) => each.kind === 'delete');
  return isBad(outcomes) || isUnwanted || hasFallen(run, started);
}

/** Whether Git says something else by now than what was looked at last, in any of the sources. */
export function isNewer(run: ApplicationRun, looked: string): boolean {
  const { state, spec } = run;
  return (
    !run.isGoingBack &&
    run.member.delivering === undefined &&
    spec.automated !== undefined &&
    state.head !== undefined &&
    run.wanted() !== looked
  );
}

/** Whether the sync has taken longer than it may. */
export function isLate({ deadline }: ApplicationRun): boolean {
  return deadline !== undefined && Date.now() >= deadline.at;
}

function nextLookMs({ deadline }: ApplicationRun): number {
  const left = deadline === undefined ? Infinity : deadline.at - Date.now();
  return left <= 0 ? describeEveryMs : Math.min(describeEveryMs, left);
}

/** A newer commit supersedes the rollouts only if it changes what they bring. */
async function considerNewer(
  run: ApplicationRun,
  started: readonly Started[],
  rolling: readonly WorkloadPlan[],
): Promise<string> {
  const head = run.state.head ?? '';
  const newer = await readRevision(run, head);
  if (newer !== undefined && supersedes(newer, rolling)) {
    await Promise.all(
      started.map(({ workflowId }) =>
        getExternalWorkflowHandle(workflowId)
          .signal(supersedeSignal, { revision: head })
          .catch(() => undefined),
      ),
    );
  } else if (newer !== undefined) await adjust(started, newer);
  return run.wanted();
}

/** A commit that changes only how many pods a workload has, or `spec.paused`, is taken over by the rollout in progress. */
async function adjust(started: readonly Started[], newer: RevisionPlan): Promise<void> {
  for (const { workload, workflowId } of started) {
    const wanted = newer.workloads.find((each) => each.name === workload.name);
    if (wanted === undefined) continue;
    const { replicas, strategy } = wanted;
    const isPaused = 'isPaused' in strategy && strategy.isPaused === true;
    await getExternalWorkflowHandle(workflowId)
      .signal(adjustSignal, { isPaused, ...(replicas === undefined ? {} : { replicas }) })
      .catch(() => undefined);
  }
}

function isBad(outcomes: ReadonlyMap<string, RolloutOutcome>): boolean {
  return [...outcomes.values()].some((each) => each.kind === 'failed' || each.kind === 'aborted');
}

async function abortOthers(
  run: ApplicationRun,
  started: readonly Started[],
  outcomes: ReadonlyMap<string, RolloutOutcome>,
): Promise<void> {
  const isOver = (): boolean => areOut(run, started, { outcomes, isBack: true });
  if (isOver()) return;
  abortRollouts(run, whyBack(run));
  const isNews = (): boolean => isOver() || started.some((each) => run.ended.has(each.spec.rolloutId));
  await condition(isNews, describeEveryMs, { summary: 'until the other rollouts are back' });
}

function whyBack(run: ApplicationRun): string {
  if (isLate(run)) return run.deadline?.why ?? '';
  return isTurned(run) ? whyTurned(run) : 'another workload of the same revision failed';
}

/** Asks every rollout in progress to go back. */
export function abortRollouts(run: ApplicationRun, reason: string): void {
  for (const workflowId of run.rollouts.values()) {
    getExternalWorkflowHandle(workflowId)
      .signal(abortSignal, { requestedBy: 'belay', reason })
      .catch(() => undefined);
  }
}

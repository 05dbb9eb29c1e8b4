import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  uuid4,
} from '@temporalio/workflow';
import type { WorkloadState } from '../domain/application-state';
import { type Treatment, supersedes } from '../domain/decide-sync';
import type { RevisionPlan, WorkloadPlan } from '../domain/revision-plan';
import type { FailureReport, RolloutOutcome, RolloutSpec } from '../domain/rollout-status';
import { applicationId } from '../messages/application';
import { abortSignal, rolloutWorkflowId, supersedeSignal } from '../messages/rollout';
import { attempt } from './application-attempt';
import type { ApplicationRun } from './application-run';
import { heal, readRevision } from './application-sync';
import { asking } from './proxies';
import { rollout } from './rollout';

export type RolloutsResult =
  | { readonly kind: 'promoted' }
  | { readonly kind: 'superseded' }
  | {
      readonly kind: 'failed';
      readonly failure: FailureReport;
      readonly workload: WorkloadPlan;
      readonly isAbort: boolean;
      readonly goodAlsoFails?: string;
    };

interface Started {
  readonly workload: WorkloadPlan;
  readonly spec: RolloutSpec;
  readonly workflowId: string;
}

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
  const started = await Promise.all(rolling.map((each) => start(run, plan, each, treatments[each.name])));
  const outcomes = new Map<string, RolloutOutcome>();
  let looked = plan.revision;
  while (outcomes.size < started.length) {
    const isNews = (): boolean =>
      run.hints.size > 0 ||
      isNewer(run, looked) ||
      run.asked.some((each) => each.kind === 'delete') ||
      started.some((each) => run.ended.has(each.spec.rolloutId));
    if (
      !(await condition(isNews, describeEveryMs, { summary: 'a slow look whether the rollouts still run' }))
    )
      await findTerminated(run, started);
    for (const each of started) take(run, each, outcomes);
    if (isBad(outcomes) || run.asked.some((each) => each.kind === 'delete'))
      await abortOthers(run, started, outcomes);
    if (isNewer(run, looked)) looked = await considerNewer(run, started, rolling);
    if (run.hints.size > 0 && outcomes.size < started.length) await heal(run, treatments);
  }
  return judge(started, outcomes);
}

/** The number rises before the child starts, so that its fence is above everything that an earlier rollout has written. */
async function start(
  run: ApplicationRun,
  plan: RevisionPlan,
  workload: WorkloadPlan,
  treatment: Treatment | undefined,
): Promise<Started> {
  const { spec: application, state } = run;
  const known = state.workloads[workload.name];
  const number = (known?.number ?? 0) + 1;
  const { repoUrl, path, recurse } = application.source;
  const cluster = state.cluster?.id ?? '';
  const spec: RolloutSpec = {
    application: application.name,
    cluster,
    namespace: workload.namespace,
    kind: workload.kind,
    name: workload.name,
    target: { repoUrl, path, recurse, revision: plan.revision },
    version: workload.version,
    number,
    rolloutId: `r${number}-${uuid4().slice(0, 8)}`,
    strategy: workload.strategy,
    progressDeadlineMs: workload.progressDeadlineMs,
    pace: treatment?.kind === 'rolling' ? treatment.pace : 'steps',
    ...(known?.rolloutId === undefined ? {} : { stableRolloutId: known.rolloutId }),
    ...(known === undefined ? {} : { goodVersion: known.version }),
    ...(state.good === undefined ? {} : { good: { repoUrl, path, recurse, revision: state.good.revision } }),
    ...(workload.replicas === undefined ? {} : { replicas: workload.replicas }),
  };
  remember(run, workload.name, { ...(known ?? { version: '', revision: '', healthy: false }), number });
  const workflowId = rolloutWorkflowId(spec);
  await startWhenFree(run, spec, workflowId);
  run.rollouts.set(workload.name, workflowId);
  run.show();
  return { workload, spec, workflowId };
}

/** One rollout a workload: one that is left from an earlier life of the application is asked to go back first. */
async function startWhenFree(run: ApplicationRun, spec: RolloutSpec, workflowId: string): Promise<void> {
  const options = {
    workflowId,
    args: [{ spec, mode: 'forward' as const }] as [{ spec: RolloutSpec; mode: 'forward' }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `${spec.name}: ${spec.target.revision.slice(0, 12)}`,
    memo: {
      application: spec.application,
      revision: spec.target.revision,
      by: applicationId(spec.application),
    },
  };
  for (;;) {
    try {
      await startChild(rollout, options);
      return;
    } catch (error: unknown) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      run.tell(`${spec.name} still has an earlier rollout; asking it to go back`);
      await getExternalWorkflowHandle(workflowId)
        .signal(supersedeSignal, { revision: spec.target.revision })
        .catch(() => undefined);
      await condition(() => false, 2_000, { summary: 'until the earlier rollout has ended' });
    }
  }
}

function take(run: ApplicationRun, { workload, spec }: Started, outcomes: Map<string, RolloutOutcome>): void {
  const outcome = run.ended.get(spec.rolloutId);
  if (outcome === undefined || outcomes.has(workload.name)) return;
  outcomes.set(workload.name, outcome);
  run.ended.delete(spec.rolloutId);
  run.rollouts.delete(workload.name);
  const known = run.state.workloads[workload.name];
  const number = known?.number ?? spec.number;
  if (outcome.kind === 'promoted') {
    const isLabelled = spec.strategy.kind === 'canary' && outcome.way !== 'initial';
    const base = { version: workload.version, revision: spec.target.revision, number, healthy: true };
    remember(run, workload.name, isLabelled ? { ...base, rolloutId: spec.rolloutId } : base);
  } else if (spec.pace === 'initial') {
    remember(run, workload.name, {
      version: workload.version,
      revision: spec.target.revision,
      number,
      healthy: false,
    });
  }
}

function remember(run: ApplicationRun, name: string, workload: WorkloadState): void {
  run.change({ workloads: { ...run.state.workloads, [name]: workload } });
}

function isNewer({ state, spec }: ApplicationRun, looked: string): boolean {
  return spec.automated !== undefined && state.head !== undefined && state.head !== looked;
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
  }
  return head;
}

function isBad(outcomes: ReadonlyMap<string, RolloutOutcome>): boolean {
  return [...outcomes.values()].some((each) => each.kind === 'failed' || each.kind === 'aborted');
}

async function abortOthers(
  run: ApplicationRun,
  started: readonly Started[],
  outcomes: ReadonlyMap<string, RolloutOutcome>,
): Promise<void> {
  if (started.every((each) => outcomes.has(each.workload.name))) return;
  abortRollouts(run, 'another workload of the same revision failed');
  await condition(() => started.some((each) => run.ended.has(each.spec.rolloutId)), describeEveryMs, {
    summary: 'until the other rollouts are back',
  });
}

/** Asks every rollout in progress to go back. */
export function abortRollouts(run: ApplicationRun, reason: string): void {
  for (const workflowId of run.rollouts.values()) {
    getExternalWorkflowHandle(workflowId)
      .signal(abortSignal, { requestedBy: 'belay', reason })
      .catch(() => undefined);
  }
}

/** A rollout that was terminated tells nobody: a new one of the same id finds out how far it got and cleans up. */
async function findTerminated(run: ApplicationRun, started: readonly Started[]): Promise<void> {
  for (const { workload, spec, workflowId } of started) {
    if (!run.rollouts.has(workload.name) || run.ended.has(spec.rolloutId)) continue;
    const described = await attempt(() => asking(spec.cluster).describeWorkflow({ workflowId }));
    if (!described.ok || described.value === 'running' || run.ended.has(spec.rolloutId)) continue;
    run.tell(`the rollout of ${workload.name} is gone (${described.value}); cleaning up after it`);
    const known = run.state.workloads[workload.name];
    const number = (known?.number ?? spec.number) + 1; // its fence must be above everything the terminated one has written
    remember(run, workload.name, { ...(known ?? { version: '', revision: '', healthy: false }), number });
    await startChild(rollout, {
      workflowId,
      args: [{ spec: { ...spec, number }, mode: 'recover' }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  }
}

function judge(started: readonly Started[], outcomes: ReadonlyMap<string, RolloutOutcome>): RolloutsResult {
  const ends = started.map(({ workload }) => ({ workload, outcome: outcomes.get(workload.name) }));
  const failed =
    ends.find((each) => each.outcome?.kind === 'failed') ??
    ends.find((each) => each.outcome?.kind === 'aborted');
  if (failed?.outcome?.kind === 'failed') {
    const { failure, goodAlsoFails } = failed.outcome;
    return {
      kind: 'failed',
      failure,
      workload: failed.workload,
      isAbort: false,
      ...(goodAlsoFails === undefined ? {} : { goodAlsoFails }),
    };
  }
  if (failed?.outcome?.kind === 'aborted') {
    const { by, reason } = failed.outcome;
    const sentence = `aborted by ${by}${reason === undefined ? '' : `: ${reason}`}`;
    return {
      kind: 'failed',
      failure: { code: 'Aborted', sentence, at: Date.now() },
      workload: failed.workload,
      isAbort: true,
    };
  }
  return ends.some((each) => each.outcome?.kind === 'superseded')
    ? { kind: 'superseded' }
    : { kind: 'promoted' };
}

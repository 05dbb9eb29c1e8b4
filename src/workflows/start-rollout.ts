import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, ParentClosePolicy, sleep, startChild, uuid4 } from '@temporalio/workflow';
import type { WorkloadState } from '../domain/application-state';
import type { Treatment } from '../domain/decide-sync';
import type { RevisionPlan, WorkloadPlan } from '../domain/revision-plan';
import { revisionSource } from '../domain/revision-source';
import type { RolloutSpec } from '../domain/rollout-status';
import { applicationId } from '../messages/application';
import { workflowTaskTimeout } from '../messages/queues';
import { rolloutWorkflowId, supersedeSignal } from '../messages/rollout';
import { BelayApp } from '../messages/search-attributes';
import { attempt } from './application-attempt';
import { isMember } from './application-member-name';
import { passGate } from './application-member-pass';
import { pauseOne } from './application-member-pause';
import { isPaused } from './application-member-turn';
import type { ApplicationRun } from './application-run';
import { asking } from './proxies';
import { rollout } from './rollout';

/** A rollout that an application has started and waits for. */
export interface Started {
  readonly workload: Pick<WorkloadPlan, 'name' | 'version'>;
  readonly spec: RolloutSpec;
  readonly workflowId: string;
}

/** The number rises before the child starts, so that its fence is above everything that an earlier rollout has written. */
export async function startRollout(
  run: ApplicationRun,
  plan: RevisionPlan,
  workload: WorkloadPlan,
  treatment: Treatment | undefined,
): Promise<Started> {
  const { spec: application, state } = run;
  const known = state.workloads[workload.name];
  const number = (known?.number ?? 0) + 1;
  const cluster = state.cluster?.id ?? '';
  const spec: RolloutSpec = {
    application: application.name,
    project: application.project,
    cluster,
    namespace: workload.namespace,
    kind: workload.kind,
    name: workload.name,
    target: revisionSource(application, plan.revision, plan.pins),
    version: workload.version,
    number,
    rolloutId: `r${number}-${uuid4().slice(0, 8)}`,
    strategy: workload.strategy,
    progressDeadlineMs: workload.progressDeadlineMs,
    pace: treatment?.kind === 'rolling' ? treatment.pace : 'steps',
    ...(known?.rolloutId === undefined ? {} : { stableRolloutId: known.rolloutId }),
    ...(known === undefined ? {} : { goodVersion: known.version }),
    ...(state.good === undefined
      ? {}
      : { good: revisionSource(application, state.good.revision, state.good.pins) }),
    ...(workload.replicas === undefined ? {} : { replicas: workload.replicas }),
    ...(workload.hooks === undefined ? {} : { hooks: workload.hooks }),
    ...releaseOf(run),
  };
  remember(run, workload.name, { ...(known ?? { version: '', revision: '', healthy: false }), number });
  const workflowId = rolloutWorkflowId(spec);
  await startWhenFree(run, spec, workflowId);
  run.rollouts.set(workload.name, workflowId);
  run.show();
  if (isPaused(run)) pauseOne(workflowId, spec.release?.id);
  return { workload, spec, workflowId };
}

/** What brings the good version back decides for itself. */
function releaseOf(run: ApplicationRun): Pick<RolloutSpec, 'release'> {
  const { delivering } = run.member;
  if (delivering === undefined || run.isGoingBack) return {};
  return { release: { id: delivering, isLockstep: run.state.release?.directive.isLockstep === true } };
}

/** One rollout a workload: one that is left from an earlier life of the application is asked to go back first. */
async function startWhenFree(run: ApplicationRun, spec: RolloutSpec, workflowId: string): Promise<void> {
  const options = {
    workflowId,
    args: [{ spec, mode: 'forward' as const }] as [{ spec: RolloutSpec; mode: 'forward' }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowTaskTimeout,
    staticSummary: `${spec.name}: ${spec.target.revision.slice(0, 12)}`,
    typedSearchAttributes: [{ key: BelayApp, value: spec.application }],
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
      if (isMember(run)) passGate(workflowId, 'trafficBack'); // it may wait there for a release that has ended
      await sleep(2_000, { summary: 'until the earlier rollout has ended' });
    }
  }
}

/** A rollout that was terminated tells nobody: a new one of the same id finds out how far it got and cleans up. */
export async function findTerminated(run: ApplicationRun, started: readonly Started[]): Promise<void> {
  for (const each of started) {
    const { workload, spec, workflowId } = each;
    if (!run.rollouts.has(workload.name) || run.ended.has(spec.rolloutId)) continue;
    const described = await attempt(() => asking(spec.cluster).describeWorkflow({ workflowId }));
    if (!described.ok || described.value === 'running' || run.ended.has(spec.rolloutId)) continue;
    run.tell(`the rollout of ${workload.name} is gone (${described.value}); cleaning up after it`);
    await startRecovery(run, each); // somebody may be faster: the next look finds it
  }
}

/** False when there is a workflow of this id already. */
export async function startRecovery(
  run: ApplicationRun,
  { workload, spec, workflowId }: Started,
): Promise<boolean> {
  const known = run.state.workloads[workload.name];
  const number = (known?.number ?? spec.number) + 1; // its fence must be above everything the terminated one has written
  remember(run, workload.name, { ...(known ?? { version: '', revision: '', healthy: false }), number });
  try {
    await startChild(rollout, {
      workflowId,
      args: [{ spec: { ...spec, number }, mode: 'recover' }],
      typedSearchAttributes: [{ key: BelayApp, value: spec.application }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowTaskTimeout,
    });
    return true;
  } catch (error: unknown) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}

/** Takes note of what is known of a workload. */
export function remember(run: ApplicationRun, name: string, workload: WorkloadState): void {
  run.change({ workloads: { ...run.state.workloads, [name]: workload } });
}

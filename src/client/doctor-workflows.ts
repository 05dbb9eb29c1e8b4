import { isGrpcServiceError } from '@temporalio/client';
import type { WorkflowFacts } from '../domain/doctor/facts';
import { applicationOfId, applicationWorkflow } from '../messages/application';
import { checkWorkflow } from '../messages/check';
import { diffWorkflow } from '../messages/diff';
import { clusterObserverWorkflow, repositoryObserverWorkflow } from '../messages/observer';
import { childrenWorkflow } from '../messages/children';
import { previewWorkflow } from '../messages/preview';
import { releasesWorkflow, releaseWorkflow } from '../messages/release';
import { repositoryWorkflow } from '../messages/repository';
import { rolloutWorkflow } from '../messages/rollout';
import { BelayApp, BelayPhase, BelayReason } from '../messages/search-attributes';
import { failureText } from './doctor-failure';
import { ask, millisOf } from './doctor-ask';
import { inParallel } from './in-parallel';
import type { Session } from './session';

const types = [
  ...[applicationWorkflow, rolloutWorkflow, repositoryWorkflow],
  ...[clusterObserverWorkflow, repositoryObserverWorkflow],
  ...[checkWorkflow, childrenWorkflow, diffWorkflow, previewWorkflow, releasesWorkflow, releaseWorkflow],
];

/** A server answers about a thousand of these questions in a second. */
const questionsAtOnce = 32;
/** From this attempt on it is asked what a workflow task fails with. */
const manyAttempts = 3;
const grpcNotFound = 5;
/** `VERSIONING_BEHAVIOR_PINNED`. */
const pinned = 1;

/** A running workflow as Temporal's list and its description have it. */
export interface SeenWorkflow extends WorkflowFacts {
  readonly phase?: string;
  readonly reason?: string;
  /** Of a cluster's observer: what the cluster is called. */
  readonly clusterNames?: readonly string[];
  /** When one of its activities gave the last sign of life. */
  readonly heardAt?: number;
}

type Listed = Pick<
  SeenWorkflow,
  'id' | 'type' | 'application' | 'since' | 'phase' | 'reason' | 'clusterNames'
>;

/** Every running workflow of Belay. Reads histories only of those whose code fails. */
export async function seeWorkflows(session: Session): Promise<readonly SeenWorkflow[]> {
  const listed = await ask(session, () => list(session));
  const seen = await inParallel(listed, questionsAtOnce, (one) => ask(session, () => describe(session, one)));
  return seen.filter((one) => one !== undefined);
}

async function list({ temporal }: Session): Promise<readonly Listed[]> {
  const query = `ExecutionStatus='Running' AND WorkflowType IN (${types.map((type) => `'${type}'`).join(', ')})`;
  const found: Listed[] = [];
  for await (const one of temporal.workflow.list({ query, pageSize: 1_000 })) {
    const attributes = one.typedSearchAttributes;
    const announced = one.memo?.['announced'] as { readonly names?: readonly string[] } | undefined;
    const isRelease = one.type === releasesWorkflow || one.type === releaseWorkflow;
    const application = isRelease ? undefined : (applicationOfId(one.workflowId) ?? attributes.get(BelayApp));
    found.push({
      id: one.workflowId,
      type: one.type,
      since: one.startTime.getTime(),
      ...defined({ application, phase: attributes.get(BelayPhase), reason: attributes.get(BelayReason) }),
      ...defined({ clusterNames: announced?.names }),
    });
  }
  return found;
}

async function describe(session: Session, listed: Listed): Promise<SeenWorkflow | undefined> {
  const { workflowService } = session.connection;
  const { namespace } = session.temporal.options;
  const execution = { workflowId: listed.id };
  try {
    const described = await workflowService.describeWorkflowExecution({ namespace, execution });
    const { pendingActivities, pendingWorkflowTask, workflowExecutionInfo: info } = described;
    const activities = await Promise.all(
      pendingActivities.map(async ({ activityType, attempt, scheduledTime, lastFailure }) => ({
        type: activityType?.name ?? 'an activity',
        attempt: attempt ?? 1,
        ...defined({
          since: millisOf(scheduledTime),
          why: await failureText(session.temporal, lastFailure),
        }),
      })),
    );
    const heard = pendingActivities.flatMap(({ lastHeartbeatTime }) => millisOf(lastHeartbeatTime) ?? []);
    const attempt = pendingWorkflowTask?.attempt ?? 1;
    const why = attempt > manyAttempts ? await taskFailure(session, listed.id) : {};
    const since = millisOf(pendingWorkflowTask?.originalScheduledTime);
    const versioning = info?.versioningInfo;
    const override = versioning?.versioningOverride;
    const isPinned = override ? override.pinned : Number(versioning?.behavior ?? 0) === pinned;
    const version = override?.pinned?.version ?? versioning?.deploymentVersion;
    return {
      ...listed,
      events: Number(info?.historyLength ?? 0),
      activities,
      ...defined({ heardAt: heard.length === 0 ? undefined : Math.max(...heard) }),
      ...(pendingWorkflowTask ? { task: { attempt, ...defined({ since }), ...why } } : {}),
      ...(isPinned && version ? { pinnedTo: `${version.deploymentName}:${version.buildId}` } : {}),
    };
  } catch (error: unknown) {
    if (isGrpcServiceError(error) && (error.code as number) === grpcNotFound) return undefined; // it has ended meanwhile
    throw error;
  }
}

/** The history holds the first of a row of failed attempts. */
async function taskFailure(
  { connection, temporal }: Session,
  workflowId: string,
): Promise<{ readonly why?: string; readonly since?: number }> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: temporal.options.namespace,
    execution: { workflowId },
    maximumPageSize: 20,
  });
  const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes);
  if (failed === undefined) return {};
  const why = await failureText(temporal, failed.workflowTaskFailedEventAttributes?.failure);
  return defined({ why, since: millisOf(failed.eventTime) });
}

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { readonly [K in keyof T]?: Exclude<T[K], undefined> };
}

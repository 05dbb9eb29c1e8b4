import { WithStartWorkflowOperation } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import type { ApplicationStatus } from '../domain/application-status';
import type { ReleaseSpec } from '../domain/release/spec';
import type { Accepted } from '../messages/application';
import { workflowQueue, workflowTaskTimeout } from '../messages/queues';
import {
  declareUpdate,
  releaseId,
  releasesId,
  releasesQuery,
  releasesWorkflow,
  releaseWorkflow,
} from '../messages/release';
import { BelayApp } from '../messages/search-attributes';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import { inParallel } from './in-parallel';
import { noRelease, parseReleaseTarget, releasesSubject, runningReleaseSubject } from './release-target';
import { askOrRecord, type Answer, type RolloutRequest } from './requests';
import { call, query, update, type Session } from './session';

const questionsAtOnce = 16;
/** Names that a sentence lists. */
const named = 5;

/** Sends a request to the entity of a release's name. */
export async function askReleases<A>(
  session: Session,
  name: string,
  request: { readonly definition: UpdateDefinition<Accepted, [A]>; readonly argument: A },
): Promise<Answer> {
  const { message } = await update(session, releasesSubject(name), request);
  return { message, recorded: false };
}

/** Sends a request to the release under way that `target` names. */
export async function askRelease(session: Session, target: string, request: RolloutRequest): Promise<Answer> {
  const workflowId = await findRunning(session, target);
  const name = workflowId.slice(releasesId('').length);
  try {
    const answer = await askOrRecord(session, runningReleaseSubject(workflowId, target), request);
    return answer.recorded ? answer : { ...answer, message: `${name}: ${answer.message}` };
  } catch (error: unknown) {
    if (!(error instanceof ClientError) || error.code !== 'Rejected') throw error;
    const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
    throw new ClientError('Rejected', `${name}: ${error.message}`, { ...remedy, cause: error });
  }
}

/** The entity knows at once; the server's list lags a second behind, and is there with no worker alive. */
async function findRunning(session: Session, target: string): Promise<string> {
  const { name, number } = parseReleaseTarget(target);
  if (number !== undefined) return releaseId(name, number);
  try {
    const { running } = await query(session, releasesSubject(name), releasesQuery);
    if (running !== undefined) return running.id;
  } catch (error: unknown) {
    const unanswered = error instanceof ClientError && (error.code === 'NoWorker' || error.code === 'Stuck');
    if (!unanswered) throw error;
    const listed = await listRunning(session, name);
    if (listed !== undefined) return listed;
  }
  throw noRelease(target);
}

function listRunning(session: Session, name: string): Promise<string | undefined> {
  const quoted = name.replaceAll("'", "''");
  const text = `WorkflowType='${releaseWorkflow}' AND BelayApp='${quoted}' AND ExecutionStatus='Running'`;
  return call(session, releasesSubject(name), async () => {
    for await (const { workflowId } of session.temporal.workflow.list({ query: text })) return workflowId;
    return undefined;
  });
}

/**
 * Declares a release, or gives one that is there its new members and options. Members must be applications, and belong to no other
 * release. Needs a live worker.
 */
export async function declareRelease(session: Session, spec: ReleaseSpec): Promise<Answer> {
  await checkMembers(session, spec);
  const { name } = spec;
  const startWorkflowOperation = new WithStartWorkflowOperation(releasesWorkflow, {
    workflowId: releasesId(name),
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: workflowQueue,
    workflowTaskTimeout,
    args: [{ name }],
    typedSearchAttributes: [{ key: BelayApp, value: name }],
    staticSummary: `release ${name}`,
  });
  const options = { args: [spec] as [ReleaseSpec], updateId: randomUUID(), startWorkflowOperation };
  const subject = releasesSubject(name);
  const declare = () => session.temporal.workflow.executeUpdateWithStart(declareUpdate, options);
  const { message } = await call(session, subject, declare, 'request');
  return { message, recorded: false };
}

async function checkMembers(session: Session, { name, members }: ReleaseSpec): Promise<void> {
  const names = members.map(({ application }) => application);
  const found = await inParallel(names, questionsAtOnce, (each) => statusOrNothing(session, each));
  const missing = names.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) {
    const rest = missing.length > named ? ` and ${missing.length - named} more` : '';
    const message = `release ${name} names what is no application: ${missing.slice(0, named).join(', ')}${rest}`;
    const remedy = '`belay app list` shows the applications; `belay app create -f FILE` adds one';
    throw new ClientError('ApplicationNotFound', message, { remedy });
  }
  for (const status of found) {
    const other = status === undefined ? undefined : releaseOf(status);
    if (status === undefined || other === undefined || other === name) continue;
    const remedy = `take it out of ${other} first: its annotation belay.dev/release, or the file of that release`;
    const message = `${status.spec.name} belongs to release ${other} already, and an application is in one only`;
    throw new ClientError('Rejected', message, { remedy });
  }
}

async function statusOrNothing(session: Session, name: string): Promise<ApplicationStatus | undefined> {
  try {
    return await applicationStatus(session, name);
  } catch (error: unknown) {
    if (error instanceof ClientError && error.code === 'ApplicationNotFound') return undefined;
    throw error;
  }
}

function releaseOf({ spec, state }: ApplicationStatus): string | undefined {
  return spec.release?.release ?? state.memberOf;
}

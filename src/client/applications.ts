import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { ApplicationSpec } from '../domain/application-spec';
import type { ApplicationStatus } from '../domain/application-status';
import {
  applicationId,
  applicationWorkflow,
  configureUpdate,
  statusQuery,
  type ApplicationInput,
} from '../messages/application';
import { workflowQueue, workflowTaskTimeout } from '../messages/queues';
import { BelayApp } from '../messages/search-attributes';
import { withoutCredentials } from './repo-url';
import { call, query, update, type Session } from './session';
import { applicationSubject } from './subjects';

/** What became of `createApplication`. */
export interface Created {
  /** False: it was there already and has the new specification now. */
  readonly created: boolean;
  readonly message: string;
}

/** Starts an application, or gives one that runs its new specification. A first start needs no worker. */
export async function createApplication(session: Session, spec: ApplicationSpec): Promise<Created> {
  const started = await startApplication(session, { spec });
  if (started) return { created: true, message: `application ${spec.name} created` };
  const subject = applicationSubject(spec.name);
  const { message } = await update(session, subject, { definition: configureUpdate, argument: spec });
  return { created: false, message };
}

/**
 * Starts an application that is lost with the state that is known of it; one that runs is left alone. With `dryRun` nothing is started.
 * Needs no worker. Answers whether it was missing.
 */
export async function recoverApplication(
  session: Session,
  { spec, state }: Required<Pick<ApplicationInput, 'spec' | 'state'>>,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<boolean> {
  if (!dryRun) return startApplication(session, { spec, state });
  return call(session, applicationSubject(spec.name), async () => {
    try {
      const { status } = await session.temporal.workflow.getHandle(applicationId(spec.name)).describe();
      return status.name !== 'RUNNING';
    } catch (error: unknown) {
      if (error instanceof WorkflowNotFoundError) return true;
      throw error;
    }
  });
}

/** Asks an application for its status. */
export function applicationStatus(session: Session, name: string): Promise<ApplicationStatus> {
  return query(session, applicationSubject(name), statusQuery);
}

/** False when it runs already. The policy `FAIL` is how the client learns which of the two it was. */
async function startApplication(session: Session, input: ApplicationInput): Promise<boolean> {
  const { name, source, destination } = input.spec;
  const options = {
    workflowId: applicationId(name),
    workflowIdConflictPolicy: 'FAIL' as const,
    taskQueue: workflowQueue,
    workflowTaskTimeout,
    args: [input],
    memo: { application: name, repo: withoutCredentials(source.repoUrl), namespace: destination.namespace },
    typedSearchAttributes: [{ key: BelayApp, value: name }],
    staticSummary: `${name}: ${source.path} to namespace ${destination.namespace}`,
  };
  return call(session, applicationSubject(name), async () => {
    try {
      await session.temporal.workflow.start(applicationWorkflow, options);
      return true;
    } catch (error: unknown) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  });
}

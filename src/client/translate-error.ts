import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  NamespaceNotFoundError,
  QueryNotRegisteredError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { unreadableIn } from '../adapters/codec';
import { applicationOfId } from '../messages/application';
import { releaseWorkflow } from '../messages/release';
import { ClientError } from './client-error';
import { forbidden, noNamespace, notPrepared, noWorker, unreachable, type CallFacts } from './failures';

const grpc = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  permissionDenied: 7,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
};

/** Turns whatever the Temporal client throws into the one error that a person reads. */
export function translateError(error: unknown, facts: CallFacts): ClientError {
  if (error instanceof ClientError) return error;
  const unreadable = unreadableIn(error);
  if (unreadable !== undefined)
    return new ClientError('InvalidConfig', unreadable.what, { remedy: unreadable.remedy, cause: error });
  if (error instanceof WorkflowNotFoundError) return facts.missing();
  if (error instanceof NamespaceNotFoundError) return noNamespace(error.namespace, error);
  if (error instanceof WorkflowUpdateFailedError) return rejected(error, facts);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error))
    return noWorker(facts, error);
  if (error instanceof QueryNotRegisteredError) return stuck(facts, error);
  return translateGrpc(error, facts);
}

function translateGrpc(error: unknown, facts: CallFacts): ClientError {
  const failure = grpcFailureOf(error);
  const text = failure?.details ?? (error instanceof Error ? error.message : String(error));
  switch (failure?.code ?? grpc.unknown) {
    // The server may notice our deadline before we do.
    case grpc.cancelled:
      return noWorker(facts, error);
    case grpc.unavailable:
      return unreachable(facts.address, error);
    case grpc.permissionDenied:
    case grpc.unauthenticated:
      return forbidden(facts.address, text, error);
    case grpc.failedPrecondition:
      return /no poller/i.test(text) ? noWorker(facts, error) : stuck(facts, error);
    case grpc.invalidArgument:
      if (/search attribute/i.test(text)) return notPrepared(text, error);
  }
  return new ClientError('Failed', `Temporal at ${facts.address} says: ${text}`, { cause: error });
}

function grpcFailureOf(error: unknown): { readonly code: number; readonly details: string } | undefined {
  if (isGrpcServiceError(error)) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause : undefined;
}

function stuck({ workflowId }: CallFacts, cause: unknown): ClientError {
  const why = grpcFailureOf(cause)?.details ?? (cause instanceof Error ? cause.message : String(cause));
  const remedy = "read the worker's log; the workflow goes on by itself once a worker runs that can";
  return new ClientError('Stuck', `${workflowId} cannot answer: ${why}`, { remedy, cause });
}

function rejected(error: WorkflowUpdateFailedError, { workflowId }: CallFacts): ClientError {
  const { cause } = error;
  const more = { remedy: remedyIn(cause) ?? `\`${lookAt(workflowId)}\` says how it stands`, cause: error };
  return new ClientError('Rejected', cause?.message ?? error.message, more);
}

/** The command that shows a workflow. */
function lookAt(workflowId: string): string {
  const name = applicationOfId(workflowId);
  if (name !== undefined) return `belay why ${name}`;
  const [kind, release = ''] = workflowId.split('/');
  return kind === releaseWorkflow ? `belay release get ${release}` : `belay rollout get ${workflowId}`;
}

/** A workflow may hand a remedy along as the first detail of its failure. */
function remedyIn(cause: Error | undefined): string | undefined {
  const details: unknown = cause !== undefined && 'details' in cause ? cause.details : undefined;
  const first: unknown = Array.isArray(details) ? details[0] : undefined;
  const remedy: unknown =
    typeof first === 'object' && first !== null && 'remedy' in first ? first.remedy : undefined;
  return typeof remedy === 'string' ? remedy : undefined;
}

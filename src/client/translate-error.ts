import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  NamespaceNotFoundError,
  QueryNotRegisteredError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ClientError } from './client-error';

/** What a call is about. */
export interface Subject {
  readonly workflowId: string;
  /** Says that the workflow does not exist. */
  readonly missing: () => ClientError;
}

/** A subject with what the messages name besides. */
export interface CallFacts extends Subject {
  readonly address: string;
  readonly withinMs: number;
}

const grpc = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
};

/** Turns whatever the Temporal client throws into the one error that a person reads. */
export function translateError(error: unknown, facts: CallFacts): ClientError {
  if (error instanceof ClientError) return error;
  if (error instanceof WorkflowNotFoundError) return facts.missing();
  if (error instanceof NamespaceNotFoundError) return noNamespace(error.namespace, error);
  if (error instanceof WorkflowUpdateFailedError) return rejected(error);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error))
    return noWorker(facts, error);
  if (error instanceof QueryNotRegisteredError) return stuck(facts, error);
  return translateGrpc(error, facts);
}

/** The error for a server that cannot be reached at all. */
export function unreachable(address: string, cause: unknown): ClientError {
  const remedy =
    'start everything locally with `belay dev`, or name your Temporal service: TEMPORAL_ADDRESS=host:port';
  return new ClientError('Unreachable', `cannot reach Temporal at ${address}`, { remedy, cause });
}

function translateGrpc(error: unknown, facts: CallFacts): ClientError {
  const failure = grpcFailureOf(error);
  const text = failure?.details ?? (error instanceof Error ? error.message : String(error));
  switch (failure?.code) {
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

function noWorker({ workflowId, withinMs }: CallFacts, cause: unknown): ClientError {
  const message = `no worker answered for ${workflowId} within ${withinMs / 1_000} s`;
  const remedy = 'start one with `belay worker` (or `belay dev`), then ask again';
  return new ClientError('NoWorker', message, { remedy, cause });
}

function stuck({ workflowId }: CallFacts, cause: unknown): ClientError {
  const why = grpcFailureOf(cause)?.details ?? (cause instanceof Error ? cause.message : String(cause));
  const remedy = "read the worker's log; the workflow goes on by itself once a worker runs that can";
  return new ClientError('Stuck', `${workflowId} cannot answer: ${why}`, { remedy, cause });
}

function rejected(error: WorkflowUpdateFailedError): ClientError {
  const { cause } = error;
  return new ClientError('Rejected', cause?.message ?? error.message, { ...remedyIn(cause), cause: error });
}

/** A workflow may hand a remedy along as the first detail of its failure. */
function remedyIn(cause: Error | undefined): { readonly remedy?: string } {
  const details: unknown = cause !== undefined && 'details' in cause ? cause.details : undefined;
  const first: unknown = Array.isArray(details) ? details[0] : undefined;
  const remedy: unknown =
    typeof first === 'object' && first !== null && 'remedy' in first ? first.remedy : undefined;
  return typeof remedy === 'string' ? { remedy } : {};
}

function noNamespace(namespace: string, cause: unknown): ClientError {
  const remedy = `create it: \`temporal operator namespace create ${namespace}\`, or name another in TEMPORAL_NAMESPACE`;
  return new ClientError('NamespaceNotFound', `Temporal has no namespace ${namespace}`, { remedy, cause });
}

function forbidden(address: string, text: string, cause: unknown): ClientError {
  const remedy = 'check TEMPORAL_API_KEY or the client certificate of your profile';
  return new ClientError('Forbidden', `Temporal at ${address} refuses: ${text}`, { remedy, cause });
}

function notPrepared(text: string, cause: unknown): ClientError {
  const remedy = 'start a worker once, it registers them: `belay worker`';
  return new ClientError('NotPrepared', `the search attributes of Belay are not registered: ${text}`, {
    remedy,
    cause,
  });
}

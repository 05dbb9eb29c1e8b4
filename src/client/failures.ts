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
  /** A request may still be carried out after the deadline; a question is simply lost. */
  readonly kind: 'question' | 'request';
}

/** The error for a server that cannot be reached at all. */
export function unreachable(address: string, cause: unknown): ClientError {
  const remedy =
    'start everything locally with `belay dev`, or name your Temporal service: TEMPORAL_ADDRESS=host:port';
  return new ClientError('Unreachable', `cannot reach Temporal at ${address}`, { remedy, cause });
}

/** The server may hand an update to the next worker even after the caller gave up (seen), so nobody is told that it is lost. */
export function noWorker({ workflowId, withinMs, kind }: CallFacts, cause: unknown): ClientError {
  const late = kind === 'request' ? '; the request may still be carried out when one is back' : '';
  const message = `no worker answered for ${workflowId} within ${withinMs / 1_000} s${late}`;
  const start = 'start one with `belay worker` (or `belay dev`)';
  const remedy = kind === 'request' ? `${start}, then look before you ask again` : `${start}, then ask again`;
  return new ClientError('NoWorker', message, { remedy, cause });
}

/** The error for a namespace that Temporal does not have. */
export function noNamespace(namespace: string, cause: unknown): ClientError {
  const remedy = `create it: \`temporal operator namespace create ${namespace}\`, or name another in TEMPORAL_NAMESPACE`;
  return new ClientError('NamespaceNotFound', `Temporal has no namespace ${namespace}`, { remedy, cause });
}

/** The error for a server that does not let us in. */
export function forbidden(address: string, text: string, cause: unknown): ClientError {
  const remedy = 'check TEMPORAL_API_KEY or the client certificate of your profile';
  return new ClientError('Forbidden', `Temporal at ${address} refuses: ${text}`, { remedy, cause });
}

/** The error for a namespace in which no worker has been yet. */
export function notPrepared(text: string, cause: unknown): ClientError {
  const remedy = 'start a worker once, it registers them: `belay worker`';
  return new ClientError('NotPrepared', `the search attributes of Belay are not registered: ${text}`, {
    remedy,
    cause,
  });
}

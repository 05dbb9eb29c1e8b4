/** What kind of thing went wrong between a person and the workflows: a closed list that programs can switch on. */
export type ClientErrorCode =
  | 'ApplicationNotFound'
  | 'RolloutNotFound'
  /** The application exists and has no rollout in progress. */
  | 'NoRollout'
  | 'SeveralRollouts'
  | 'ReleaseNotFound'
  /** The release is declared, and none of its name is under way. */
  | 'NoRelease'
  | 'Unreachable'
  | 'NamespaceNotFound'
  | 'Forbidden'
  /** The search attributes are not registered in the Temporal namespace. */
  | 'NotPrepared'
  | 'InvalidConfig'
  | 'NoWorker'
  /** The workflow fails at its own code and goes on only with a mended worker. */
  | 'Stuck'
  /** The workflow said no to a request. */
  | 'Rejected'
  | 'TimedOut'
  | 'Failed';

/** A failure said for a person: what, about what, and in `remedy` what to do. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  readonly remedy?: string;

  constructor(
    code: ClientErrorCode,
    message: string,
    more: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'ClientError';
    this.code = code;
    if (more.remedy !== undefined) this.remedy = more.remedy;
  }
}

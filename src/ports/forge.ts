/** How a commit stands, in the words of GitHub; adapters translate. */
export type StatusState = 'pending' | 'success' | 'failure' | 'error';

/** What is told about one commit under one name. */
export interface CommitStatus {
  readonly repoUrl: string;
  /** All 40 digits. */
  readonly revision: string;
  readonly state: StatusState;
  /** `belay/<application>`: a later status of the same name replaces it. */
  readonly context: string;
  /** One line; cut to what the forge takes. No secrets. */
  readonly description: string;
  readonly targetUrl?: string;
}

/** Whether a forge was told. */
export type StatusSet =
  | { readonly kind: 'set' }
  /** No forge is known for this repository. */
  | { readonly kind: 'unknown'; readonly host: string };

/** The forge that hosts a repository, found by its URL. Throws PortError. */
export interface Forge {
  /** Idempotent: telling the same again changes nothing that anybody sees. */
  setStatus(status: CommitStatus, signal?: AbortSignal): Promise<StatusSet>;
}

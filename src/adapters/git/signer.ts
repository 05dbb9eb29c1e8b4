import { PortError } from '../../ports/port-error';

/** What git needs to sign a commit. */
export interface Signer {
  /** For `git commit-tree`. */
  readonly args: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** A signer, and what is left to do after its use. */
export interface OpenSigner extends Signer {
  close(): Promise<void>;
}

/** The error of a signature that cannot be made; a mended key is picked up at the next attempt. */
export function cannotSign(why: string, cause?: unknown): PortError {
  return new PortError(`cannot sign commits: ${why}`, { code: 'Unauthenticated', retry: 'later', cause });
}

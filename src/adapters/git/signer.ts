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

/** A key that is to sign. */
export interface KeyRequest {
  /** An empty directory that nobody else may enter. */
  readonly dir: string;
  /** The private key itself. */
  readonly key: string;
  /** Where it came from, for people. */
  readonly from: string;
  readonly passphraseFile: string | undefined;
}

/** The error of a signature that cannot be made; a mended key is picked up at the next attempt. */
export function cannotSign(why: string, cause?: unknown): PortError {
  return new PortError(`cannot sign commits: ${why}`, { code: 'Unauthenticated', retry: 'later', cause });
}

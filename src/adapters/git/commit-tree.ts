import { identityConfig } from './identity';
import type { RestoreContext } from './restore-path';
import { withSigner } from './sign';

/** A commit that is to be made. */
export interface NewCommit {
  readonly parent: string;
  readonly tree: string;
  readonly message: string;
}

/** Writes a commit of our identity into the mirror, signed where the identity signs, and gives its id. Throws PortError when it cannot be signed. */
export async function commitTree(
  { mirror, identity, signal }: Pick<RestoreContext, 'mirror' | 'identity' | 'signal'>,
  { parent, tree, message }: NewCommit,
): Promise<string> {
  const output = await withSigner(identity.signing, signal, (signer) => {
    const args = ['commit-tree', ...signer.args, '-p', parent, '-F', '-', tree];
    const config = { ...identityConfig(identity), ...signer.config };
    return mirror.local(args, { input: message, config, env: signer.env, signal });
  });
  return output.trim();
}

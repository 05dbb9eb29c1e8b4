import type { RestoreRequest, RestoreResult } from '../../ports/git';
import { complaintOf } from './errors';
import { publishCommit } from './publish-commit';
import { refusal } from './refusal';
import type { RestoreContext } from './restore-path';

/** One commit of the mirror that is to be in the repository. */
export interface PushRequest {
  readonly request: RestoreRequest;
  readonly revision: string;
  /** The commit that it follows. */
  readonly parent: string;
  /** Full ref. */
  readonly ref: string;
  /** Where we saw it; empty: it must not exist. */
  readonly expected: string;
}

/** The commit is there (under another id where the forge has made it), or the server will not have it. */
export type Pushed =
  { readonly kind: 'pushed'; readonly revision: string } | Extract<RestoreResult, { kind: 'refused' }>;

/**
 * Brings one commit onto a branch that must still be where we saw it, never without the expected value: a plain push could bring
 * back what a force-push dropped. Throws what `complaintOf` calls a race when the branch moved.
 */
export async function pushCommit(context: RestoreContext, push: PushRequest): Promise<Pushed> {
  const { mirror, write, publish, signal } = context;
  const { request, revision, ref, expected } = push;
  if (publish !== undefined) return await publishCommit({ ...context, publish }, push);
  const lease = `--force-with-lease=${ref}:${expected}`;
  const args = ['push', '--no-thin', lease, 'origin', `${revision}:${ref}`];
  try {
    // Over HTTP git makes a thin pack all the same, and would fetch the old contents for it.
    await mirror.remote(write, args, { signal, noLazyFetch: true });
    return { kind: 'pushed', revision };
  } catch (error: unknown) {
    const refused = refusal(complaintOf(error), error, { ...request, branch: ref });
    if (refused?.kind !== 'refused') throw error;
    return refused;
  }
}

import type { RestoreRequest, RestoreResult } from '../../ports/git';
import { complaintOf } from './errors';
import { refusal } from './refusal';
import type { RestoreContext } from './restore-path';

/** One push. */
export interface PushRequest {
  readonly request: RestoreRequest;
  readonly revision: string;
  /** Where we saw the branch. */
  readonly expected: string;
}

/**
 * Pushes one commit to a branch that must still be where we saw it, never without the expected value: a plain push could bring back
 * what a force-push dropped. Gives the answer "refused" when the server will not have it, undefined when it took it.
 */
export async function pushCommit(
  { mirror, write, signal }: RestoreContext,
  { request, revision, expected }: PushRequest,
): Promise<RestoreResult | undefined> {
  const { branch } = request;
  const lease = `--force-with-lease=${branch}:${expected}`;
  try {
    await mirror.remote(write, ['push', '--no-thin', lease, 'origin', `${revision}:${branch}`], { signal });
    return undefined;
  } catch (error: unknown) {
    const refused = refusal(complaintOf(error), error, request);
    if (refused === undefined) throw error;
    return refused;
  }
}

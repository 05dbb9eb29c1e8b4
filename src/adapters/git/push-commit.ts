import type { RestoreContext } from './restore-path';

/** Pushes one commit to a branch that must still be where we saw it. Never without the expected value: a plain push could bring back what a force-push dropped. */
export async function pushCommit(
  { mirror, write, signal }: RestoreContext,
  {
    revision,
    branch,
    expected,
  }: { readonly revision: string; readonly branch: string; readonly expected: string },
): Promise<void> {
  const lease = `--force-with-lease=${branch}:${expected}`;
  await mirror.remote(write, ['push', '--no-thin', lease, 'origin', `${revision}:${branch}`], { signal });
}

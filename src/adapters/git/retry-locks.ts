import { rm, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { complaintOf } from './errors';
import { GitFailure } from './run-git';

const attempts = 8;
/** Git holds these locks for milliseconds: an older one is what a killed process left. */
const abandonedAfter = 60_000;

/** Repeats what failed because another process held one of git's own locks, and removes a lock that a killed process left. */
export async function retryLocks<T>(
  gitDir: string,
  task: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error: unknown) {
      if (complaintOf(error) !== 'locked' || attempt === attempts) throw error;
      await removeAbandonedLock(gitDir, error);
      await sleep(
        10 * 2 ** attempt * (0.5 + Math.random()),
        undefined,
        signal === undefined ? {} : { signal },
      );
    }
  }
}

async function removeAbandonedLock(gitDir: string, error: unknown): Promise<void> {
  const text = error instanceof GitFailure ? error.text : '';
  const lock = /unable to create '([^']+\.lock)': file exists/i.exec(text)?.[1];
  if (lock === undefined || !lock.startsWith(gitDir + sep)) return;
  const age = await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > abandonedAfter) await rm(lock, { force: true });
}

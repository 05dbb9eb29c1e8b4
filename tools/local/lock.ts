import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processes';

const HEARTBEAT_MS = 5_000;
const STALE_MS = 30_000;
let sequence = 0;

/**
 * Runs `work` while no other process on this file system runs it under the same lock directory.
 * A lock whose owner died, or has not touched it for 30 seconds, is taken over.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  for (let waited = false; !(await tryLock(path)); waited = true) {
    if (!waited) onWait?.();
    await breakStaleLock(path);
    await sleep(250);
  }
  const heartbeat = setInterval(
    () => void utimes(path, new Date(), new Date()).catch(() => {}),
    HEARTBEAT_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await removeLock(path);
  }
}

/** Makes the lock directory with its owner inside in one step, so that it is never seen half made. */
async function tryLock(path: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${sequence++}`;
  await mkdir(draft);
  await writeFile(join(draft, 'owner'), `${process.pid} ${hostname()}`);
  try {
    await rename(draft, path);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (isCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) return false;
    throw error;
  }
}

/** Moves the lock away before deleting it: an emptied directory in its place could be taken half deleted. */
async function removeLock(path: string): Promise<void> {
  const aside = `${path}.done.${process.pid}.${sequence++}`;
  await rename(path, aside).catch(() => {});
  await rm(aside, { recursive: true, force: true });
}

async function breakStaleLock(path: string): Promise<void> {
  const before = await stat(path).catch(() => null);
  if (!before || !(await isStale(path, before.mtimeMs))) return;
  const aside = `${path}.stale.${process.pid}.${sequence++}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const taken = await stat(aside);
  // Another waiter was quicker and this is its fresh lock: give it back.
  if (taken.ino !== before.ino) await rename(aside, path).catch(() => {});
  await rm(aside, { recursive: true, force: true });
}

async function isStale(path: string, modified: number): Promise<boolean> {
  if (Date.now() - modified > STALE_MS) return true;
  const [pid, host] = (await readFile(join(path, 'owner'), 'utf8').catch(() => '')).split(' ');
  if (!pid || host !== hostname()) return false;
  return !(await isAlive(Number(pid)));
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commitOnMain, git } from '../../tools/local/git-commits';
import { otherFiles, type SharedRepository } from './repository';

/** Somebody else who pushes to the same branch all the time. */
export interface SecondWriter {
  /** Pushes that were taken. */
  readonly pushes: number;
  /** Pushes that came too late, and were made anew. */
  readonly lost: number;
  /** What was written last into each file. */
  readonly files: ReadonlyMap<string, string>;
  /** Ends after the push in progress. */
  stop(): Promise<void>;
}

/** Starts pushing from a clone of its own, over HTTP, at random moments up to `everyMs` apart. */
export async function startSecondWriter(
  dir: string,
  { url, token }: SharedRepository,
  everyMs: number,
): Promise<SecondWriter> {
  const clone = join(dir, 'second-writer.git');
  mkdirSync(clone, { recursive: true });
  await git(clone, 'init', '--quiet', '--bare', '--initial-branch=main', '.');
  await git(clone, 'remote', 'add', 'origin', url);
  await git(clone, 'config', 'gc.auto', '0');
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  await git(clone, 'config', 'http.extraHeader', `Authorization: Basic ${basic}`);
  const files = new Map<string, string>();
  const counts = { pushes: 0, lost: 0 };
  let isStopped = false;
  const tryPush = async (path: string, text: string): Promise<boolean> => {
    await git(clone, 'fetch', '--quiet', '--force', 'origin', 'main:main');
    await commitOnMain(clone, { message: `Change ${path}`, files: { [path]: text } });
    try {
      await git(clone, 'push', '--quiet', 'origin', 'main');
      return true;
    } catch (error: unknown) {
      if (/rejected/.test(String(error))) return false;
      throw error;
    }
  };
  const run = async (): Promise<void> => {
    while (!isStopped) {
      const path = otherFiles[Math.floor(Math.random() * otherFiles.length)] ?? '';
      const text = `change ${counts.pushes + 1}\n`;
      while (!(await tryPush(path, text))) counts.lost += 1;
      files.set(path, text);
      counts.pushes += 1;
      await sleep(Math.random() * everyMs);
    }
  };
  const ended = run();
  // What goes wrong is told by `stop`, not by an unhandled rejection.
  ended.catch(() => undefined);
  return {
    get pushes() {
      return counts.pushes;
    },
    get lost() {
      return counts.lost;
    },
    files,
    stop: async () => {
      isStopped = true;
      await ended;
    },
  };
}

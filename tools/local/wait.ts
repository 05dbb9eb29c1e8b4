import { setTimeout as sleep } from 'node:timers/promises';
import { PortTaken } from './ports';
import { isRunning, readLogTail, type LocalProcess } from './processes';

/** What to wait for, and the processes that must stay alive meanwhile. */
export interface Wait {
  dir: string;
  /** Completes the sentence "... is not ready after 60 s". */
  what: string;
  processes: LocalProcess[];
  timeoutMs?: number;
}

/** Waits until the check answers true; a process that dies meanwhile is named with its last words. */
export async function waitUntil(wait: Wait, check: () => Promise<boolean>): Promise<void> {
  const timeoutMs = wait.timeoutMs ?? 120_000;
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      if (await check()) return;
    } catch (error) {
      last = error;
    }
    for (const process of wait.processes)
      if (!(await isRunning(process))) throw await describeDeath(wait.dir, process);
    await sleep(40);
  }
  const reason = last instanceof Error ? `: ${last.message}` : '';
  throw new Error(`${wait.what} is not ready after ${timeoutMs / 1000} s${reason}\n${await tails(wait)}`);
}

async function describeDeath(dir: string, process: LocalProcess): Promise<Error> {
  const tail = await readLogTail(dir, process.name);
  if (/address already in use/i.test(await readLogTail(dir, process.name, 60))) return new PortTaken(tail);
  return new Error(
    `${process.name} ended while it started. The end of ${dir}/logs/${process.name}.log:\n${tail}`,
  );
}

async function tails(wait: Wait): Promise<string> {
  const parts = wait.processes.map(
    async ({ name }) => `--- ${name}\n${await readLogTail(wait.dir, name, 3)}`,
  );
  return (await Promise.all(parts)).join('\n');
}

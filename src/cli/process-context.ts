import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import type { CliContext } from './context';
import { exitCodes } from './exit-codes';
import { loadClient } from './lazy';
import { UsageError } from './usage-error';

/** The context of the real process. */
export function processContext(): CliContext {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: Date.now,
    connect: () => loadClient().connectBelay(),
    readText,
    confirm,
    onInterrupt,
    exitCode: exitCodes.done,
  };
}

async function readText(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error: unknown) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('nobody can be asked here (no terminal)', 'add --yes');
  const asker = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asker.question(`${question} [y/N] `)).trim());
  } catch {
    // Ctrl-C and Ctrl-D close the question.
    return false;
  } finally {
    asker.close();
  }
}

function onInterrupt(stop: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../../client/client-error';
import type { CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { linePrinter, screenPrinter } from './frames';

/** One look at what is watched; with `exitCode` it is the last one. */
export interface Frame {
  readonly lines: readonly string[];
  readonly exitCode?: number;
}

/** Shows frames until one is the last or a person presses Ctrl-C (exit code 0). A server or worker that is away is waited for. */
export async function watch(cli: CliContext, look: () => Promise<Frame>, everyMs = 1_000): Promise<number> {
  const stopped = new AbortController();
  const release = cli.onInterrupt(() => stopped.abort());
  const printer = cli.stdout.isTTY === true ? screenPrinter(cli.stdout) : linePrinter(cli.stdout);
  let last: readonly string[] = [];
  try {
    while (!stopped.signal.aborted) {
      const frame = await lookPatiently(look, last);
      if (stopped.signal.aborted) break;
      printer.show(frame.lines);
      if (frame.exitCode !== undefined) return frame.exitCode;
      if (frame.fresh) last = frame.lines;
      await sleep(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
    return exitCodes.done;
  } finally {
    printer.close();
    release();
  }
}

async function lookPatiently(
  look: () => Promise<Frame>,
  last: readonly string[],
): Promise<Frame & { fresh: boolean }> {
  try {
    return { ...(await look()), fresh: true };
  } catch (error: unknown) {
    const passing = error instanceof ClientError && ['NoWorker', 'Stuck', 'Unreachable'].includes(error.code);
    if (!passing || last.length === 0) throw error;
    return { lines: [...last, '', `⚠ ${error.message}; waiting`], fresh: false };
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { residentBytes } from './memory';

/** What one run of a program may take. */
export interface RunLimits {
  /** Milliseconds from the start of the program. */
  readonly wallMs: number;
  /** Bytes of standard output. */
  readonly outputBytes: number;
  /** Bytes of resident memory, where /proc tells; absent: the program limits itself. */
  readonly memoryBytes?: number;
}

/** One run; the program sees no variable but those of `env`. */
export interface ProgramRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Standard input; absent: empty. */
  readonly input?: string;
  readonly limits: RunLimits;
  readonly signal: AbortSignal;
}

export type RunLimit = 'time' | 'output' | 'memory';

/** How a run ended. */
export interface Ended {
  /** Exit code, or what killed it. */
  readonly end: number | NodeJS.Signals | null;
  /** The limit at which it was killed here. */
  readonly stopped?: RunLimit;
  /** At most as many bytes as the limit. */
  readonly stdout: string;
  /** At most a megabyte. */
  readonly stderr: string;
}

const stderrBytes = 1 << 20;
const pollMs = 50;

/**
 * Runs a program, and kills its process group as a whole at a limit, on abort, and when it leaves something running behind it.
 * Rejects when `signal` aborts, and with the error of Node when it does not start.
 */
export async function runProgram(run: ProgramRun): Promise<Ended> {
  const { command, args, env, cwd, input, limits, signal } = run;
  signal.throwIfAborted();
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const guard = new Guard(child);
  const onAbort = (): void => guard.kill();
  signal.addEventListener('abort', onAbort);
  const timer = setTimeout(() => guard.stop('time'), limits.wallMs);
  try {
    const stdout = collect(child.stdout, limits.outputBytes, () => guard.stop('output'));
    const stderr = collect(child.stderr, stderrBytes, () => undefined);
    const ended = new Promise<Ended['end']>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killedBy) => {
        guard.isClosed = true;
        resolve(killedBy ?? code);
      });
    });
    // It may end before it has read everything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    if (limits.memoryBytes !== undefined) void guard.watchMemory(limits.memoryBytes);
    const end = await ended;
    signal.throwIfAborted();
    const { stopped } = guard;
    return { end, ...(stopped !== undefined && { stopped }), stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    guard.kill();
  }
}

/** Kills the whole group, and remembers why. */
class Guard {
  stopped: RunLimit | undefined;
  /** Its output has ended, so nothing of the group is left that matters; its number may soon be another one's. */
  isClosed = false;

  constructor(readonly child: ChildProcess) {}

  stop(limit: RunLimit): void {
    this.stopped ??= limit;
    this.kill();
  }

  kill(): void {
    const { pid } = this.child;
    if (pid === undefined || this.isClosed) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }

  async watchMemory(limit: number): Promise<void> {
    while (this.child.pid !== undefined && !this.isClosed) {
      const bytes = await residentBytes(this.child.pid);
      if (bytes !== undefined && bytes > limit) return this.stop('memory');
      await wait(pollMs, undefined, { ref: false });
    }
  }
}

/** Reads at most `limit` bytes; says so when there are more. */
function collect(stream: NodeJS.ReadableStream | null, limit: number, onMore: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (bytes <= limit) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) onMore();
  });
  return () => Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { confinement, isolation, type Confinement } from './confinement';
import type { Jail } from './jail';
import type { RenderLimits } from './limits';
import { residentBytes } from './memory';

/** One run of a program that is in the `bin` of a jail. */
export interface SandboxRun {
  readonly jail: Jail;
  readonly program: string;
  readonly args: readonly string[];
  /** Directory inside the jail, such as `repo/deploy`. */
  readonly cwd: string;
  readonly limits: RenderLimits;
  readonly signal: AbortSignal;
  /** For tests: how the machine would behave with less. */
  readonly confinement?: Confinement;
}

/** How a run ended; `stderr` is cut and names no directory of this machine. */
export type SandboxResult =
  | { readonly kind: 'done'; readonly stdout: string }
  | { readonly kind: 'failed'; readonly stderr: string }
  | { readonly kind: 'stopped'; readonly limit: 'time' | 'output' | 'memory' };

const stderrBytes = 1 << 20;
const pollMs = 50;
const mostAttempts = 5;
/** Processor time is counted over all threads. */
const spareProcessors = 4;
/** Go reserves address space that it never touches. */
const spareAddressSpace = 4 * 2 ** 30;

/**
 * Runs a program on files that somebody else wrote.
 *
 * Everywhere: the environment is empty but for HOME, TMPDIR, XDG directories and GOMEMLIMIT, all inside the jail; standard input is
 * empty; the process group is killed as a whole at the limit of time, output or resident memory (where /proc tells), and on abort.
 * Where unprivileged user namespaces are allowed (Linux with `unshare` of util-linux; not under the default seccomp profile of most
 * container runtimes): it has no network at all and sees no file outside the jail. Elsewhere proxies point to a dead address and
 * there is no PATH, so that it finds no git or ssh; then it is the programs' own rules and the checks before the run that keep it
 * inside: Kustomize's load restrictor, Helm's `.Files`, and that no path or link of the source leads out.
 */
export async function runSandboxed(run: SandboxRun): Promise<SandboxResult> {
  for (let attempt = 1; ; attempt++) {
    const result = await runOnce(run);
    const isBusy = result.kind === 'failed' && /Text file busy/.test(result.stderr);
    if (!isBusy || attempt === mostAttempts) return result;
    // A process that was just being started elsewhere still held the copy of the program open.
    await wait(attempt * 100, undefined, { signal: run.signal });
  }
}

async function runOnce(run: SandboxRun): Promise<SandboxResult> {
  const { limits, signal } = run;
  signal.throwIfAborted();
  const { command, args, env, cwd } = commandOf(run, run.confinement ?? (await confinement()));
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const guard = new Guard(child);
  const onAbort = (): void => guard.kill();
  signal.addEventListener('abort', onAbort);
  const timer = setTimeout(() => guard.stop('time'), limits.wallMs);
  try {
    const stdout = collect(child.stdout, limits.outputBytes, () => guard.stop('output'));
    const stderr = collect(child.stderr, stderrBytes, () => undefined);
    const ended = new Promise<number | NodeJS.Signals | 'busy' | null>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ETXTBSY') resolve('busy');
        else reject(error);
      });
      child.once('close', (code, killedBy) => {
        guard.isClosed = true;
        resolve(killedBy ?? code);
      });
    });
    void guard.watchMemory(limits.memoryBytes);
    const end = await ended;
    signal.throwIfAborted();
    if (guard.stopped !== undefined) return { kind: 'stopped', limit: guard.stopped };
    if (end === 'busy') return { kind: 'failed', stderr: 'Text file busy' };
    // Nobody here killed it: the kernel was out of memory.
    if (end === 'SIGKILL') return { kind: 'stopped', limit: 'memory' };
    if (end === 0) return { kind: 'done', stdout: stdout().toString('utf8') };
    const complaint = stderr().toString('utf8');
    if (/^(?:fatal error|runtime): .*(?:out of memory|cannot allocate|failed to reserve)/m.test(complaint))
      return { kind: 'stopped', limit: 'memory' };
    return { kind: 'failed', stderr: withoutPlaces(complaint, run.jail) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    guard.kill();
  }
}

/** Kills the whole group, and remembers why. */
class Guard {
  stopped: 'time' | 'output' | 'memory' | undefined;
  /** Its output has ended, so nothing of the group is left that matters; its number may soon be another one's. */
  isClosed = false;

  constructor(readonly child: ChildProcess) {}

  stop(limit: 'time' | 'output' | 'memory'): void {
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

function commandOf(run: SandboxRun, { prlimit, unshare }: Confinement) {
  const inside = unshare !== undefined;
  const place = (...parts: string[]): string => (inside ? `/${parts.join('/')}` : run.jail.path(...parts));
  const program = [place('bin', run.program), ...run.args];
  const isolated = inside ? [unshare, ...isolation(run.jail.dir, `/${run.cwd}`), ...program] : program;
  const addressSpace = run.limits.memoryBytes + spareAddressSpace;
  // Outlives nobody for long: when this process is killed, there is no one left to stop a loop.
  const seconds = Math.ceil(run.limits.wallMs / 1000) * spareProcessors;
  const whole =
    prlimit === undefined
      ? isolated
      : [prlimit, `--as=${addressSpace}`, `--cpu=${seconds}`, '--core=0', '--', ...isolated];
  const [command = '', ...args] = whole;
  const nowhere = 'http://127.0.0.1:9';
  const env = {
    HOME: place('home'),
    TMPDIR: place('tmp'),
    XDG_CACHE_HOME: place('home', 'cache'),
    XDG_CONFIG_HOME: place('home', 'config'),
    XDG_DATA_HOME: place('home', 'data'),
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    // Collects harder before the limit, which is for what is really needed.
    GOMEMLIMIT: String(Math.floor(run.limits.memoryBytes * 0.8)),
  };
  return { command, args, env, cwd: run.jail.path(run.cwd) };
}

/** Reads at most `limit` bytes; says once when there are more. */
function collect(stream: NodeJS.ReadableStream, limit: number, onMore: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes <= limit) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) onMore();
  });
  return () => Buffer.concat(chunks).subarray(0, limit);
}

function withoutPlaces(text: string, jail: Jail): string {
  return text.replaceAll(jail.dir, '').replaceAll(/\/repo\/(?=\S)/g, '');
}

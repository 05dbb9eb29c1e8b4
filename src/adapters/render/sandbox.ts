import { setTimeout as wait } from 'node:timers/promises';
import { runProgram, type RunLimit } from '../programs/run';
import { confinement, isolation, type Confinement } from './confinement';
import type { Jail } from './jail';
import type { RenderLimits } from './limits';

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
  | { readonly kind: 'stopped'; readonly limit: RunLimit };

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
  const command = commandOf(run, run.confinement ?? (await confinement()));
  const ended = await runProgram({ ...command, limits, signal }).catch((error: NodeJS.ErrnoException) => {
    signal.throwIfAborted();
    if (error.code === 'ETXTBSY') return undefined;
    throw error;
  });
  if (ended === undefined) return { kind: 'failed', stderr: 'Text file busy' };
  const { end, stopped, stdout, stderr } = ended;
  if (stopped !== undefined) return { kind: 'stopped', limit: stopped };
  // Nobody here killed it: the kernel was out of memory.
  if (end === 'SIGKILL') return { kind: 'stopped', limit: 'memory' };
  if (end === 0) return { kind: 'done', stdout };
  if (/^(?:fatal error|runtime): .*(?:out of memory|cannot allocate|failed to reserve)/m.test(stderr))
    return { kind: 'stopped', limit: 'memory' };
  return { kind: 'failed', stderr: withoutPlaces(stderr, run.jail) };
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

function withoutPlaces(text: string, jail: Jail): string {
  return text.replaceAll(jail.dir, '').replaceAll(/\/repo\/(?=\S)/g, '');
}

import { spawn } from 'node:child_process';
import type { PolicyFile } from '../../ports/policies';
import type { PolicyLimits } from './limits';
import { findRego, regoProgram, regoVersion } from './program';
import type { EngineAnswer, Subject } from './set';

interface Said {
  readonly findings: readonly {
    readonly file: string;
    readonly line: number;
    readonly rule: string;
    readonly severity: 'deny' | 'warn';
    readonly object?: number;
    readonly message: string;
    readonly field?: string;
  }[];
  readonly flaws: EngineAnswer['flaws'];
}

/** Beyond its own limit of time the program is killed. */
const graceMs = 5_000;
const outputBytes = 16_000_000;
const outOfMemory = 3;

export interface RegoOptions {
  /** Path of the program. */
  readonly program?: string | undefined;
  readonly limits: PolicyLimits;
}

/**
 * Asks the rules of `*.rego` files by the real OPA, in a process of its own with an empty environment: it reads the question, writes
 * the answer, and ends. No rule reaches the network, the clock or the environment. Rejects only when `signal` aborts.
 */
export async function askRego(
  files: readonly PolicyFile[],
  subject: Subject,
  { program, limits }: RegoOptions,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  const path = findRego(program);
  if (path === undefined)
    return flawed(
      `policies in Rego need the program ${regoProgram} (OPA ${regoVersion}) on the worker; give its path as BELAY_REGO`,
    );
  const question = JSON.stringify({
    modules: Object.fromEntries(files.map((each) => [each.path, each.content])),
    context: { application: subject.application, revision: subject.revision },
    objects: subject.objects,
    limitMs: limits.withinMs,
    memoryMb: limits.memoryMb,
  });
  return read(await ask(path, question, limits, signal), limits);
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it did not start, or why it was killed. */
  readonly trouble?: string;
}

function ask(path: string, question: string, limits: PolicyLimits, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [], { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
    let trouble: string | undefined;
    const stop = (why: string): void => {
      trouble ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(
      () => stop(`had not ended after ${limits.withinMs} ms`),
      limits.withinMs + graceMs,
    );
    const onAbort = (): void => stop('was called off');
    signal.addEventListener('abort', onAbort);
    const stdout = collect(child.stdout, () => stop('found more than anybody can read'));
    const stderr = collect(child.stderr, () => undefined);
    child.once('error', (error) => (trouble ??= `${path} does not run: ${error.message}`));
    child.once('close', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      else
        resolve({ code, stdout: stdout(), stderr: stderr(), ...(trouble === undefined ? {} : { trouble }) });
    });
    // It may end before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(question);
    if (signal.aborted) onAbort();
  });
}

function read({ code, stdout, stderr, trouble }: Ended, limits: PolicyLimits): EngineAnswer {
  if (trouble !== undefined) return flawed(trouble);
  if (code === outOfMemory) return memoryFlaw(stderr.trim(), limits);
  if (code !== 0) return flawed(`${regoProgram} ended with ${code ?? 'a signal'}`);
  const { findings, flaws } = JSON.parse(stdout) as Said;
  return { findings, flaws };
}

/** It says `file:line` of the rule that it was at. */
function memoryFlaw(place: string, { memoryMb }: PolicyLimits): EngineAnswer {
  const [, file, line] = /^(.+):(\d+)$/.exec(place) ?? [];
  const message = `took more than ${memoryMb} MiB of memory`;
  return file === undefined
    ? flawed(message)
    : { findings: [], flaws: [{ file, line: Number(line), message }] };
}

function flawed(message: string): EngineAnswer {
  return { findings: [], flaws: [{ message }] };
}

function collect(stream: NodeJS.ReadableStream, onMore: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > outputBytes) onMore();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

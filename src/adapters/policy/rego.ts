import type { PolicyFile } from '../../ports/policies';
import { runProgram, type Ended } from '../programs/run';
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

async function ask(
  path: string,
  input: string,
  { withinMs }: PolicyLimits,
  signal: AbortSignal,
): Promise<Ended | string> {
  const limits = { wallMs: withinMs + graceMs, outputBytes };
  try {
    return await runProgram({ command: path, args: [], env: {}, cwd: '/', input, limits, signal });
  } catch (error: unknown) {
    signal.throwIfAborted();
    return `${path} does not run: ${(error as Error).message}`;
  }
}

function read(ended: Ended | string, limits: PolicyLimits): EngineAnswer {
  if (typeof ended === 'string') return flawed(ended);
  const { end, stopped, stdout, stderr } = ended;
  if (stopped === 'time') return flawed(`had not ended after ${limits.withinMs} ms`);
  if (stopped !== undefined) return flawed('found more than anybody can read');
  if (end === outOfMemory) return memoryFlaw(stderr.trim(), limits);
  if (end !== 0) return flawed(`${regoProgram} ended with ${typeof end === 'number' ? end : 'a signal'}`);
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

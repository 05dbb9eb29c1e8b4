import type { Jq, JqAnswer, JqPath } from '../../ports/jq';
import { startThread, type JqThread } from './thread';
import { mostMemory, mostPaths, type JqReply } from './worker-source';

/** As in Argo CD: one second for an expression. */
const withinMs = 1_000;
/** On a machine that stood still, an innocent expression is late; a bad one is late again. */
const tries = 2;
/** What was late is not tried again for so long: an application with 500 objects would keep all others waiting. */
const refusedForMs = 60_000;
const remembered = 100;

export interface JqOptions {
  readonly withinMs?: number;
}

/** jq 1.8 in a thread that is ended when an expression is late, and started again for the next one. */
export function createJq(options: JqOptions = {}): Jq {
  const limit = options.withinMs ?? withinMs;
  const late = new Map<string, number>();
  let thread: Promise<JqThread> | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function evaluate(input: unknown, expression: string): Promise<JqAnswer> {
    if ((late.get(expression) ?? 0) > Date.now()) return tooLate(limit);
    // The expression ends with its line: a comment in it hides nothing of ours.
    const query = `[limit(${mostPaths + 1}; path(\n${expression}\n))]`;
    const request = { input: JSON.stringify(input), query };
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      thread ??= startThread();
      const reply = await (await thread).ask(request, limit);
      if (reply === 'late' || reply.aborted) await restart();
      if (reply !== 'late') return answerOf(reply);
    }
    if (late.size >= remembered) late.clear();
    late.set(expression, Date.now() + refusedForMs);
    return tooLate(limit);
  }

  async function restart(): Promise<void> {
    const old = thread;
    thread = undefined;
    await (await old)?.end();
  }

  return {
    paths(input, expression) {
      const answer = turn.then(() => evaluate(input, expression));
      turn = answer.catch(() => undefined);
      return answer;
    },
    close: restart,
  };
}

function answerOf({ exitCode, stdout, stderr, aborted }: JqReply): JqAnswer {
  if (aborted) return { kind: 'memory', message: `took more than ${mostMemory / 1024 / 1024} MiB of memory` };
  if (exitCode === 3) return { kind: 'syntax', message: syntaxError(stderr) };
  if (exitCode !== 0) {
    const isUnfit = /^jq: error \(at [^)]*\): Cannot (iterate over|index|use) /.test(stderr);
    return isUnfit
      ? { kind: 'unfit', message: 'expects another shape' }
      : { kind: 'failed', message: 'ended with an error, or is no path expression' };
  }
  const paths = JSON.parse(stdout) as readonly JqPath[];
  return paths.length > mostPaths
    ? { kind: 'size', message: `names more than ${mostPaths} fields` }
    : { kind: 'paths', paths };
}

/** The first line of jq's complaint, which speaks of the expression only. */
function syntaxError(stderr: string): string {
  const first = stderr.split('\n')[0] ?? '';
  const [, words = 'is not understood'] = /^jq: error: (.*?)(?: at <.*)?$/.exec(first) ?? [];
  return words.slice(0, 200);
}

function tooLate(limit: number): JqAnswer {
  return { kind: 'time', message: `took longer than ${limit / 1_000} s` };
}

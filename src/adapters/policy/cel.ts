import { Worker } from 'node:worker_threads';
import { celMatches, isAboutRevision, type CelRule } from '../../domain/checks/cel-rules';
import { celSource, type CelQuestion, type CelReply, type CelTask } from './cel-source';
import type { PolicyLimits } from './limits';
import type { EngineAnswer, Subject } from './set';

/** Asks rules in CEL, in a thread that is ended when it takes too long. Rejects only when `signal` aborts. */
export async function askCel(
  rules: readonly CelRule[],
  subject: Subject,
  limits: PolicyLimits,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  const { application, revision, objects } = subject;
  const at = new SharedArrayBuffer(4);
  const task: CelTask = {
    module: require.resolve('@marcbachmann/cel-js'),
    at,
    rules: rules.map((rule) => questionOf(rule, subject)),
    objects,
    context: { application, revision },
  };
  const reply = await ask(task, limits, signal);
  if (typeof reply !== 'string') return answerOf(rules, reply);
  const rule = rules[new Int32Array(at)[0] ?? 0];
  if (rule === undefined) return { findings: [], flaws: [{ message: reply }] };
  const { file, line, name } = rule;
  return { findings: [], flaws: [{ file, line, message: `rule ${name} ${reply}` }] };
}

function questionOf(rule: CelRule, { objects, application }: Subject): CelQuestion {
  const { expression, messageExpression } = rule;
  const words = messageExpression === undefined ? {} : { messageExpression };
  if (isAboutRevision(rule)) return { expression, ...words };
  const matching = objects.flatMap((each, index) =>
    celMatches(rule, each, application.namespace) ? [index] : [],
  );
  return { expression, ...words, objects: matching };
}

/** The reply, or in words why there is none. */
function ask(task: CelTask, limits: PolicyLimits, signal: AbortSignal): Promise<CelReply | string> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(celSource, {
      eval: true,
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 32 },
    });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      void thread.terminate();
      settle();
    };
    const timer = setTimeout(() => end(() => resolve('had not ended in time')), limits.withinMs);
    const onAbort = (): void =>
      end(() => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')));
    signal.addEventListener('abort', onAbort);
    thread.once('message', (reply: CelReply) => end(() => resolve(reply)));
    thread.once('error', (error: NodeJS.ErrnoException) =>
      end(() =>
        resolve(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? `took more than ${limits.memoryMb} MiB of memory`
            : `cannot be asked: ${error.message}`,
        ),
      ),
    );
    thread.once('exit', () => end(() => resolve('ended before its answer')));
    if (signal.aborted) onAbort();
  });
}

function answerOf(rules: readonly CelRule[], { violations, flaws }: CelReply): EngineAnswer {
  return {
    findings: violations.flatMap(({ rule: index, object, message }) => {
      const rule = rules[index];
      if (rule === undefined) return [];
      const { name, file, line, severity, expression } = rule;
      const text = message ?? rule.message ?? `does not hold: ${expression.trim()}`;
      return [
        { rule: name, file, line, severity, message: text, ...(object === undefined ? {} : { object }) },
      ];
    }),
    flaws: flaws.flatMap(({ rule: index, object, message }) => {
      const rule = rules[index];
      if (rule === undefined) return [];
      const { name, file, line } = rule;
      return [
        { file, line, message: `rule ${name} ${message}`, ...(object === undefined ? {} : { object }) },
      ];
    }),
  };
}

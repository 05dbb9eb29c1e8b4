import { GitError, simpleGit, type SimpleGit } from 'simple-git';
import { redact } from '../../domain/redact';
import { Slots } from '../programs/slots';

/** One git process. */
export interface GitCommand {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly secrets?: readonly string[] | undefined;
}

/**
 * More at once gain nothing and cost memory and file handles: hundreds of repositories may be looked at together. Waiting for a turn does
 * not count for the time that a command may take.
 */
const processes = new Slots(32);

/** How long a process that was told to stop may keep us waiting. */
const stopGrace = 500;

/** A git process that did not succeed; the text is free of secrets. */
export class GitFailure extends GitError {
  constructor(
    readonly reason: 'failed' | 'timeout',
    readonly text: string,
    readonly exitCode: number | null = null,
  ) {
    super(undefined, text);
    this.name = 'GitFailure';
  }
}

/** Runs git and gives its standard output as text. Rejects with GitFailure, or with the reason of `signal`. */
export function runGit(command: GitCommand): Promise<string> {
  return processes.run(() => run(command, (git) => git.raw([...command.args])), command.signal);
}

/** Runs `git cat-file` and gives its standard output as bytes. */
export function catFile(command: GitCommand): Promise<Buffer> {
  const read = async (git: SimpleGit): Promise<Buffer> => {
    const output: unknown = await git.binaryCatFile([...command.args]);
    return Buffer.isBuffer(output) ? output : Buffer.alloc(0);
  };
  return processes.run(() => run(command, read), command.signal);
}

async function run<T>(command: GitCommand, start: (git: SimpleGit) => Promise<T>): Promise<T> {
  const { signal, timeout, secrets = [] } = command;
  signal?.throwIfAborted();
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal?.addEventListener('abort', onAbort);
  const timer = setTimeout(onAbort, timeout);
  let grace: NodeJS.Timeout | undefined;
  const unstoppable = new Promise<never>((_, reject) => {
    stop.signal.addEventListener(
      'abort',
      () => (grace = setTimeout(reject, stopGrace, new Error('git did not stop'))),
    );
  });
  try {
    return await Promise.race([start(prepare(command, stop.signal)), unstoppable]);
  } catch (error: unknown) {
    signal?.throwIfAborted();
    if (stop.signal.aborted) {
      throw new GitFailure(
        'timeout',
        `git ${command.args[0]} took longer than ${timeout / 1000} s and was stopped`,
      );
    }
    const text = error instanceof Error ? error.message : String(error);
    throw new GitFailure(
      'failed',
      redact(text.trim(), secrets),
      error instanceof GitFailure ? error.exitCode : null,
    );
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener('abort', onAbort);
  }
}

function prepare({ cwd, env, input }: GitCommand, abort: AbortSignal): SimpleGit {
  return simpleGit({
    baseDir: cwd,
    abort,
    allowEnvironment: Object.keys(env),
    ...(input === undefined ? {} : { input: () => input }),
    // simple-git gives up on output 50 ms after the exit unless told; a busy machine would lose the end of a file.
    completion: { onClose: true, onExit: false },
    // Its own rule takes a failure with an empty stderr, or a kill, for success.
    errors: (error, { exitCode, stdErr, stdOut }) => {
      if (exitCode === 0) return error;
      const text = Buffer.concat([...stdErr, ...stdOut.slice(0, 1)])
        .toString('utf8')
        .slice(0, 20_000);
      return new GitFailure(
        'failed',
        text === '' ? `git ended with ${exitCode ?? 'a signal'}` : text,
        exitCode,
      );
    },
    // Every one of these values is written in git-env.ts or sign.ts, or run from there; none comes from a repository or a person.
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeHooksPath: true,
      allowUnsafeSshCommand: true,
      allowUnsafeTemplateDir: true,
    },
  }).env({ ...env });
}

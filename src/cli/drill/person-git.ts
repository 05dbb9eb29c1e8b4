import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { ClientError } from '../../client/client-error';

/** Runs git in one directory: the person's own program, configuration and credentials. */
export interface PersonGit {
  /** Its standard output, with nothing taken off. Fails with a `ClientError` that repeats what git complained about. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** The same, and undefined where git ends with another code than 0. */
  attempt(args: readonly string[]): Promise<string | undefined>;
}

/** Git in a directory. */
export function gitIn(cwd: string, env: NodeJS.ProcessEnv): PersonGit {
  const run = async (args: readonly string[], input = ''): Promise<string> => {
    const { code, out, complaint } = await start(args, { cwd, env, input });
    if (code === 0) return out;
    const message = `git ${args[0] ?? ''} ended with ${code ?? 'a signal'}: ${complaint.trim()}`;
    throw new ClientError('Failed', message, {
      remedy: 'drills use your own git: try the same with `git clone`, and see that you may push',
    });
  };
  const attempt = async (args: readonly string[]): Promise<string | undefined> => {
    const { code, out } = await start(args, { cwd, env, input: '' });
    return code === 0 ? out : undefined;
  };
  return { run, attempt };
}

interface Start {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input: string;
}

async function start(args: readonly string[], { cwd, env, input }: Start) {
  // A group of its own: Ctrl-C is for the drill, which still has to clean up with git.
  const child = spawn('git', args, { cwd, env: { ...env, LC_ALL: 'C' }, detached: true });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new ClientError('Failed', 'there is no git on the PATH', { remedy: 'install git' })
          : error,
      ),
    );
    child.on('close', resolve);
  });
  child.stdin.on('error', () => undefined); // it may end before it has read everything
  child.stdin.end(input);
  const [code, out, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, complaint };
}

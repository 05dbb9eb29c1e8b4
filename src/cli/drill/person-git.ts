import { ClientError } from '../../client/client-error';
import { runProgram } from './person-program';

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
    const { code, out, complaint } = await runProgram('git', args, { cwd, env, input });
    if (code === 0) return out;
    const message = `git ${args[0] ?? ''} ended with ${code ?? 'a signal'}: ${complaint.trim()}`;
    throw new ClientError('Failed', message, {
      remedy: 'drills use your own git: try the same with `git clone`, and see that you may push',
    });
  };
  const attempt = async (args: readonly string[]): Promise<string | undefined> => {
    const { code, out } = await runProgram('git', args, { cwd, env, input: '' });
    return code === 0 ? out : undefined;
  };
  return { run, attempt };
}

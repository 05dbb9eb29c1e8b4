import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { ClientError } from '../../client/client-error';

export interface ProgramStart {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input: string;
}

/** How a program ended; no code: by a signal. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

/** Runs a program of the person's to its end. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, input }: ProgramStart,
): Promise<ProgramEnd> {
  // A group of its own: Ctrl-C is for the drill, which still has to clean up with it.
  const child = spawn(program, args, { cwd, env: { ...env, LC_ALL: 'C' }, detached: true });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new ClientError('Failed', `there is no ${program} on the PATH`, { remedy: `install ${program}` })
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

import { execFile } from 'node:child_process';

const INTERRUPTIONS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** What a command that ended with code 0 printed. */
export interface Output {
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, or to this process's interruption; rejects with its last lines of output if it fails. */
export function runCommand(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const { timeoutMs = 0, env = process.env, cwd } = options;
    const limits = { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(command, args, { cwd, env, ...limits }, (error, stdout, stderr) => {
      for (const name of INTERRUPTIONS) process.removeListener(name, interrupt);
      if (!error) return resolve({ stdout, stderr });
      const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n');
      reject(
        new Error(`${command} ${args.slice(0, 3).join(' ')} failed: ${tail || error.message}`, {
          cause: error,
        }),
      );
    });
    const interrupt = (name: NodeJS.Signals) => {
      child.kill(name);
      for (const each of INTERRUPTIONS) process.removeListener(each, interrupt);
      // With nobody else to handle it the signal now does to this process what it does by default.
      if (process.listenerCount(name) === 0) process.kill(process.pid, name);
    };
    for (const name of INTERRUPTIONS) process.on(name, interrupt);
  });
}

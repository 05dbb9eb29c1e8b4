import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** The command line's entry. */
export const launcher = join(__dirname, '..', '..', 'bin', 'belay.js');

/** Runs the command line as people do, and answers its exit code and what it printed. */
export function runBelay(
  temporalAddress: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string }> {
  const env = { ...process.env, TEMPORAL_ADDRESS: temporalAddress, NO_COLOR: '1', ...more };
  return new Promise((resolve) => {
    execFile(process.execPath, [launcher, ...args], { env, timeout: 180_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out: `${stdout}${stderr}` });
    });
  });
}

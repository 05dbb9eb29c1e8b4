import { processContext } from './process-context';
import { run } from './run';

/** What is done is over so soon, whatever still holds the process: a worker that could not end all its work, for one. In milliseconds. */
const leaveWithinMs = 5_000;

/** Entry of `bin/belay.js`: runs the command line of this process, sets its exit code and sees to it that the process ends. */
export async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', leaveAtBrokenPipe);
  process.exitCode = await run(process.argv.slice(2), processContext());
  setTimeout(() => process.exit(), leaveWithinMs).unref();
}

/** `belay app list | head -1`: whoever reads has had enough. */
function leaveAtBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

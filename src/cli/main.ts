import { processContext } from './process-context';
import { run } from './run';

/** Entry of `bin/belay.js`: runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', leaveAtBrokenPipe);
  process.exitCode = await run(process.argv.slice(2), processContext());
}

/** `belay app list | head -1`: whoever reads has had enough. */
function leaveAtBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

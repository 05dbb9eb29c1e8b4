import { CommanderError } from 'commander';
import type { CliContext } from './context';
import { exitCodes } from './exit-codes';
import { errorText, exitCodeOf } from './output/error-text';
import { createProgram } from './program';

/** Runs one command line and returns the exit code; failures are said on the standard error. */
export async function run(args: readonly string[], cli: CliContext): Promise<number> {
  const program = createProgram(cli);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return cli.exitCode;
  } catch (error: unknown) {
    // Commander has said it already; help and version that were asked for are no failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    cli.stderr.write(errorText(error, cli.env));
    return exitCodeOf(error);
  }
}

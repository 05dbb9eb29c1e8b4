import { MissingPrerequisite } from './prerequisites';

/** Runs a program with this process's arguments; what a person can mend is told without a stack. */
export function runMain(main: (args: string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      const known = error instanceof MissingPrerequisite || !(error instanceof Error);
      process.stderr.write(`${known ? String(error) : (error.stack ?? error.message)}\n`);
      process.exitCode = 1;
    },
  );
}

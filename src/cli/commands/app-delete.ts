import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { printLines } from '../output/print';
import { UsageError } from '../usage-error';

interface DeleteOptions {
  readonly cascade?: boolean;
  readonly now?: boolean;
  readonly confirm?: boolean;
  readonly yes?: boolean;
  readonly reason?: string;
}

/** `belay app delete`. What happens to the objects has no default: both are surprising to somebody. */
export function addAppDelete(app: Command, cli: CliContext): void {
  app
    .command('delete <name>')
    .summary('remove an application')
    .description(
      'Removes an application from Belay, with or without its objects in the cluster. Git is not touched.',
    )
    .option('--cascade', 'delete its objects in the cluster too')
    .option('--no-cascade', 'leave its objects as they are')
    .option('--now', 'do not wait for a rollback in progress')
    .option('--confirm', 'delete objects that ask for a person to confirm it (Delete=confirm), too')
    .option('-y, --yes', 'do not ask')
    .addOption(reasonOption())
    .addHelpText(
      'after',
      examples('belay app delete web --no-cascade', 'belay app delete web --cascade --yes'),
    )
    .action(async (name: string, options: DeleteOptions) => {
      const { cascade, reason, now } = options;
      if (cascade === undefined) throw undecided(name);
      if (options.yes !== true && !(await cli.confirm(question(name, cascade)))) {
        cli.stderr.write('nothing deleted\n');
        cli.exitCode = exitCodes.failed;
        return;
      }
      const request = {
        cascade,
        ...(now === true ? { now } : {}),
        ...(options.confirm === true ? { confirmed: true } : {}),
        ...(reason === undefined ? {} : { reason }),
      };
      await withClient(cli, async (client) =>
        printLines(cli, [(await client.delete(name, request)).message]),
      );
    });
}

function question(name: string, cascade: boolean): string {
  return cascade
    ? `Delete application ${name} and all its objects in the cluster?`
    : `Delete application ${name} and leave its objects as they are?`;
}

function undecided(name: string): UsageError {
  const remedy = `belay app delete ${name} --no-cascade, or --cascade`;
  return new UsageError(`what shall happen to the objects of ${name} in the cluster?`, remedy);
}

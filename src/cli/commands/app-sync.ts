import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printLines } from '../output/print';

interface SyncOptions {
  readonly revision?: string;
  readonly prune?: boolean;
  readonly reason?: string;
}

/** `belay app sync`. */
export function addAppSync(app: Command, cli: CliContext): void {
  app
    .command('sync <name>')
    .summary('make the cluster equal to Git now')
    .description(
      'Makes the cluster equal to the tracked revision now, without waiting for the end (see `belay status --wait`).',
    )
    .option('--revision <revision>', 'another revision than the tracked one; only without automated sync')
    .option('--prune', 'delete objects that Git no longer has')
    .addOption(reasonOption())
    .addHelpText(
      'after',
      examples(
        'belay app sync web',
        'belay app sync web --prune && belay status web --wait',
        'belay app sync web --revision 3f2c1aa',
      ),
    )
    .action((name: string, options: SyncOptions) =>
      withClient(cli, async (client) => printLines(cli, [(await client.sync(name, options)).message])),
    );
}

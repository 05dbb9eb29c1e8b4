import type { Command } from 'commander';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { outputOption, print, type OutputFormat } from '../output/print';
import { viewOf } from '../output/view';
import { historyView } from '../views/history-view';

/** `belay app history`. */
export function addAppHistory(app: Command, cli: CliContext): void {
  app
    .command('history <name>')
    .summary('show past deployments')
    .description(
      'Shows the deployments of an application, newest first; `belay undo --to` takes a revision from here; the last line says which one `belay undo` would take.',
    )
    .addOption(outputOption(['json', 'yaml', 'name']))
    .addHelpText('after', examples('belay app history web', 'belay app history web -o name'))
    .action((name: string, { output }: { readonly output?: OutputFormat }) =>
      withClient(cli, async (client) => {
        const status = await client.applicationStatus(name);
        const { history } = status.state;
        const lines = () => historyView(status, viewOf(cli));
        print(cli, { data: history, names: history.map((entry) => entry.revision), lines }, output);
      }),
    );
}

import type { Command } from 'commander';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { outputOption, print, type OutputFormat } from '../output/print';
import { viewOf } from '../output/view';
import { applicationListView } from '../views/application-list-view';

/** `belay app list`. */
export function addAppList(app: Command, cli: CliContext): void {
  app
    .command('list')
    .alias('ls')
    .summary('show all applications')
    .description('Shows all applications, one a line; those that do not answer are Unknown.')
    .addOption(outputOption())
    .addHelpText(
      'after',
      examples(
        'belay app list',
        'belay app list -o wide',
        'belay app list -o json | jq -r ".[] | select(.status.held) | .name"',
      ),
    )
    .action(({ output }: { readonly output?: OutputFormat }) =>
      withClient(cli, async (client) => {
        const listed = await client.listApplications();
        const names = listed.map(({ name }) => `app/${name}`);
        print(
          cli,
          { data: listed, names, lines: (wide) => applicationListView(listed, viewOf(cli), wide) },
          output,
        );
      }),
    );
}

import type { Command } from 'commander';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { outputOption, print, type OutputFormat } from '../output/print';
import { viewOf } from '../output/view';
import { releaseListView } from '../views/release-list-view';

/** `belay release list`. */
export function addReleaseList(release: Command, cli: CliContext): void {
  release
    .command('list')
    .alias('ls')
    .summary('show all releases')
    .description('Shows all releases, one a line: the one under way of each name, or else the last one.')
    .addOption(outputOption(['json', 'yaml', 'name']))
    .addHelpText('after', examples('belay release list', 'belay release list -o name'))
    .action(({ output }: { readonly output?: OutputFormat }) =>
      withClient(cli, async (client) => {
        const listed = await client.releases.list();
        const names = listed.map(({ name }) => `release/${name}`);
        print(cli, { data: listed, names, lines: () => releaseListView(listed, viewOf(cli)) }, output);
      }),
    );
}

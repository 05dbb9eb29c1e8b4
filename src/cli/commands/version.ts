import type { Command } from 'commander';
import type { CliContext } from '../context';
import { examples } from '../arguments';
import { belayVersion } from '../belay-version';
import { outputOption, print, type OutputFormat } from '../output/print';

/** `belay version`. */
export function addVersion(program: Command, cli: CliContext): void {
  program
    .command('version')
    .summary('show the version')
    .addOption(outputOption(['json', 'yaml']))
    .addHelpText('after', examples('belay version', 'belay version -o json'))
    .action(({ output }: { readonly output?: OutputFormat }) => {
      const data = { belay: belayVersion(), node: process.version };
      print(cli, { data, names: [], lines: () => [`belay ${data.belay} (Node ${data.node})`] }, output);
    });
}

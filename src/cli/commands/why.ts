import type { Command } from 'commander';
import { explain } from '../../domain/explain';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { currentRollouts } from '../current-rollouts';
import { printLines } from '../output/print';
import { oneLine } from '../output/table';

/** `belay why`. */
export function addWhy(program: Command, cli: CliContext): void {
  program
    .command('why <name>')
    .summary('explain what happens, and what to do')
    .description(
      'Explains in a paragraph what happened to an application, why, since when, and what to do next.',
    )
    .addHelpText('after', examples('belay why web'))
    .action((name: string) =>
      withClient(cli, async (client) => {
        const status = await client.applicationStatus(name);
        const rollouts = await currentRollouts(client, status);
        const now = cli.now();
        const paragraphs =
          rollouts.length === 0
            ? [explain(status, undefined, now)]
            : rollouts.map((rollout) => explain(status, rollout, now));
        printLines(cli, [...new Set(paragraphs.map(oneLine))]);
      }),
    );
}

import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printAnswer } from '../output/print-answer';

interface PromoteOptions {
  readonly full?: boolean;
  readonly reason?: string;
}

/** `belay promote`. */
export function addPromote(program: Command, cli: CliContext): void {
  program
    .command('promote <name>')
    .summary('go on from a pause step')
    .description(
      'Ends the pause step that the rollout is at; with --full all remaining steps are skipped, pods are still waited for.',
    )
    .option('--full', 'skip all remaining steps')
    .addOption(reasonOption())
    .addHelpText('after', examples('belay promote web', 'belay promote web --full'))
    .action((name: string, { full, ...why }: PromoteOptions) =>
      withClient(cli, async (client) =>
        printAnswer(cli, await (full === true ? client.promoteFull(name, why) : client.promote(name, why))),
      ),
    );
}

import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printAnswer } from '../output/print-answer';

/** `belay resume`. */
export function addResume(program: Command, cli: CliContext): void {
  program
    .command('resume <name>')
    .summary('let a paused rollout go on')
    .description('Ends a pause that a person made; a pause step of the strategy is ended by `belay promote`.')
    .addOption(reasonOption())
    .addHelpText('after', examples('belay resume web'))
    .action((name: string, why: { readonly reason?: string }) =>
      withClient(cli, async (client) => printAnswer(cli, await client.resume(name, why))),
    );
}

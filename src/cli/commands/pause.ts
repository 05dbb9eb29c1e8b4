import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printAnswer } from '../output/print-answer';

/** `belay pause`. */
export function addPause(program: Command, cli: CliContext): void {
  program
    .command('pause <name>')
    .summary('hold a rollout where it is')
    .description(
      'Holds the rollout in progress before its next step. With no worker alive the request is recorded.',
    )
    .addOption(reasonOption())
    .addHelpText(
      'after',
      examples(
        'belay pause web',
        'belay pause web --reason "looking at the error rate"',
        'belay pause shop/api',
      ),
    )
    .action((name: string, why: { readonly reason?: string }) =>
      withClient(cli, async (client) => printAnswer(cli, await client.pause(name, why))),
    );
}

import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printAnswer } from '../output/print-answer';

/** `belay abort`. */
export function addAbort(program: Command, cli: CliContext): void {
  program
    .command('abort <name>')
    .summary('stop a rollout and go back')
    .description(
      'Stops the rollout in progress: traffic goes back to the good version first, then Git. With no worker alive the request is recorded.',
    )
    .addOption(reasonOption())
    .addHelpText('after', examples('belay abort web', 'belay abort web --reason "checkout is slow"'))
    .action((name: string, why: { readonly reason?: string }) =>
      withClient(cli, async (client) => printAnswer(cli, await client.abort(name, why))),
    );
}

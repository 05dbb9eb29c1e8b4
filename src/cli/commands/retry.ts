import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printAnswer } from '../output/print-answer';

/** `belay retry`. */
export function addRetry(program: Command, cli: CliContext): void {
  program
    .command('retry <name>')
    .summary('try a failed version once more')
    .description(
      'Lifts the quarantine of the version that failed last and tries it once more; where Git was reverted, the revert is reverted in your name.',
    )
    .addOption(reasonOption())
    .addHelpText('after', examples('belay retry web', 'belay retry web --reason "the registry was down"'))
    .action((name: string, why: { readonly reason?: string }) =>
      withClient(cli, async (client) => printAnswer(cli, await client.retry(name, why))),
    );
}

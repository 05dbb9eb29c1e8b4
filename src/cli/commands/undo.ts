import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printAnswer } from '../output/print-answer';

interface UndoOptions {
  readonly toRevision?: string;
  readonly reason?: string;
}

/** `belay undo`. */
export function addUndo(program: Command, cli: CliContext): void {
  program
    .command('undo <name>')
    .summary('go back to an earlier revision')
    .description('Goes back to the good revision before the current one, in the cluster and in Git.')
    .option('--to-revision <revision>', 'a revision of `belay app history`')
    .addOption(reasonOption())
    .addHelpText('after', examples('belay undo web', 'belay undo web --to-revision 3f2c1aa'))
    .action((name: string, options: UndoOptions) =>
      withClient(cli, async (client) => printAnswer(cli, await client.undo(name, options))),
    );
}

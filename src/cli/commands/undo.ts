import { Option, type Command } from 'commander';
import type { BelayClient } from '../../client/belay-client';
import { examples, reasonOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { outputOption, print, type OutputFormat } from '../output/print';
import { printAnswer } from '../output/print-answer';
import { plainStyle } from '../output/style';
import { viewOf } from '../output/view';
import { UsageError } from '../usage-error';
import { undoView } from '../views/undo-view';

interface UndoOptions {
  readonly to?: string;
  readonly toRevision?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly output?: OutputFormat;
  readonly color: boolean;
}

/** `belay undo`. */
export function addUndo(program: Command, cli: CliContext): void {
  program
    .command('undo <name>')
    .summary('go back to an earlier revision')
    .description(
      'Goes back to the good revision before the current one, in the cluster and in Git; where the application is held with a failed ' +
        'revision in Git, to the good one. With --dry-run only shows what would be written to Git.',
    )
    .option('--to <revision>', 'a revision of `belay app history`, or its beginning')
    .addOption(new Option('--to-revision <revision>', 'the same as --to').hideHelp())
    .option('--dry-run', 'show the branches, paths and files that would be written, and change nothing')
    .option('--no-color', 'no colours on a terminal')
    .addOption(outputOption(['text', 'json', 'yaml', 'name']))
    .addOption(reasonOption())
    .addHelpText(
      'after',
      examples('belay undo web', 'belay undo web --to 3f2c1aa --dry-run', 'belay undo web --to 3f2c1aa'),
    )
    .action((name: string, { to, toRevision = to, ...options }: UndoOptions) => {
      const { dryRun = false, output, reason } = options;
      if (!dryRun && output !== undefined)
        throw new UsageError('-o shows what a dry run has found', 'add --dry-run, or leave -o out');
      return withClient(cli, async (client) => {
        if (dryRun) return preview(cli, client, { name, toRevision, ...options });
        const asked = {
          ...(toRevision === undefined ? {} : { toRevision }),
          ...(reason === undefined ? {} : { reason }),
        };
        printAnswer(cli, await client.undo(name, asked));
      });
    });
}

interface Previewed extends Pick<UndoOptions, 'output' | 'color'> {
  readonly name: string;
  readonly toRevision: string | undefined;
}

async function preview(
  cli: CliContext,
  client: BelayClient,
  { name, toRevision, output, color }: Previewed,
): Promise<void> {
  const found = await client.previewUndo(name, toRevision);
  const seen = viewOf(cli);
  const view = color ? seen : { ...seen, style: plainStyle };
  const names = found.restores.flatMap(({ changes }) => changes.map(({ path }) => path));
  print(cli, { data: found, names, lines: () => undoView(name, found, view) }, output);
}

import type { Command } from 'commander';
import type { ApplicationDiff } from '../../domain/diff/application-diff';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { outputOption, print, type OutputFormat } from '../output/print';
import { plainStyle, styleFor } from '../output/style';
import { diffView } from '../views/diff-view';

interface DiffOptions {
  readonly revision?: string;
  readonly output?: OutputFormat;
  readonly exitCode?: boolean;
  readonly color: boolean;
}

/** `belay app diff`. */
export function addAppDiff(app: Command, cli: CliContext): void {
  app
    .command('diff <name>')
    .summary('show what differs from Git, field by field')
    .description(
      'Compares the objects in the cluster with a revision and shows what a sync to it would change. Nothing is changed. ' +
        'Values of Secrets are never shown; ignoreDifferences count.',
    )
    .option('--revision <revision>', 'a commit, branch or tag; default: the good revision')
    .option('--exit-code', 'end with 1 if anything differs, as git diff does')
    .option('--no-color', 'no colours on a terminal')
    .addOption(outputOption(['text', 'json', 'yaml', 'name']))
    .addHelpText(
      'after',
      examples(
        'belay app diff web',
        'belay app diff web --revision main',
        'belay app diff web --exit-code -o name',
      ),
    )
    .action((name: string, { revision, output, exitCode, color }: DiffOptions) =>
      withClient(cli, async (client) => {
        const diff = await client.diffApplication(name, revision);
        const style = color ? styleFor(cli) : plainStyle;
        const names = diff.objects.map(({ object }) => object);
        print(cli, { data: diff, names, lines: () => diffView(name, diff, style) }, output);
        if (diff.problems.length > 0 || (exitCode === true && differs(diff))) cli.exitCode = exitCodes.failed;
      }),
    );
}

function differs({ objects, moreObjects = 0 }: ApplicationDiff): boolean {
  return objects.length > 0 || moreObjects > 0;
}

import type { Command } from 'commander';
import { examples, timeoutOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { outputOption, print, type OutputFormat } from '../output/print';
import { styleFor } from '../output/style';
import { statusLine } from '../views/status-line';
import { codeOf, judge, waitForApplication } from '../wait-for-application';

interface StatusOptions {
  readonly wait?: boolean;
  readonly revision?: string;
  readonly timeout: number;
  readonly output?: OutputFormat;
}

/** `belay status`. */
export function addStatus(program: Command, cli: CliContext): void {
  program
    .command('status <name>')
    .summary('one line, and an exit code for scripts')
    .description(
      'Says how an application stands. Ends with 0, with 1 if it is degraded or held, and with 3 if --wait timed out.',
    )
    .option('--wait', 'wait until it is healthy (0) or has failed (1)')
    .option('--revision <sha>', 'judge the arrival of this commit: a rollback from it counts as failed')
    .addOption(timeoutOption())
    .addOption(outputOption(['json', 'yaml', 'name']))
    .addHelpText(
      'after',
      examples(
        'belay status web',
        'belay status web --wait --timeout 5m',
        'belay status web --wait --revision "$(git rev-parse HEAD)"',
      ),
    )
    .action((name: string, options: StatusOptions) =>
      withClient(cli, async (client) => {
        const { revision, output, timeout } = options;
        if (options.wait === true) {
          const wanted = { name, timeoutMs: timeout, ...(revision === undefined ? {} : { revision }) };
          cli.exitCode = await waitForApplication(cli, client, wanted);
          return;
        }
        const status = await client.applicationStatus(name);
        print(
          cli,
          {
            data: status,
            names: [`app/${name}`],
            lines: () => [`${name}: ${statusLine(status, styleFor(cli))}`],
          },
          output,
        );
        cli.exitCode = codeOf(judge(status, revision));
      }),
    );
}

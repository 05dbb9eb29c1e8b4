import type { Command } from 'commander';
import type { BelayClient } from '../../client/belay-client';
import type { ApplicationStatus } from '../../domain/application-status';
import { examples, watchOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { linesOf, outputOption, print, type OutputFormat } from '../output/print';
import { liveView, viewOf, type View } from '../output/view';
import { watch } from '../output/watch';
import { applicationView } from '../views/application-view';

interface GetOptions {
  readonly output?: OutputFormat;
  readonly watch?: boolean;
}

/** `belay app get`. */
export function addAppGet(app: Command, cli: CliContext): void {
  app
    .command('get <name>')
    .summary('show one application')
    .description(
      'Shows one application: what is asked, how it stands, what is wrong, and its last deployments.',
    )
    .addOption(outputOption())
    .addOption(watchOption())
    .addHelpText(
      'after',
      examples(
        'belay app get web',
        'belay app get web -w',
        'belay app get web -o json | jq -r .state.synced',
      ),
    )
    .action((name: string, options: GetOptions) =>
      withClient(cli, async (client) => {
        if (options.watch === true) cli.exitCode = await watchApplication(cli, client, { name, ...options });
        else print(cli, shown(await client.applicationStatus(name), viewOf(cli)), options.output);
      }),
    );
}

function watchApplication(
  cli: CliContext,
  client: BelayClient,
  { name, output }: GetOptions & { readonly name: string },
): Promise<number> {
  return watch(cli, async () => {
    const status = await client.applicationStatus(name);
    return { lines: linesOf(shown(status, liveView(cli)), output) };
  });
}

function shown(status: ApplicationStatus, view: View) {
  const names = [`app/${status.spec.name}`];
  return { data: status, names, lines: (wide: boolean) => applicationView(status, view, wide) };
}

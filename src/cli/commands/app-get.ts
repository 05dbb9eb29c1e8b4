import type { Command } from 'commander';
import type { BelayClient } from '../../client/belay-client';
import { examples, watchOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { currentRollouts } from '../current-rollouts';
import { linesOf, outputOption, print, type OutputFormat, type Shown } from '../output/print';
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
        else print(cli, await look(client, { name, ...options }, viewOf(cli)), options.output);
      }),
    );
}

interface Wanted extends GetOptions {
  readonly name: string;
}

function watchApplication(cli: CliContext, client: BelayClient, wanted: Wanted): Promise<number> {
  return watch(cli, async () => ({
    lines: linesOf(await look(client, wanted, liveView(cli)), wanted.output),
  }));
}

/** The application, and for people its rollouts in progress as well. */
async function look(client: BelayClient, { name, output }: Wanted, view: View): Promise<Shown> {
  const status = await client.applicationStatus(name);
  const isForPeople = output === undefined || output === 'wide';
  const rollouts = isForPeople ? await currentRollouts(client, status) : [];
  const lines = (wide: boolean) => applicationView(status, view, { wide, rollouts });
  return { data: status, names: [`app/${status.spec.name}`], lines };
}

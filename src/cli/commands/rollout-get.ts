import type { Command } from 'commander';
import type { BelayClient } from '../../client/belay-client';
import type { RolloutStatus } from '../../domain/rollout-status';
import { examples, watchOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { linesOf, outputOption, print, type OutputFormat } from '../output/print';
import { liveView, viewOf, type View } from '../output/view';
import { watch } from '../output/watch';
import { rolloutView } from '../views/rollout-view';

interface GetOptions {
  readonly output?: OutputFormat;
  readonly watch?: boolean;
}

/** `belay rollout get`. */
export function addRolloutGet(rollout: Command, cli: CliContext): void {
  rollout
    .command('get <name>')
    .summary('show a rollout and its steps')
    .description(
      'Shows the rollout in progress of an application, or its last one. NAME is an application, application/workload, or a workflow id.',
    )
    .addOption(outputOption())
    .addOption(watchOption())
    .addHelpText(
      'after',
      examples('belay rollout get web', 'belay rollout get web -w', 'belay rollout get shop/api -o json'),
    )
    .action((name: string, options: GetOptions) =>
      withClient(cli, async (client) => {
        if (options.watch === true) cli.exitCode = await watchRollout(cli, client, { name, ...options });
        else print(cli, shown(await client.rolloutStatus(name), viewOf(cli)), options.output);
      }),
    );
}

/** Ends with the rollout: 0 when it was promoted, else 1. */
function watchRollout(
  cli: CliContext,
  client: BelayClient,
  { name, output }: GetOptions & { readonly name: string },
): Promise<number> {
  return watch(cli, async () => {
    const status = await client.rolloutStatus(name);
    const lines = linesOf(shown(status, liveView(cli)), output);
    if (status.endedAt === undefined) return { lines };
    return { lines, exitCode: status.outcome?.kind === 'promoted' ? exitCodes.done : exitCodes.failed };
  });
}

function shown(status: RolloutStatus, view: View) {
  const { cluster, namespace, kind, name } = status.spec;
  const names = [`rollout/${cluster}/${namespace}/${kind.toLowerCase()}/${name}`];
  return { data: status, names, lines: (wide: boolean) => rolloutView(status, view, wide) };
}

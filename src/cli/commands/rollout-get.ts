import { Option, type Command } from 'commander';
import type { BelayClient } from '../../client/belay-client';
import { ClientError } from '../../client/client-error';
import type { RolloutStatus } from '../../domain/rollout-status';
import { examples, watchOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { linesOf, outputOption, print, printLines, type OutputFormat } from '../output/print';
import { liveView, viewOf, type View } from '../output/view';
import { watch } from '../output/watch';
import { evidenceSvg, evidenceView } from '../views/evidence-view';
import { rolloutView } from '../views/rollout-view';

/** Fits a terminal of 80 columns. */
const plotWidth = 78;

interface GetOptions {
  readonly output?: OutputFormat;
  readonly watch?: boolean;
  /** The evidence of sequential metrics: `true` for the terminal. */
  readonly plot?: boolean | 'text' | 'svg';
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
    .addOption(
      new Option('--plot [form]', 'evidence of sequential metrics over time, for the terminal or as an image')
        .choices(['text', 'svg'])
        .conflicts('output'),
    )
    .addHelpText(
      'after',
      examples(
        ...['belay rollout get web', 'belay rollout get web -w', 'belay rollout get shop/api -o json'],
        ...['belay rollout get web --plot', 'belay rollout get web --plot=svg > evidence.svg'],
      ),
    )
    .action((name: string, options: GetOptions) =>
      withClient(cli, async (client) => {
        if (options.plot === 'svg') printLines(cli, [svgOf(await client.rolloutStatus(name), name)]);
        else if (options.watch === true) cli.exitCode = await watchRollout(cli, client, { name, ...options });
        else print(cli, shown(await client.rolloutStatus(name), viewOf(cli), options.plot), options.output);
      }),
    );
}

/** Ends with the rollout: 0 when it was promoted, else 1. */
function watchRollout(
  cli: CliContext,
  client: BelayClient,
  { name, output, plot }: GetOptions & { readonly name: string },
): Promise<number> {
  return watch(cli, async () => {
    const status = await client.rolloutStatus(name);
    const lines = linesOf(shown(status, liveView(cli), plot), output);
    if (status.endedAt === undefined) return { lines };
    return { lines, exitCode: status.outcome?.kind === 'promoted' ? exitCodes.done : exitCodes.failed };
  });
}

function svgOf(status: RolloutStatus, name: string): string {
  const svg = evidenceSvg(status);
  if (svg !== undefined) return svg;
  const remedy = 'see its analyses by `belay rollout get`, and docs/analysis.md for sequential metrics';
  throw new ClientError('Failed', `no sequential metric has looked at the rollout of ${name}`, { remedy });
}

function shown(status: RolloutStatus, view: View, plot: GetOptions['plot'] = false) {
  const { cluster, namespace, kind, name } = status.spec;
  const names = [`rollout/${cluster}/${namespace}/${kind.toLowerCase()}/${name}`];
  return {
    data: status,
    names,
    lines: (wide: boolean) => [
      ...rolloutView(status, view, wide),
      ...(plot === false ? [] : evidenceView(status, view, plotWidth)),
    ],
  };
}

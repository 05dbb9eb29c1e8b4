import type { Command } from 'commander';
import { examples, reasonOption } from '../arguments';
import { readResourceSelector } from '../../domain/sync/selective';
import { withClient, type CliContext } from '../context';
import { printLines } from '../output/print';
import { UsageError } from '../usage-error';

interface SyncOptions {
  readonly revision?: string;
  readonly prune?: boolean;
  readonly confirmPrune?: boolean;
  readonly resource?: readonly string[];
  readonly reason?: string;
}

/** `belay app sync`. */
export function addAppSync(app: Command, cli: CliContext): void {
  app
    .command('sync <name>')
    .summary('make the cluster equal to Git now')
    .description(
      'Makes the cluster equal to the tracked revision now, without waiting for the end (see `belay status --wait`).',
    )
    .option('--revision <revision>', 'another revision than the tracked one; only without automated sync')
    .option('--prune', 'delete objects that Git no longer has')
    .option('--confirm-prune', 'delete objects that ask for a person to confirm it (Prune=confirm), too')
    .option(
      '--resource <group:Kind:namespace/name...>',
      'only these objects; ! leaves one out; hooks do not run, and it is no entry of the history',
    )
    .addOption(reasonOption())
    .addHelpText(
      'after',
      examples(
        'belay app sync web',
        'belay app sync web --prune && belay status web --wait',
        'belay app sync web --revision 3f2c1aa',
        'belay app sync web --resource apps:Deployment:web --resource :ConfigMap:web-*',
      ),
    )
    .action(async (name: string, { resource, confirmPrune, ...options }: SyncOptions) => {
      checkResources(resource ?? []);
      const request = {
        ...options,
        ...(confirmPrune === true ? { confirmPrune, prune: true } : {}),
        ...(resource === undefined ? {} : { resources: resource }),
      };
      await withClient(cli, async (client) => printLines(cli, [(await client.sync(name, request)).message]));
    });
}

/** One that cannot be read would silently name nothing. */
function checkResources(texts: readonly string[]): void {
  for (const text of texts) {
    const read = readResourceSelector(text);
    const [problem] = read.ok ? [] : read.problems;
    if (problem !== undefined)
      throw new UsageError(problem.message, problem.remedy ?? 'such as apps:Deployment:web');
  }
}

import type { Command } from 'commander';
import type { BelayClient } from '../../client/belay-client';
import { examples, listOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { loadEmergency } from '../lazy';
import { failureText } from '../output/error-text';
import { printLines } from '../output/print';
import type { FoundApplication } from '../recover-options';
import { UsageError } from '../usage-error';
import { recoveredLines } from '../views/recovered-view';

interface RecoverOptions {
  readonly all?: boolean;
  readonly context?: readonly string[];
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly dryRun?: boolean;
}

/** `belay app recover`. */
export function addAppRecover(app: Command, cli: CliContext): void {
  app
    .command('recover [names...]')
    .summary("start applications anew from what their clusters know, when Temporal's database is lost")
    .description(
      'Reads the mirrors (ConfigMaps `belay-<name>`) of the clusters that are named, and starts the applications that Temporal does not have; those that run are left alone.',
    )
    .option('--all', 'every application that has a mirror there')
    .option('--context <name>', 'context of the kubeconfig, as often as there are clusters', listOption)
    .option('--kubeconfig <file>', 'kubeconfig file; default: KUBECONFIG or ~/.kube/config')
    .option('-n, --namespace <namespace>', 'only mirrors of this namespace')
    .option('--dry-run', 'show what was found, and start nothing')
    .addHelpText(
      'after',
      examples(
        'belay app recover --all --context prod --dry-run',
        'belay app recover --all --context prod --context staging',
        'belay app recover web --context prod',
      ),
    )
    .action(async (names: readonly string[], options: RecoverOptions) => {
      const found = await find(names, options);
      const missing = names.filter((name) => found.every((each) => each.name !== name));
      for (const name of missing) say(cli, { name, message: 'no mirror of it was found there' });
      if (found.length === 0 && missing.length === 0) printLines(cli, ['no mirror was found']);
      if (found.length > 0)
        await withClient(cli, (client) =>
          recoverAll(cli, client, { found, dryRun: options.dryRun === true }),
        );
    });
}

function find(
  names: readonly string[],
  { all = false, context = [], kubeconfig, namespace }: RecoverOptions,
): Promise<readonly FoundApplication[]> {
  if (context.length === 0)
    throw new UsageError('no cluster is named', 'add --context with a context of your kubeconfig');
  if (all === names.length > 0)
    throw new UsageError('say which applications: their names, or --all', 'add --all to take every one');
  return loadEmergency().findApplications({
    contexts: context,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(all ? {} : { names }),
  });
}

/** One that cannot be recovered stops no other. */
async function recoverAll(
  cli: CliContext,
  client: BelayClient,
  { found, dryRun }: { readonly found: readonly FoundApplication[]; readonly dryRun: boolean },
): Promise<void> {
  for (const each of found) {
    if (each.kind === 'broken') {
      say(cli, each);
      continue;
    }
    try {
      const { spec, state } = each;
      const isMissing = await client.recoverApplication({ spec, state }, { dryRun });
      printLines(cli, recoveredLines(each, { isMissing, dryRun }));
    } catch (error: unknown) {
      say(cli, { name: each.name, message: error instanceof Error ? error.message : String(error) });
    }
  }
}

function say(
  cli: CliContext,
  { name, message, remedy }: { readonly name: string; readonly message: string; readonly remedy?: string },
): void {
  cli.stderr.write(failureText(`${name}: ${message}`, remedy));
  cli.exitCode = exitCodes.failed;
}

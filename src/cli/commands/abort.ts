import type { Command } from 'commander';
import { examples, reasonOption, timeoutOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { loadEmergency, loadPerson } from '../lazy';
import { failureText } from '../output/error-text';
import { printLines } from '../output/print';
import { printAnswer } from '../output/print-answer';
import { UsageError } from '../usage-error';

interface AbortOptions {
  readonly reason?: string;
  readonly breakGlass?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly timeout: number;
}

/** `belay abort`. */
export function addAbort(program: Command, cli: CliContext): void {
  program
    .command('abort <name>')
    .summary('stop a rollout and go back')
    .description(
      'Stops the rollout in progress: traffic goes back to the good version first, then Git. With no worker alive the request is recorded.',
    )
    .addOption(reasonOption())
    .option('--break-glass', 'without Temporal and a worker: go back in the cluster alone, and leave Git')
    .option('--context <name>', 'with --break-glass: context of the kubeconfig')
    .option('--kubeconfig <file>', 'with --break-glass: default KUBECONFIG or ~/.kube/config')
    .option('-n, --namespace <namespace>', "with --break-glass: where the application's mirror is")
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      examples(
        'belay abort web',
        'belay abort web --reason "checkout is slow"',
        'belay abort web --break-glass --context prod',
      ),
    )
    .action((name: string, options: AbortOptions) => {
      if (options.breakGlass === true) return breakGlass(cli, name, options);
      refuseClusterOptions(options);
      const { reason } = options;
      const why = reason === undefined ? {} : { reason };
      return withClient(cli, async (client) => printAnswer(cli, await client.abort(name, why)));
    });
}

function refuseClusterOptions({ context, kubeconfig, namespace }: AbortOptions): void {
  if ([context, kubeconfig, namespace].some((each) => each !== undefined))
    throw new UsageError(
      '--context, --kubeconfig and --namespace are for --break-glass',
      'add --break-glass to go back without Temporal',
    );
}

async function breakGlass(cli: CliContext, application: string, options: AbortOptions): Promise<void> {
  const { context, kubeconfig, namespace, reason, timeout } = options;
  if (context === undefined)
    throw new UsageError(
      'no cluster is named',
      'add --context: nothing is written to a cluster that was not named',
    );
  const ended = await loadEmergency().breakGlass({
    application,
    context,
    by: loadPerson().thisPerson(),
    timeoutMs: timeout,
    say: (line) => printLines(cli, [line]),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(reason === undefined ? {} : { reason }),
  });
  if (ended.length === 0) fail(cli, `${application} has no rollout in progress: stable has all traffic`);
  for (const { workload, kind, message = '' } of ended)
    if (kind !== 'back')
      fail(cli, `${workload}: ${message}`, kind === 'timedOut' ? exitCodes.timedOut : exitCodes.failed);
  if (ended.length > 0 && cli.exitCode === exitCodes.done)
    printLines(cli, [
      `${application} is aborted. Git still has the version: push a fix, or \`belay retry ${application}\` when Belay is back`,
    ]);
}

function fail(cli: CliContext, message: string, code: number = exitCodes.failed): void {
  cli.stderr.write(failureText(message));
  cli.exitCode = Math.max(cli.exitCode, code);
}

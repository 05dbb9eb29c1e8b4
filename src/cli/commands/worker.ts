import { Option, type Command } from 'commander';
import { examples, portArgument } from '../arguments';
import { loadWorker } from '../lazy';
import { logLevels, type WorkerOptions } from '../worker-options';

/** `belay worker`. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .summary('run the workflows and deliver to a cluster')
    .description(
      'Runs Belay: workflows, Git and one cluster. Temporal is found as by all commands (TEMPORAL_ADDRESS, profiles).',
    )
    .option(
      '--context <name>',
      "context of the kubeconfig; default: the current one, or the pod's own cluster",
    )
    .option('--kubeconfig <file>', 'kubeconfig file; default: KUBECONFIG or ~/.kube/config')
    .option('--data-dir <directory>', 'where mirrors of repositories are kept')
    .addOption(new Option('--health-port <port>', 'serve /healthz and /readyz here').argParser(portArgument))
    .addOption(new Option('--log-level <level>', 'how much to log').choices(logLevels).default('info'))
    .addHelpText(
      'after',
      examples(
        'belay worker --context staging',
        'TEMPORAL_ADDRESS=temporal:7233 belay worker --health-port 8080',
      ),
    )
    .action((options: WorkerOptions) => loadWorker().runWorker(options));
}

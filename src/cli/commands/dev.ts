import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { durationArgument, examples } from '../arguments';
import { loadWorker } from '../lazy';
import { logLevels, type DevOptions } from '../worker-options';

type Parsed = Omit<DevOptions, 'pollMs'> & { readonly poll: number };

/** `belay dev`. */
export function addDev(program: Command): void {
  program
    .command('dev')
    .summary('start everything on this machine')
    .description(
      'Starts a Temporal server, a local cluster (unless --context names one) and a worker, until Ctrl-C. Other commands below the directory find them by themselves.',
    )
    .option('--dir <directory>', 'where .belay/ is kept', '.')
    .addOption(
      new Option('--poll <duration>', 'how often Git is looked at')
        .default(2_000, '2s')
        .argParser(durationArgument),
    )
    .option('--context <name>', 'use this cluster of the kubeconfig instead of a local one')
    .option('--kubeconfig <file>', 'kubeconfig file of --context')
    .addOption(new Option('--log-level <level>', 'how much to log').choices(logLevels).default('info'))
    .addHelpText('after', examples('belay dev', 'belay dev --context kind-kind --poll 5s'))
    .action(({ poll, dir, ...options }: Parsed) =>
      loadWorker().runDev({ ...options, dir: resolve(dir), pollMs: poll }),
    );
}

import { Option, type Command } from 'commander';
import { examples, payloadKeysOption, portArgument } from '../arguments';
import { loadServer } from '../lazy';
import type { ReceiverOptions } from '../receiver-options';

/** `belay receiver`. */
export function addReceiver(program: Command): void {
  program
    .command('receiver')
    .summary('receive webhooks, so that a push is seen at once')
    .description(
      'Receives webhooks of forges and registries at /webhook and has the repository looked at. Needs Temporal and the secrets, nothing else.',
    )
    .addOption(new Option('--port <port>', 'listen here').argParser(portArgument).default(8090))
    .option('--host <address>', 'listen at this address only')
    .requiredOption(
      '--webhook-secrets <file>',
      'JSON file that names variables and files with the secrets of webhooks',
    )
    .addOption(payloadKeysOption())
    .option('--trust-proxy', 'a proxy in front writes X-Forwarded-For')
    .addHelpText('after', examples('belay receiver --port 8090 --webhook-secrets webhooks.json'))
    .action((options: ReceiverOptions) => loadServer().runReceiver(options));
}

import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples, payloadKeysOption, portArgument } from '../arguments';
import type { CodecServerOptions } from '../codec-options';
import type { CliContext } from '../context';
import { loadCodecServer, loadNewKey } from '../lazy';

/** `belay codec`. */
export function addCodec(program: Command, cli: CliContext): void {
  const codec = program.command('codec').description('keys for what Temporal keeps, and reading it again');
  codec
    .command('new-key')
    .summary('make a key for the file of payload keys')
    .description('Prints a line with a new key. The first line of the file encrypts; all of them decrypt.')
    .addHelpText('after', examples('(umask 077; belay codec new-key > payload-keys)'))
    .action(() => void cli.stdout.write(`${loadNewKey().newKeyLine(new Date(cli.now()))}\n`));
  codec
    .command('serve')
    .summary("let Temporal's UI and CLI read encrypted payloads")
    .description(
      'Serves /encode and /decode as codec servers of Temporal do. Needs the keys, nothing else: no Temporal, no cluster.',
    )
    .addOption(new Option('--port <port>', 'listen here').argParser(portArgument).default(8234))
    .option('--host <address>', 'listen at this address; others than loopback need --token-file', '127.0.0.1')
    .addOption(
      new Option('--origin <origin>', 'origin of a UI that may ask, as often as there are UIs').argParser(
        originArgument,
      ),
    )
    .option('--token-file <file>', 'file with the bearer token that has to be shown')
    .addOption(payloadKeysOption())
    .addHelpText(
      'after',
      examples(
        'belay codec serve --payload-keys payload-keys --origin http://localhost:8233',
        'temporal workflow show -w app/web --codec-endpoint http://127.0.0.1:8234',
      ),
    )
    .action((options: CodecServerOptions) => loadCodecServer().runCodecServer(options));
}

/** `http://localhost:8233`, as a browser sends it. */
function originArgument(text: string, before: readonly string[] = []): readonly string[] {
  const isOrigin = URL.canParse(text) && new URL(text).origin === text;
  if (isOrigin) return [...before, text];
  throw new InvalidArgumentError('write scheme, host and port alone, such as http://localhost:8233');
}

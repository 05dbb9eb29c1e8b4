import type { Command } from 'commander';
import type { BelayClient } from '../../client/belay-client';
import type { ApplicationSpec } from '../../domain/application-spec';
import { examples, timeoutOption } from '../arguments';
import { findChildren } from '../children';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { loadManifests } from '../lazy';
import { printLines } from '../output/print';
import { tellProblems } from '../output/tell-problems';
import { waitForApplication } from '../wait-for-application';

interface CreateOptions {
  readonly filename: string;
  readonly children?: boolean;
  readonly wait?: boolean;
  readonly timeout: number;
}

/** `belay app create`. */
export function addAppCreate(app: Command, cli: CliContext): void {
  app
    .command('create')
    .summary('add applications, or change their specification')
    .description(
      'Adds the applications of a file (Argo CD `Application`s); those that are there already get the new specification.',
    )
    .requiredOption('-f, --filename <file>', 'file with one or more applications; - is the standard input')
    .option(
      '--children',
      'the file holds parents (an app of apps): add the applications in their paths, as releases of the parents’ names',
    )
    .option('--wait', 'wait until each is healthy (exit code 0) or has failed (1)')
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      examples(
        'belay app create -f app.yaml',
        'belay app create -f app.yaml --wait --timeout 5m',
        'belay app create -f parent.yaml --children',
        'kubectl get application web -n argocd -o yaml | belay app create -f -',
      ),
    )
    .action(async (options: CreateOptions) => {
      const specs = await readSpecs(cli, options.filename);
      if (specs === undefined) cli.exitCode = exitCodes.failed;
      else
        await withClient(cli, async (client) => {
          const found = options.children === true ? await findChildren(cli, client, specs) : specs;
          if (found === undefined) cli.exitCode = exitCodes.failed;
          else await createAll(cli, client, { specs: found, options });
        });
    });
}

async function readSpecs(cli: CliContext, file: string): Promise<readonly ApplicationSpec[] | undefined> {
  const text = await cli.readText(file);
  const read = loadManifests().readApplicationFile(text, file === '-' ? 'stdin' : file);
  if (read.ok) return read.value;
  tellProblems(cli, read.problems);
  return undefined;
}

async function createAll(
  cli: CliContext,
  client: BelayClient,
  { specs, options }: { readonly specs: readonly ApplicationSpec[]; readonly options: CreateOptions },
): Promise<void> {
  for (const spec of specs) printLines(cli, [(await client.createApplication(spec)).message]);
  if (options.wait !== true) return;
  for (const { name } of specs) {
    const code = await waitForApplication(cli, client, { name, timeoutMs: options.timeout });
    cli.exitCode = Math.max(cli.exitCode, code);
  }
}

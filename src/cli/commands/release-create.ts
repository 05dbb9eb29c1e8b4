import type { Command } from 'commander';
import type { ReleaseSpec } from '../../domain/release/spec';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { loadReleases } from '../lazy';
import { tellProblems } from '../output/tell-problems';
import { printLines } from '../output/print';

/** `belay release create`. */
export function addReleaseCreate(release: Command, cli: CliContext): void {
  release
    .command('create')
    .summary('declare releases by a file, or change them')
    .description(
      'Declares the releases of a file (kind: Release, belay.dev/v1alpha1); those that are there already get the new members and options. ' +
        'Annotations on Applications declare a release as well, without a file.',
    )
    .requiredOption('-f, --filename <file>', 'file with one or more releases; - is the standard input')
    .addHelpText('after', examples('belay release create -f release.yaml'))
    .action(async ({ filename }: { readonly filename: string }) => {
      const specs = await readSpecs(cli, filename);
      if (specs === undefined) {
        cli.exitCode = exitCodes.failed;
        return;
      }
      await withClient(cli, async ({ releases }) => {
        for (const spec of specs) printLines(cli, [(await releases.declare(spec)).message]);
      });
    });
}

async function readSpecs(cli: CliContext, file: string): Promise<readonly ReleaseSpec[] | undefined> {
  const text = await cli.readText(file);
  const read = loadReleases().readReleaseFile(text, file === '-' ? 'stdin' : file);
  if (read.ok) return read.value;
  tellProblems(cli, read.problems);
  return undefined;
}

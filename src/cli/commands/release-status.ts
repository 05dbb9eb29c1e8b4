import type { Command } from 'commander';
import { examples, timeoutOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printLines } from '../output/print';
import { styleFor } from '../output/style';
import { codeOfRelease, judgeName, releaseLine, waitForRelease } from '../wait-for-release';

interface StatusOptions {
  readonly wait?: boolean;
  readonly revision?: string;
  readonly timeout: number;
}

/** `belay release status`. */
export function addReleaseStatus(release: Command, cli: CliContext): void {
  release
    .command('status <name>')
    .summary('one line, and an exit code for scripts')
    .description(
      'Says how the release under way stands, or the last one. Ends with 0, with 1 if it went back, is held or cannot be released, and with ' +
        '3 if --wait timed out.',
    )
    .option('--wait', 'wait until it is good (0) or has gone back (1)')
    .option('--revision <sha>', 'judge the release that brings out this commit, of any member')
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      examples(
        'belay release status shop',
        'belay release status shop --wait --revision "$(git rev-parse HEAD)"',
      ),
    )
    .action((name: string, { wait, revision, timeout }: StatusOptions) =>
      withClient(cli, async ({ releases }) => {
        const wanted = revision === undefined ? {} : { revision };
        if (wait === true) {
          cli.exitCode = await waitForRelease(cli, releases, { name, timeoutMs: timeout, ...wanted });
          return;
        }
        const status = await releases.status(name);
        printLines(cli, [releaseLine(status, styleFor(cli))]);
        cli.exitCode = codeOfRelease(judgeName(status, wanted));
      }),
    );
}

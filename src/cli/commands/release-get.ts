import type { Command } from 'commander';
import type { ReleaseStatus } from '../../client';
import { examples, watchOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { linesOf, outputOption, print, type OutputFormat, type Shown } from '../output/print';
import { liveView, viewOf, type View } from '../output/view';
import { watch } from '../output/watch';
import { releaseView } from '../views/release-view';
import { codeOfRelease, judgeRelease } from '../wait-for-release';

interface GetOptions {
  readonly output?: OutputFormat;
  readonly watch?: boolean;
}

/** `belay release get`. */
export function addReleaseGet(release: Command, cli: CliContext): void {
  release
    .command('get <name>')
    .summary('show a release and its members')
    .description(
      'Shows the release under way of this name, or the last one: its members as a tree with how far each is and what it waits for, what ' +
        'was done about a failure, what waits for its end, and the releases before. NAME/7 shows the seventh. With -w it ends with the ' +
        'release: 0 when it is good, else 1.',
    )
    .addOption(outputOption())
    .addOption(watchOption())
    .addHelpText(
      'after',
      examples(
        ...['belay release get shop', 'belay release get shop -w', 'belay release get shop/7 -o wide'],
        'belay release get shop -o json | jq -r ".release.members[] | select(.stage == \\"failed\\") | .application"',
      ),
    )
    .action((name: string, { output, watch: isWatched }: GetOptions) =>
      withClient(cli, async (client) => {
        const { releases } = client;
        if (isWatched !== true) {
          print(cli, shown(await releases.status(name), viewOf(cli)), output);
          return;
        }
        cli.exitCode = await watch(cli, async () => {
          const status = await releases.status(name);
          const lines = linesOf(shown(status, liveView(cli)), output);
          if (status.release?.endedAt === undefined) return { lines };
          return { lines, exitCode: codeOfRelease(judgeRelease(status.release)) };
        });
      }),
    );
}

function shown(status: ReleaseStatus, view: View): Shown {
  const names = [status.release?.id ?? `release/${status.name}`];
  return { data: status, names, lines: (wide) => releaseView(status, view, wide) };
}

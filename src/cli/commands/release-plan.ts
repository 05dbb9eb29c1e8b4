import type { Command } from 'commander';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { outputOption, print, type OutputFormat } from '../output/print';
import { styleFor } from '../output/style';
import { releasePlanView } from '../views/release-plan-view';

interface PlanOptions {
  readonly objects?: boolean;
  readonly output?: OutputFormat;
}

/** `belay release plan`. */
export function addReleasePlan(release: Command, cli: CliContext): void {
  release
    .command('plan <name>')
    .summary('show what a release would do, and change nothing')
    .description(
      'Shows which members would come out now, in which order, from which revision to which, and what goes back if one of them fails. Ends ' +
        'with 1 when it cannot be released, or when a member would be refused.',
    )
    .option(
      '--objects',
      'compare the objects of each member with the cluster, and check them as before a sync',
    )
    .addOption(outputOption(['text', 'json', 'yaml', 'name']))
    .addHelpText('after', examples('belay release plan shop', 'belay release plan shop --objects'))
    .action((name: string, { objects = false, output }: PlanOptions) =>
      withClient(cli, async ({ releases }) => {
        const planned = await releases.plan(name, { objects });
        const names = planned.members.map(({ application }) => `app/${application}`);
        print(cli, { data: planned, names, lines: () => releasePlanView(planned, styleFor(cli)) }, output);
        const isRefused = planned.members.some(({ check }) => (check?.problems ?? []).length > 0);
        if (planned.problems.length > 0 || isRefused) cli.exitCode = exitCodes.failed;
      }),
    );
}

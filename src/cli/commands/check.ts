import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { outputOption, print, type OutputFormat } from '../output/print';
import { styleFor } from '../output/style';
import { UsageError } from '../usage-error';
import { checkView } from '../views/check-view';

interface CheckCommandOptions {
  readonly revision?: string;
  readonly pullRequest?: number;
  readonly fork?: boolean;
  readonly status?: boolean;
  readonly output?: OutputFormat;
}

/** `belay check`. */
export function addCheck(program: Command, cli: CliContext): void {
  program
    .command('check <name>')
    .summary('check a revision of an application without deploying it')
    .description(
      'Renders a revision and checks what a sync would check before its first write: the limits of its project, policies, a ' +
        'dry run on the API server, and the check Jobs of the revision. Nothing of the application is changed. ' +
        'Ends with 1 when the revision would be refused.',
    )
    .option('--revision <revision>', 'a commit, branch or tag')
    .addOption(
      new Option(
        '--pull-request <number>',
        'the head of this pull request, where no revision is given',
      ).argParser(numberOf),
    )
    .option('--fork', 'the pull request comes from a fork: its check Jobs are not run')
    .option('--status', 'set the commit status `belay/<name>` on the forge')
    .addOption(outputOption(['text', 'json', 'yaml']))
    .addHelpText(
      'after',
      examples(
        'belay check web --revision feature/login',
        'belay check web --revision "$COMMIT" --status',
        'belay check web --pull-request 17 --fork -o json',
      ),
    )
    .action((name: string, options: CheckCommandOptions) => {
      const { fork = false, status = false, output } = options;
      const names = namesOf(options);
      return withClient(cli, async (client) => {
        const result = await client.checkApplication(name, { names, jobs: !fork, status });
        print(cli, { data: result, names: [], lines: () => checkView(name, result, styleFor(cli)) }, output);
        if (result.problems.length > 0) cli.exitCode = exitCodes.failed;
      });
    });
}

function numberOf(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a pull request.');
}

/** Where GitHub, Gitea and Forgejo, GitLab, and Bitbucket Server keep the heads of pull requests; Bitbucket Cloud keeps none. */
function namesOf({ revision, pullRequest }: CheckCommandOptions): readonly string[] {
  if (revision !== undefined) return [revision];
  if (pullRequest === undefined)
    throw new UsageError('nothing to check', 'give --revision or --pull-request');
  return [
    `refs/pull/${pullRequest}/head`,
    `refs/merge-requests/${pullRequest}/head`,
    `refs/pull-requests/${pullRequest}/from`,
  ];
}

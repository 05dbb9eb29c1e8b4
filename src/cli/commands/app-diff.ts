import type { Command } from 'commander';
import type { ApplicationStatus } from '../../domain/application-status';
import { shortRevision } from '../../domain/explain-time';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { outputOption, print, type OutputFormat } from '../output/print';

interface DiffOptions {
  readonly output?: OutputFormat;
  readonly exitCode?: boolean;
}

/** `belay app diff`. */
export function addAppDiff(app: Command, cli: CliContext): void {
  app
    .command('diff <name>')
    .summary('show what differs from Git')
    .description('Shows the objects in the cluster that differ from Git and are not healed.')
    .option('--exit-code', 'end with 1 if anything differs, as git diff does')
    .addOption(outputOption(['json', 'yaml', 'name']))
    .addHelpText('after', examples('belay app diff web', 'belay app diff web --exit-code -o name'))
    .action((name: string, { output, exitCode }: DiffOptions) =>
      withClient(cli, async (client) => {
        const status = await client.applicationStatus(name);
        const { drift, head, synced } = status.state;
        const data = { sync: status.sync, head, synced, drift };
        print(cli, { data, names: drift, lines: () => diffLines(status) }, output);
        if (exitCode === true && (drift.length > 0 || status.sync === 'OutOfSync'))
          cli.exitCode = exitCodes.failed;
      }),
    );
}

function diffLines({ spec, state, sync }: ApplicationStatus): string[] {
  const { head, synced, drift } = state;
  const behind = head !== undefined && synced !== undefined && head !== synced && sync === 'OutOfSync';
  const lines = [
    ...(behind ? [`Git is at ${shortRevision(head)}, the cluster at ${shortRevision(synced)}`] : []),
    ...drift.map((object) => `~ ${object}`),
  ];
  if (lines.length > 0) return lines;
  return [
    sync === 'Unknown'
      ? `${spec.name} has not been compared with Git yet`
      : `${spec.name} does not differ from Git`,
  ];
}

import type { Command } from 'commander';
import type { BelayClient } from '../../client/belay-client';
import { ClientError } from '../../client/client-error';
import { explain } from '../../domain/explain';
import type { RolloutStatus } from '../../domain/rollout-status';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printLines } from '../output/print';
import { oneLine } from '../output/table';

/** `belay why`. */
export function addWhy(program: Command, cli: CliContext): void {
  program
    .command('why <name>')
    .summary('explain what happens, and what to do')
    .description(
      'Explains in a paragraph what happened to an application, why, since when, and what to do next.',
    )
    .addHelpText('after', examples('belay why web'))
    .action((name: string) =>
      withClient(cli, async (client) => {
        const status = await client.applicationStatus(name);
        const rollouts = await Promise.all(status.rollouts.map((id) => rolloutOrNothing(client, id)));
        const now = cli.now();
        const paragraphs =
          rollouts.length === 0
            ? [explain(status, undefined, now)]
            : rollouts.map((rollout) => explain(status, rollout, now));
        printLines(cli, [...new Set(paragraphs.map(oneLine))]);
      }),
    );
}

/** A rollout that ended just now, or does not answer, does not keep the application from explaining itself. */
async function rolloutOrNothing(client: BelayClient, id: string): Promise<RolloutStatus | undefined> {
  try {
    return await client.rolloutStatus(id);
  } catch (error: unknown) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

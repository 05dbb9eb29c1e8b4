import type { ClientError } from '../../src/client/client-error';
import type { BelayClient } from '../../src/client/belay-client';
import type { CliContext } from '../../src/cli/context';
import { run } from '../../src/cli/run';
import { now } from '../client/fixtures/statuses';

/** What a command line did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process with a client of which only some methods are there. */
export async function runCli(
  line: string | readonly string[],
  client: Partial<BelayClient> = {},
  changes: Partial<CliContext> = {},
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const cli: CliContext = {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    env: {},
    now: () => now,
    connect: async () => ({ close: async () => {}, ...client }) as BelayClient,
    readText: async () => '',
    confirm: async () => false,
    onInterrupt: () => () => {},
    exitCode: 0,
    ...changes,
  };
  const code = await run(
    typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line,
    cli,
  );
  return { code, out: out.join(''), err: err.join('') };
}

/** A client method that fails. */
export function failing(error: ClientError): () => Promise<never> {
  return () => Promise.reject(error);
}

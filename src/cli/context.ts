import type { BelayClient } from '../client/belay-client';

/** A stream to write on, and what is known of its reader. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Everything a command touches besides its arguments; tests give their own. */
export interface CliContext {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  readonly connect: () => Promise<BelayClient>;
  /** The text of a file; `-` is the standard input. */
  readonly readText: (path: string) => Promise<string>;
  /** Asks a person; false as well when nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Calls `stop` at Ctrl-C until the returned function is called. */
  readonly onInterrupt: (stop: () => void) => () => void;
  /** What the process ends with. */
  exitCode: number;
}

/** Gives `work` a client that is closed afterwards. */
export async function withClient<T>(cli: CliContext, work: (client: BelayClient) => Promise<T>): Promise<T> {
  const client = await cli.connect();
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

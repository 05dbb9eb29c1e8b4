import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { openDataConverter, payloadKeysFile } from '../adapters/codec';
import { createBelayClient, type BelayClient } from './belay-client';
import { ClientError } from './client-error';
import { findEndpoint, type Endpoint } from './endpoint';
import { unreachable } from './failures';
import { thisPerson } from './this-person';

/** What `connectBelay` may be told; everything has a default. */
export interface ConnectOptions {
  /** Where the configuration is looked for: variables and, for `.belay/dev.json`, the directory. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Who asks; default `user@host` of this process. */
  readonly requestedBy?: string;
  /** How long a worker may take to answer; default 5 s. */
  readonly answerWithinMs?: number;
  /** How long the server may take to be there; default 5 s, 2 s for this machine. */
  readonly connectWithinMs?: number;
}

/** Opens a connection to the Temporal service that the environment names (see `findEndpoint`). Close it after use. */
export async function connectBelay(options: ConnectOptions = {}): Promise<BelayClient> {
  const endpoint = findEndpoint(options.env ?? process.env, options.cwd ?? process.cwd());
  const dataConverter = converterOf(options);
  const connection = await open(endpoint, options.connectWithinMs ?? patience(endpoint));
  const temporal = new Client({ connection, namespace: endpoint.namespace, dataConverter });
  const session = {
    connection,
    temporal,
    address: endpoint.address,
    answerWithinMs: options.answerWithinMs ?? 5_000,
    requestedBy: options.requestedBy ?? thisPerson(),
  };
  return createBelayClient(session, endpoint);
}

function converterOf({ env = process.env }: ConnectOptions): DataConverter {
  try {
    return openDataConverter(payloadKeysFile(undefined, env), {
      say: (line) => void process.stderr.write(`${line}\n`),
    });
  } catch (error: unknown) {
    throw new ClientError('InvalidConfig', (error as Error).message, { cause: error });
  }
}

async function open({ address, security }: Endpoint, connectTimeout: number): Promise<Connection> {
  try {
    return await Connection.connect({ address, ...security, connectTimeout });
  } catch (error: unknown) {
    throw unreachable(address, error);
  }
}

function patience({ address }: Endpoint): number {
  return /^(localhost|127\.|\[::1\])/.test(address) ? 2_000 : 5_000;
}

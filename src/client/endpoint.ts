import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ClientError } from './client-error';
import { findDevFile } from './dev-file';

/** A Temporal service and how to talk to it. */
export interface Endpoint {
  readonly address: string;
  readonly namespace: string;
  /** Address of Temporal's web UI, where it is known. */
  readonly uiUrl?: string;
  /** Who named the address, for messages. */
  readonly source: 'configuration' | '.belay/dev.json' | 'default';
  readonly security: Pick<ConnectionOptions, 'apiKey' | 'tls' | 'metadata'>;
}

const defaultAddress = 'localhost:7233';
const defaultNamespace = 'default';

/**
 * Finds the Temporal service: the variables and profile files that the `temporal` program reads too, else what `belay dev` wrote
 * at `cwd` or above, else localhost.
 */
export function findEndpoint(env: NodeJS.ProcessEnv, cwd: string): Endpoint {
  const configured = loadConfig(env);
  if (configured.address !== undefined) {
    const namespace = configured.namespace ?? defaultNamespace;
    return { address: configured.address, namespace, source: 'configuration', security: configured.security };
  }
  const dev = findDevFile(cwd);
  return {
    address: dev?.address ?? defaultAddress,
    namespace: configured.namespace ?? dev?.namespace ?? defaultNamespace,
    ...(dev?.uiUrl === undefined ? {} : { uiUrl: dev.uiUrl }),
    source: dev === undefined ? 'default' : '.belay/dev.json',
    security: configured.security,
  };
}

function loadConfig(env: NodeJS.ProcessEnv) {
  const variables = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(variables),
    });
    const { address, apiKey, tls, metadata } = connectionOptions;
    const security = {
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(tls === undefined || tls === null ? {} : { tls }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    return { address, namespace, security };
  } catch (error: unknown) {
    const why = error instanceof Error ? error.message : String(error);
    const remedy = 'check the TEMPORAL_* variables and the profile file: `temporal config list`';
    throw new ClientError('InvalidConfig', `the Temporal configuration cannot be read: ${why}`, {
      remedy,
      cause: error,
    });
  }
}

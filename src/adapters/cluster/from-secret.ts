import { KubeConfig } from '@kubernetes/client-node';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterSecret } from '../../domain/cluster-secret';
import { rememberSecrets } from '../../ports/known-secrets';
import type { Cluster } from '../../ports/cluster';
import { clusterBehind } from './connect';
import type { Connection } from './connection';

/** A cluster whose credentials come from a Secret and may change while it is used. They are kept in memory only. */
export interface SecretConnection {
  readonly connect: () => Promise<Cluster>;
  /** The Secret as it is now: what is asked from here on goes with it. */
  update(secret: ClusterSecret): void;
}

/** How often a refused credential makes us read the Secret again, at most. */
const renewEveryMs = 2_000;

/** `reread` gives the Secret as it is now, or undefined when it is gone or unreadable. */
export function connectionFromSecret(
  first: ClusterSecret,
  reread: () => Promise<ClusterSecret | undefined>,
): SecretConnection {
  let secret = first;
  let config = configOf(first);
  let lastRenewal = -Infinity;
  let renewing: Promise<boolean> | undefined;

  function update(now: ClusterSecret): boolean {
    if (isDeepStrictEqual(now, secret)) return false;
    secret = now;
    config = configOf(now);
    return true;
  }

  async function renew(): Promise<boolean> {
    if (performance.now() - lastRenewal < renewEveryMs) return false;
    const before = config;
    const now = await reread().catch(() => undefined);
    lastRenewal = performance.now();
    if (now !== undefined) update(now);
    return config !== before;
  }

  const connection: Connection = {
    config: () => config,
    // Many calls are refused at once; one of them asks.
    renew: () => (renewing ??= renew().finally(() => (renewing = undefined))),
  };
  return {
    connect: () => clusterBehind(connection, `the Secret of cluster ${secret.name}`),
    update: (now) => void update(now),
  };
}

function configOf({ name, server, credentials }: ClusterSecret): KubeConfig {
  const { insecure, caData, serverName, proxyUrl, bearerToken, username, password, certData, keyData } =
    credentials;
  rememberSecrets(bearerToken, password);
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name,
        server,
        skipTLSVerify: insecure,
        ...(caData === undefined ? {} : { caData }),
        ...(serverName === undefined ? {} : { tlsServerName: serverName }),
        ...(proxyUrl === undefined ? {} : { proxyUrl }),
      },
    ],
    users: [
      {
        name,
        ...(bearerToken === undefined ? {} : { token: bearerToken }),
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
        ...(certData === undefined ? {} : { certData }),
        ...(keyData === undefined ? {} : { keyData }),
      },
    ],
    contexts: [{ name, cluster: name, user: name }],
    currentContext: name,
  });
  return config;
}

import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection, type NativeConnectionOptions, Runtime } from '@temporalio/worker';
import { openDataConverter, payloadKeysFile } from '../adapters/codec';
import type { WorkerOptions } from '../cli/worker-options';
import { findEndpoint } from '../client/endpoint';
import { PortError } from '../ports/port-error';
import type { Clusters } from './clusters';
import { serveHealth } from './health';
import { safeLogger } from './log';
import { openPorts } from './ports';
import { listRepositorySecrets } from './repository-access';
import { createSharedWorkers } from './run-workers';
import { say } from './say';
import { ensureSearchAttributes } from './search-attributes';
import { serveWebhooks } from './webhooks';
import { announced, serveClusters } from './serve-clusters';
import { keepHeapSmall } from './small-heap';
import { startWatchdog } from './watchdog';
import { WorkerGroup } from './worker-group';

const stallMs = 15_000;
const connectWithinMs = 60_000;
const defaultPollMs = 10_000;

/** Runs a worker for its clusters until SIGINT or SIGTERM. Throws when Temporal, or its only cluster, cannot be reached at the start. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const inPod = process.env['KUBERNETES_SERVICE_HOST'] !== undefined;
  const contexts = options.context ?? (inPod ? ['in-cluster'] : []);
  if (contexts.length === 0) {
    const message =
      'no cluster was named; say which one with --context NAME (Belay writes to no cluster that you did not name)';
    throw new PortError(message, { code: 'InvalidSpec', retry: 'never' });
  }
  const endpoint = findEndpoint(process.env, process.cwd());
  const dataConverter = openDataConverter(payloadKeysFile(options.payloadKeys, process.env), {
    say,
    // A worker that can read nothing would fail every task that it takes from others.
    onEncrypted: ({ message }) => {
      say(`error: ${message}`);
      process.exit(1);
    },
  });
  keepHeapSmall();
  installRuntime(options.logLevel);
  const connection = await connectNative(endpoint);
  const plain = await Connection.connect({ address: endpoint.address, ...endpoint.security });
  try {
    await serve({ options, contexts, endpoint, connection, plain, dataConverter });
  } finally {
    await plain.close();
    await connection.close();
  }
}

interface Service {
  readonly options: WorkerOptions;
  readonly contexts: readonly string[];
  readonly endpoint: ReturnType<typeof findEndpoint>;
  readonly connection: NativeConnection;
  readonly plain: Connection;
  readonly dataConverter: DataConverter;
}

async function serve(service: Service): Promise<void> {
  const { options, contexts, endpoint, connection, plain, dataConverter } = service;
  const { address, namespace } = endpoint;
  const { kubeconfig, clusterSecrets, repositorySecrets, argocdNamespace = 'argocd', healthPort } = options;
  const client = new Client({ connection: plain, namespace, dataConverter });
  await ensureSearchAttributes(plain, namespace);
  const group = new WorkerGroup();
  const over = new AbortController();
  const { version } = options;
  const run = { connection, namespace, dataConverter, ...(version === undefined ? {} : { version }) };
  const secrets = async () => {
    const own = clusters?.served()[0]?.cluster;
    return own === undefined ? [] : listRepositorySecrets(own, argocdNamespace);
  };
  const ports = {
    ...openPorts(client, {
      ...options,
      pollMs: options.pollMs ?? defaultPollMs,
      ...(repositorySecrets === true ? { secrets } : {}),
    }),
    served: () => clusters?.served().map(announced) ?? [],
  };
  let clusters: Awaited<ReturnType<typeof serveClusters>> | undefined;
  const webhooks = await serveWebhooks(client, options);
  try {
    const found = {
      contexts,
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
      ...(clusterSecrets === true ? { secretsIn: argocdNamespace } : {}),
    };
    clusters = await serveClusters({ options: found, run, ports, group, signal: over.signal });
    for (const each of await createSharedWorkers(run, ports)) group.add(each);
    await untilEnded({ group, clusters, healthPort, address });
  } finally {
    over.abort();
    await webhooks?.close();
    group.stop();
    await group.ended().finally(() => clusters?.served().forEach(({ cluster }) => cluster.close()));
  }
}

interface Running {
  readonly group: WorkerGroup;
  readonly clusters: Clusters;
  readonly healthPort: number | undefined;
  readonly address: string;
}

async function untilEnded({ group, clusters, healthPort, address }: Running): Promise<void> {
  const stopHealth = healthPort === undefined ? undefined : serveHealth(healthPort, group, clusters);
  const stopWatchdog = startWatchdog(stallMs, (stalled) => {
    say(`stood still for ${Math.round(stalled / 1000)} s; others have taken over, so this worker exits`);
    process.exit(1);
  });
  const served = clusters.served().map(({ cluster }) => `cluster ${cluster.id} (${cluster.server})`);
  say(`worker ready: ${served.join(', ') || 'no cluster yet'}, Temporal ${address}`);
  try {
    await group.ended();
  } finally {
    stopWatchdog();
    await stopHealth?.();
  }
}

function installRuntime(logLevel: WorkerOptions['logLevel']): void {
  const level = { error: 'ERROR', warn: 'WARN', info: 'INFO', debug: 'DEBUG' } as const;
  Runtime.install({
    logger: safeLogger(level[logLevel]),
    telemetryOptions: {
      logging: { filter: { core: logLevel === 'debug' ? 'INFO' : 'ERROR', other: 'ERROR' }, forward: {} },
    },
  });
}

/** The SDK does not retry its first connection: a worker may start before its server. */
async function connectNative({
  address,
  security,
}: ReturnType<typeof findEndpoint>): Promise<NativeConnection> {
  const giveUp = Date.now() + connectWithinMs;
  for (;;) {
    try {
      return await NativeConnection.connect({ address, ...nativeSecurity(security) });
    } catch (error: unknown) {
      if (Date.now() > giveUp) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/** The same settings in the form that the native connection takes: its API key is a plain string. */
function nativeSecurity({
  apiKey,
  tls,
  metadata,
}: ReturnType<typeof findEndpoint>['security']): NativeConnectionOptions {
  return {
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
    ...(tls === undefined || tls === null ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: metadata }),
  };
}

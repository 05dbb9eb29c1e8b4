import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, type NativeConnectionOptions, Runtime } from '@temporalio/worker';
import type { WorkerOptions } from '../cli/worker-options';
import { findEndpoint } from '../client/endpoint';
import { PortError } from '../ports/port-error';
import { serveHealth } from './health';
import { connectPorts } from './ports';
import { createWorkers, runTogether } from './run-workers';
import { ensureSearchAttributes } from './search-attributes';
import { startWatchdog } from './watchdog';

const stallMs = 15_000;
const connectWithinMs = 60_000;
const defaultPollMs = 10_000;

/** Runs a worker for one cluster until SIGINT or SIGTERM. Throws when Temporal or the cluster cannot be reached at the start. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const context =
    options.context ?? (process.env['KUBERNETES_SERVICE_HOST'] === undefined ? undefined : 'in-cluster');
  if (context === undefined) {
    const message =
      'no cluster was named; say which one with --context NAME (Belay writes to no cluster that you did not name)';
    throw new PortError(message, { code: 'InvalidSpec', retry: 'never' });
  }
  const endpoint = findEndpoint(process.env, process.cwd());
  installRuntime(options.logLevel);
  const connection = await connectNative(endpoint);
  const plain = await Connection.connect({ address: endpoint.address, ...endpoint.security });
  try {
    await serve({ options, context, endpoint, connection, plain });
  } finally {
    await plain.close();
    await connection.close();
  }
}

interface Service {
  readonly options: WorkerOptions;
  readonly context: string;
  readonly endpoint: ReturnType<typeof findEndpoint>;
  readonly connection: NativeConnection;
  readonly plain: Connection;
}

async function serve({ options, context, endpoint, connection, plain }: Service): Promise<void> {
  const { address, namespace } = endpoint;
  const client = new Client({ connection: plain, namespace });
  await ensureSearchAttributes(plain, namespace);
  const ports = await connectPorts(client, { ...options, context, pollMs: options.pollMs ?? defaultPollMs });
  const workers = await createWorkers({ connection, namespace, ports });
  const stopHealth = options.healthPort === undefined ? undefined : serveHealth(options.healthPort, workers);
  const stopWatchdog = startWatchdog(stallMs, (stalled) => {
    process.stderr.write(
      `stood still for ${Math.round(stalled / 1000)} s; others have taken over, so this worker exits\n`,
    );
    process.exit(1);
  });
  process.stderr.write(
    `worker ready: cluster ${ports.cluster.id} (${ports.cluster.server}), Temporal ${address}\n`,
  );
  try {
    await runTogether(workers);
  } finally {
    stopWatchdog();
    ports.cluster.close();
    await stopHealth?.();
  }
}

function installRuntime(logLevel: WorkerOptions['logLevel']): void {
  const level = { error: 'ERROR', warn: 'WARN', info: 'INFO', debug: 'DEBUG' } as const;
  Runtime.install({
    logger: new DefaultLogger(level[logLevel]),
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

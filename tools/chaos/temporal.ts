import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { randomUUID } from 'node:crypto';
import { listProcesses } from '../local/processes';
import { startTemporal } from '../local/temporal-server';

/** The Temporal service of a run: a local development server, or a real one that somebody runs. */
export interface ChaosTemporal {
  readonly address: string;
  readonly namespace: string;
  /** What a client or worker of it needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Kills it with SIGKILL and starts it again on its file and port; undefined where it is not ours to kill. */
  readonly killAndRestart?: () => Promise<void>;
  stop(): Promise<void>;
}

export async function useTemporal(dir: string, isReal: boolean): Promise<ChaosTemporal> {
  return isReal ? useReal(process.env['TEMPORAL_ADDRESS'] ?? '') : startOwn(dir);
}

async function startOwn(dir: string): Promise<ChaosTemporal> {
  let server = await startTemporal({ dir });
  const { address } = server;
  const port = Number(address.split(':').at(-1));
  return {
    address,
    namespace: 'default',
    env: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' },
    killAndRestart: async () => {
      const own = (await listProcesses(dir)).filter(({ name }) => name === 'temporal');
      for (const { pid } of own) process.kill(pid, 'SIGKILL');
      server = await startTemporal({ dir, port });
    },
    stop: () => server.stop(),
  };
}

/** How long the service keeps what is told here. */
const retention = '1 day';

async function useReal(address: string): Promise<ChaosTemporal> {
  const namespace = `belay-chaos-${randomUUID().slice(0, 8)}`;
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs(retention),
  });
  await connection.close();
  const env = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  return { address, namespace, env, stop: () => Promise.resolve() };
}

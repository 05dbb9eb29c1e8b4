import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from '../../tools/local/cluster';
import { startTemporal } from '../../tools/local/temporal-server';
import type { DevOptions } from '../cli/worker-options';
import { say } from './say';
import { runWorker } from './worker';

/** The context that the local cluster's kubeconfig has. */
const localContext = 'belay-local';

/** Everything on one machine: a Temporal server with its UI, a local cluster unless one is named, and a worker, until Ctrl-C. */
export async function runDev(options: DevOptions): Promise<void> {
  const home = join(options.dir, '.belay');
  mkdirSync(home, { recursive: true });
  const named = process.env['TEMPORAL_ADDRESS'];
  const temporal =
    named === undefined ? await startTemporal({ dir: join(home, 'temporal'), ui: true }) : undefined;
  const cluster =
    options.context === undefined ? await startCluster({ dir: join(home, 'cluster'), log: say }) : undefined;
  const address = temporal?.address ?? named ?? '';
  const devFile = join(home, 'dev.json');
  writeFileSync(
    devFile,
    JSON.stringify({ address, ...(temporal?.uiUrl === undefined ? {} : { uiUrl: temporal.uiUrl }) }),
  );
  process.env['TEMPORAL_ADDRESS'] = address;
  say(`Temporal ${address}${temporal?.uiUrl === undefined ? '' : `, UI ${temporal.uiUrl}`}`);
  if (cluster !== undefined) say(`cluster ${cluster.server}, export KUBECONFIG=${cluster.kubeconfig}`);
  try {
    const kubeconfig = cluster?.kubeconfig ?? options.kubeconfig;
    await runWorker({
      context: [options.context ?? localContext],
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      dataDir: home,
      pollMs: options.pollMs,
      logLevel: options.logLevel,
    });
  } finally {
    rmSync(devFile, { force: true });
    await cluster?.stop();
    await temporal?.stop();
  }
}

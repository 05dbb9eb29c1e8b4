import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { callApi } from './api';
import { startApiServer, startControllers } from './control-plane';
import { ensureControlPlane, ensureKwok } from './go-tools';
import { guardName, startGuard, stopGuard } from './guard';
import { addNodes, areNodesReady, startKwok } from './nodes';
import { ensurePki, writeKubeconfig, type Credentials } from './pki';
import { withFreePorts } from './ports';
import { stopProcesses } from './processes';
import { waitUntil } from './wait';

/** How to start a local cluster. */
export interface ClusterOptions {
  /** Where its data, logs, process ids and kubeconfig go; what is there already is used again. */
  dir: string;
  /** How many simulated nodes to have; 3 unless told otherwise. */
  nodes?: number;
  /** Whether it outlives the process that starts it; otherwise it ends with it, whatever happens. */
  detached?: boolean;
  /** Told what is being done. */
  log?: (line: string) => void;
}

/** A Kubernetes cluster on this machine, its control plane real, its nodes simulated. */
export interface LocalCluster {
  dir: string;
  /** The path of the administrator's kubeconfig; its context is `belay-local`. */
  kubeconfig: string;
  server: string;
  /** Ends all its processes and waits until they are gone. */
  stop(): Promise<void>;
}

const GUARD = 'cluster';

/** Starts a cluster that is ready for use: API, controllers, default service account, nodes. */
export async function startCluster(options: ClusterOptions): Promise<LocalCluster> {
  const log = options.log ?? (() => {});
  const programs = { controlPlane: await ensureControlPlane(), kwok: await ensureKwok() };
  await mkdir(options.dir, { recursive: true });
  const dir = await realpath(options.dir);
  await stopCluster(dir);
  await startGuard(dir, GUARD);
  try {
    const server = await withFreePorts(3, async ([etcd = 0, peer = 0, api = 0]) => {
      await stopAll(dir);
      return startAll(dir, programs, { etcd, peer, api }, options.nodes ?? 3, log);
    });
    if (options.detached) await stopGuard(dir, GUARD);
    return { dir, kubeconfig: kubeconfigPath(dir), server, stop: () => stopCluster(dir) };
  } catch (error) {
    await stopCluster(dir);
    throw error;
  }
}

/** Ends the cluster that was started in the directory, by this process or another. */
export async function stopCluster(dir: string): Promise<void> {
  await stopAll(dir);
  // The guard goes last, so that an interruption here leaves nothing behind.
  await stopProcesses(dir, [guardName(GUARD)]);
}

/** Names the kubeconfig of the cluster in a directory. */
export function kubeconfigPath(dir: string): string {
  return join(dir, 'kubeconfig');
}

async function startAll(
  dir: string,
  programs: { controlPlane: string; kwok: string },
  ports: { etcd: number; peer: number; api: number },
  nodes: number,
  log: (line: string) => void,
): Promise<string> {
  const server = `https://127.0.0.1:${ports.api}`;
  const kubeconfig = kubeconfigPath(dir);
  const credentials = await ensurePki(dir, programs.controlPlane);
  await writeKubeconfig(kubeconfig, server, credentials);

  log('starting etcd and the API server');
  const processes = await startApiServer(dir, programs.controlPlane, ports);
  await waitUntil({ dir, what: 'The API server', processes }, () => isOk(server, credentials, '/readyz'));

  log(`starting the controllers, the scheduler and ${nodes} simulated nodes`);
  processes.push(...(await startControllers(dir, programs.controlPlane, kubeconfig)));
  await addNodes(server, credentials, nodes);
  processes.push(await startKwok(dir, programs.kwok, kubeconfig));
  await waitUntil({ dir, what: 'The cluster', processes }, () => isUsable(server, credentials, nodes));
  return server;
}

/** Ends etcd after those that would wait for its answers. */
async function stopAll(dir: string): Promise<void> {
  await stopProcesses(dir, ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok']);
  await stopProcesses(dir, ['etcd']);
}

async function isUsable(server: string, credentials: Credentials, nodes: number): Promise<boolean> {
  const account = '/api/v1/namespaces/default/serviceaccounts/default';
  return (await isOk(server, credentials, account)) && (await areNodesReady(server, credentials, nodes));
}

async function isOk(server: string, credentials: Credentials, path: string): Promise<boolean> {
  return (await callApi(server, credentials, 'GET', path)).status === 200;
}

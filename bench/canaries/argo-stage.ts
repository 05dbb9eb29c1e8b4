import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { connectCluster } from '../../src/adapters/cluster/connect';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';
import { callApi } from '../../tools/local/api';
import { startCluster, type LocalCluster } from '../../tools/local/cluster';
import { readCredentials } from '../../tools/local/pki';
import { findFreePorts } from '../../tools/local/ports';
import {
  isRunning,
  listProcesses,
  readLogTail,
  startProcess,
  stopProcesses,
} from '../../tools/local/processes';
import { usageOf, type Usage } from '../gitops/usage';
import { argoRequests } from './argo-requests';
import type { Meters } from './measure';
import type { Options } from './options';

const processName = 'argo-rollouts';
const manager = 'bench';

/** A cluster of its own with Argo Rollouts' controller. */
export interface ArgoStage extends Meters {
  readonly kube: Cluster;
  apply(object: KubeObject): Promise<KubeObject>;
  usage(): Readonly<Record<'controller' | 'kube-apiserver' | 'etcd' | 'kube-controller-manager', Usage>>;
  strike(): Promise<void>;
}

/** `flags` are more options of the controller. Throws with its log when it does not start. */
export async function setArgoStage(
  { program, crds }: NonNullable<Options['argo']>,
  flags: readonly string[],
  say: (line: string) => void,
): Promise<ArgoStage> {
  const dir = mkdtempSync(join(tmpdir(), 'belay-bench-argo-'));
  const cluster = await startCluster({ dir: join(dir, 'cluster'), log: say });
  const strike = async (): Promise<void> => {
    await stopProcesses(cluster.dir, [processName]);
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const kube = await connectCluster({ kubeconfig: cluster.kubeconfig, context: 'belay-local' });
    const apply = (object: KubeObject): Promise<KubeObject> => kube.apply(object, { manager });
    await addKinds(kube, crds);
    const metricsPort = await startController(cluster, resolve(program), flags);
    const pids = new Map((await listProcesses(cluster.dir)).map(({ name, pid }) => [name, pid]));
    const read = (name: string): Usage => usageOf(pids.get(name) ?? 0);
    return {
      kube,
      apply,
      usage: () => ({
        controller: read(processName),
        'kube-apiserver': read('kube-apiserver'),
        etcd: read('etcd'),
        'kube-controller-manager': read('kube-controller-manager'),
      }),
      requests: async () =>
        argoRequests(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()),
      metrics: async () =>
        String((await callApi(cluster.server, await readCredentials(cluster.dir), 'GET', '/metrics')).body),
      strike: () => {
        kube.close();
        return strike();
      },
    };
  } catch (error: unknown) {
    await strike();
    throw error;
  }
}

async function addKinds(kube: Cluster, file: string): Promise<void> {
  const definitions = parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document) => document.toJS() as KubeObject | null)
    .filter((each) => each?.kind === 'CustomResourceDefinition') as KubeObject[];
  if (definitions.length === 0) throw new Error(`${file} has no CustomResourceDefinition`);
  for (const definition of definitions) await kube.apply(definition, { manager, validate: false });
  // The API server serves a new kind a moment later.
  await sleep(3_000);
}

/** Answers the port of its metrics, when they can be read. */
async function startController(
  { dir, kubeconfig }: LocalCluster,
  program: string,
  flags: readonly string[],
): Promise<number> {
  const [metrics = 0, health = 0] = await findFreePorts(2);
  const own = [
    `--metricsPort=${metrics}`,
    `--healthzPort=${health}`,
    '--leader-elect=false',
    '--loglevel=error',
  ];
  const started = await startProcess(dir, processName, program, [
    `--kubeconfig=${kubeconfig}`,
    ...own,
    ...flags,
  ]);
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${metrics}/metrics`).catch(() => undefined);
    if (answer?.ok === true) return metrics;
    if (!(await isRunning(started))) break;
    await sleep(100);
  }
  throw new Error(`Argo Rollouts did not start: ${await readLogTail(dir, processName)}`);
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callApi } from '../local/api';
import type { LocalCluster } from '../local/cluster';
import { toolsPath } from '../local/paths';
import { readCredentials } from '../local/pki';
import { findFreePorts } from '../local/ports';
import { startProcess } from '../local/processes';
import { waitUntil } from '../local/wait';
import { containerdConfig, kubeletConfig, networkConfig, NODE_NAME } from './kubelet-config';

/** The process that holds containerd, the kubelet and the pods. */
export const MACHINE = 'node';

/** Starts containerd and the kubelet; resolves when the cluster has a ready node. Throws if another node runs on this machine. */
export async function startMachine(
  dir: string,
  cluster: LocalCluster,
  kubelet: string,
  sandboxImage: string,
): Promise<void> {
  const [port = 0] = await findFreePorts(1);
  const config = join(dir, 'kubelet.json');
  for (const part of ['cni', 'containerd', 'pod-logs', 'logs']) {
    await mkdir(join(dir, part), { recursive: true });
  }
  await writeFile(join(dir, 'containerd.toml'), containerdConfig(dir, sandboxImage));
  await writeFile(join(dir, 'cni', '10-belay.conflist'), JSON.stringify(networkConfig(dir)));
  await writeFile(config, JSON.stringify(kubeletConfig(dir, join(cluster.dir, 'pki', 'ca.crt'), port)));
  await writeFile(join(dir, 'resolv.conf'), '# pods resolve no names\n');
  const kubeletArgs = [
    `--config=${config}`,
    `--kubeconfig=${cluster.kubeconfig}`,
    `--hostname-override=${NODE_NAME}`,
    '--node-ip=127.0.0.1',
    `--root-dir=${join(dir, 'kubelet')}`,
    `--cert-dir=${join(dir, 'kubelet-pki')}`,
  ];
  const script = toolsPath('node', 'node.sh');
  const machine = await startProcess(dir, MACHINE, '/bin/sh', [
    script,
    dir,
    'containerd',
    kubelet,
    ...kubeletArgs,
  ]);
  const credentials = await readCredentials(cluster.dir);
  await waitUntil({ dir, what: 'The node', processes: [machine], timeoutMs: 60_000 }, async () => {
    const { body } = await callApi(cluster.server, credentials, 'GET', `/api/v1/nodes/${NODE_NAME}`);
    const { spec, status } = body as NodeObject;
    const isReady = status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
    return isReady === true && spec?.taints === undefined;
  });
}

interface NodeObject {
  readonly spec?: { readonly taints?: readonly object[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

import { join } from 'node:path';
import { callApi } from './api';
import type { Credentials } from './pki';
import { startProcess, type LocalProcess } from './processes';
import { writeStages } from './stages';

const MARK = 'kwok.x-k8s.io/node';

/** Adds simulated nodes `node-1` to `node-N`, each with room for 1000 pods, unless they are there. */
export async function addNodes(server: string, credentials: Credentials, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await Promise.all(
    numbers.map(async (number) => {
      const { status, body } = await callApi(
        server,
        credentials,
        'POST',
        '/api/v1/nodes',
        describeNode(number),
      );
      if (status !== 201 && status !== 409)
        throw new Error(`node-${number} is refused: ${JSON.stringify(body)}`);
    }),
  );
}

/** Tells whether as many nodes are ready and take pods. */
export async function areNodesReady(
  server: string,
  credentials: Credentials,
  count: number,
): Promise<boolean> {
  const { body } = await callApi(server, credentials, 'GET', '/api/v1/nodes');
  const ready = (body as NodeList).items.filter(
    ({ spec, status }) =>
      !spec.taints?.length &&
      status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  );
  return ready.length >= count;
}

/** Starts kwok, which plays the kubelets of the simulated nodes. */
export async function startKwok(dir: string, program: string, kubeconfig: string): Promise<LocalProcess> {
  const config = join(dir, 'kwok.yaml');
  await writeStages(config);
  return startProcess(dir, 'kwok', program, [
    `--kubeconfig=${kubeconfig}`,
    `--config=${config}`,
    '--manage-all-nodes=false',
    `--manage-nodes-with-annotation-selector=${MARK}=fake`,
    '--node-lease-duration-seconds=40',
    '-v=WARN',
    '--cidr=10.200.0.0/16',
  ]);
}

interface NodeList {
  items: { spec: { taints?: unknown[] }; status: { conditions?: { type: string; status: string }[] } }[];
}

function describeNode(number: number): object {
  const name = `node-${number}`;
  const room = { cpu: '32', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '1000' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [MARK]: 'fake', 'node.alpha.kubernetes.io/ttl': '0' },
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    status: {
      capacity: room,
      allocatable: room,
      addresses: [
        { type: 'InternalIP', address: `10.201.0.${number}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        kubeletVersion: 'v1.36.3',
        containerRuntimeVersion: 'containerd://2.0.0',
        osImage: 'simulated',
        kernelVersion: '',
        kubeProxyVersion: '',
        machineID: '',
        systemUUID: '',
        bootID: '',
      },
    },
  };
}

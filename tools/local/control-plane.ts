import { join } from 'node:path';
import { startProcess, type LocalProcess } from './processes';

/** Where the control plane's programs listen. */
export interface ControlPlanePorts {
  etcd: number;
  peer: number;
  api: number;
}

/** Starts etcd and the API server. */
export async function startApiServer(
  dir: string,
  program: string,
  ports: ControlPlanePorts,
): Promise<LocalProcess[]> {
  const pki = (file: string) => join(dir, 'pki', file);
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  const etcd = flags({
    'data-dir': join(dir, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    // What a crash of the machine would lose is not worth waiting for the disk.
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  });
  const apiServer = flags({
    'etcd-servers': client,
    'bind-address': '127.0.0.1',
    'secure-port': String(ports.api),
    'advertise-address': '127.0.0.1',
    // The loopback address may not be an endpoint of the `kubernetes` service.
    'endpoint-reconciler-type': 'none',
    'tls-cert-file': pki('apiserver.crt'),
    'tls-private-key-file': pki('apiserver.key'),
    'client-ca-file': pki('ca.crt'),
    'service-account-key-file': pki('sa.pub'),
    'service-account-signing-key-file': pki('sa.key'),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-cluster-ip-range': '10.96.0.0/16',
    'authorization-mode': 'Node,RBAC',
    'allow-privileged': 'true',
  });
  return [
    await startProcess(dir, 'etcd', program, ['etcd', ...etcd]),
    await startProcess(dir, 'kube-apiserver', program, ['kube-apiserver', ...apiServer]),
  ];
}

/** Starts the controller manager, tuned not to be what one waits for, and the scheduler. */
export async function startControllers(
  dir: string,
  program: string,
  kubeconfig: string,
): Promise<LocalProcess[]> {
  const pki = (file: string) => join(dir, 'pki', file);
  const common = { kubeconfig, 'leader-elect': 'false', 'secure-port': '0' };
  const controllerManager = flags({
    ...common,
    'service-account-private-key-file': pki('sa.key'),
    'root-ca-file': pki('ca.crt'),
    'cluster-signing-cert-file': pki('ca.crt'),
    'cluster-signing-key-file': pki('ca.key'),
    'use-service-account-credentials': 'true',
    // The default is 20 requests a second.
    'kube-api-qps': '500',
    'kube-api-burst': '1000',
    'concurrent-deployment-syncs': '20',
    'concurrent-replicaset-syncs': '20',
    'concurrent-endpoint-syncs': '20',
    'concurrent-service-endpoint-syncs': '20',
  });
  const scheduler = flags({ ...common, 'kube-api-qps': '500', 'kube-api-burst': '1000' });
  return [
    await startProcess(dir, 'kube-controller-manager', program, [
      'kube-controller-manager',
      ...controllerManager,
    ]),
    await startProcess(dir, 'kube-scheduler', program, ['kube-scheduler', ...scheduler]),
  ];
}

function flags(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

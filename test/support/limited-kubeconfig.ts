import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callApi } from '../../tools/local/api';
import { readCredentials } from '../../tools/local/pki';
import type { Environment } from './environment';

/** A worker's way to the API server: a ServiceAccount with limited rights, through a line that tests may cut. */
export interface LimitedAccess {
  readonly kubeconfig: string;
  cut(): void;
  mend(): void;
  close(): void;
}

/** The ServiceAccount may read everything, and write what a small application has, but no Roles. */
export async function limitedAccess({ cluster, dir }: Environment): Promise<LimitedAccess> {
  const credentials = await readCredentials(cluster.dir);
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await callApi(cluster.server, credentials, 'POST', path, body);
    if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const rules = [
    { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    {
      apiGroups: ['', 'apps'],
      resources: ['namespaces', 'configmaps', 'services', 'deployments', 'replicasets'],
      verbs: ['*'],
    },
  ];
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  await post('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'belay' } });
  await post(`${rbac}/clusterroles`, { metadata: { name: 'belay' }, rules });
  await post(`${rbac}/clusterrolebindings`, {
    metadata: { name: 'belay' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'belay' },
    subjects: [{ kind: 'ServiceAccount', name: 'belay', namespace: 'default' }],
  });
  const asked = (await post('/api/v1/namespaces/default/serviceaccounts/belay/token', {
    spec: { expirationSeconds: 7200 },
  })) as {
    readonly status: { readonly token: string };
  };
  const line = await openLine(new URL(cluster.server));
  const admin = readFileSync(cluster.kubeconfig, 'utf8');
  const ca = /certificate-authority-data"?: *"?([A-Za-z0-9+/=]+)/.exec(admin)?.[1] ?? '';
  const kubeconfig = join(dir, 'limited.kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'c',
          cluster: { server: `https://127.0.0.1:${line.port}`, 'certificate-authority-data': ca },
        },
      ],
      users: [{ name: 'u', user: { token: asked.status.token } }],
      contexts: [{ name: 'belay-local', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'belay-local',
    }),
    { mode: 0o600 },
  );
  return { kubeconfig, cut: line.cut, mend: line.mend, close: line.close };
}

/** A TCP proxy to the API server. */
async function openLine(target: URL) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    isCut = true;
    sockets.forEach((each) => each.destroy());
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => void (isCut = false),
    close: () => {
      cut();
      server.close();
    },
  };
}

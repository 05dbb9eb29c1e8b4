import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';
import { callApi } from '../../tools/local/api';
import { readCredentials } from '../../tools/local/pki';
import type { Environment } from './environment';

/** Applies files of deploy/kubernetes as a person does; `namespace`: for what names none. */
export async function applyRights(
  kube: Cluster,
  files: readonly string[],
  namespace?: string,
): Promise<void> {
  for (const file of files) {
    const documents = parseAllDocuments(readFileSync(join('deploy', 'kubernetes', file), 'utf8'));
    for (const document of documents) {
      const object = document.toJS() as KubeObject;
      const isHere = namespace !== undefined && object.metadata.namespace === undefined;
      const metadata = isHere ? { ...object.metadata, namespace } : object.metadata;
      await kube.apply({ ...object, metadata }, { manager: 'test' });
    }
  }
}

/** A kubeconfig of the worker's ServiceAccount (account.yaml), which must be there, by way of a line of plain HTTP on this machine. */
export async function accountKubeconfig({ cluster, dir }: Environment, server: string): Promise<string> {
  const path = '/api/v1/namespaces/belay/serviceaccounts/belay/token';
  const credentials = await readCredentials(cluster.dir);
  const body = { spec: { expirationSeconds: 7200 } };
  const answer = await callApi(cluster.server, credentials, 'POST', path, body);
  const { status } = answer.body as { readonly status: { readonly token?: string } };
  if (status.token === undefined) throw new Error(`no token: ${JSON.stringify(answer.body)}`);
  const file = join(dir, 'account.kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: status.token } }],
    contexts: [{ name: 'belay-local', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'belay-local',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** Certificates that the local API server is to be trusted by. */
export function caOf({ cluster }: Environment): string {
  const admin = readFileSync(cluster.kubeconfig, 'utf8');
  const data = /certificate-authority-data"?: *"?([A-Za-z0-9+/=]+)/.exec(admin)?.[1] ?? '';
  return Buffer.from(data, 'base64').toString('utf8');
}

import { join } from 'node:path';
import { chartCredentialsFrom, chartCredentialsFromSecrets, type ChartCredentials } from '../adapters/charts';
import { credentialsFrom, credentialsFromSecrets, type Credentials } from '../adapters/git';
import type { KubeObject } from '../domain/kube-object';
import { repositorySecretLabel } from '../domain/repository-secret';
import type { Cluster } from '../ports/cluster';
import type { CredentialFile } from './credential-file';

interface AccessOptions {
  readonly file: CredentialFile;
  /** Lists Argo CD's repository Secrets, where they are to be used. */
  readonly secrets?: () => Promise<readonly KubeObject[]>;
  /** Directory of this worker alone, for keys that programs read from files. */
  readonly dataDir: string;
}

export interface RepositoryAccess {
  readonly git: { readonly read?: Credentials; readonly write?: Credentials };
  readonly charts?: ChartCredentials;
}

/** Credentials of repositories, resolved anew at each use. What the file has a list for is taken from there alone, the rest from Argo CD's Secrets. */
export function repositoryAccess({ file, secrets, dataDir }: AccessOptions): RepositoryAccess {
  const git = (scope: 'read' | 'write'): Credentials | undefined => {
    const sources = file[scope];
    if (sources !== undefined) return credentialsFrom(sources, scope);
    const keyDir = join(dataDir, 'keys', scope);
    return secrets === undefined ? undefined : credentialsFromSecrets(secrets, { scope, keyDir });
  };
  const read = git('read');
  const write = git('write');
  const charts =
    file.charts !== undefined
      ? chartCredentialsFrom(file.charts)
      : secrets === undefined
        ? undefined
        : chartCredentialsFromSecrets(secrets);
  return {
    git: { ...(read === undefined ? {} : { read }), ...(write === undefined ? {} : { write }) },
    ...(charts === undefined ? {} : { charts }),
  };
}

/** Argo CD's repository Secrets in a namespace of the worker's own cluster. */
export function listRepositorySecrets(cluster: Cluster, namespace: string): Promise<readonly KubeObject[]> {
  const kind = { apiVersion: 'v1', kind: 'Secret' };
  return cluster.list(kind, { namespace, labelSelector: repositorySecretLabel });
}

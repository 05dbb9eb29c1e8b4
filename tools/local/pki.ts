import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command';

/** The kubeconfig's context for a local cluster. */
export const LOCAL_CONTEXT = 'belay-local';

/** An administrator's way into the cluster: the authority to trust and the certificate to show. */
export interface Credentials {
  ca: string;
  cert: string;
  key: string;
}

/** Makes the cluster's certificates in `dir/pki` unless they are there. */
export async function ensurePki(dir: string, controlPlane: string): Promise<Credentials> {
  const pki = join(dir, 'pki');
  if (!existsSync(join(pki, 'sa.pub'))) await runCommand(controlPlane, ['pki', pki]);
  return readCredentials(dir);
}

/** Reads the administrator's credentials of the cluster in a directory. */
export async function readCredentials(dir: string): Promise<Credentials> {
  const pki = join(dir, 'pki');
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'admin.crt', 'admin.key'].map((file) => readFile(join(pki, file), 'utf8')),
  );
  return { ca: ca ?? '', cert: cert ?? '', key: key ?? '' };
}

/** Writes a kubeconfig that holds its certificates, so that the file may be copied elsewhere. */
export async function writeKubeconfig(path: string, server: string, credentials: Credentials): Promise<void> {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': LOCAL_CONTEXT,
    contexts: [{ name: LOCAL_CONTEXT, context: { cluster: LOCAL_CONTEXT, user: LOCAL_CONTEXT } }],
    clusters: [
      { name: LOCAL_CONTEXT, cluster: { server, 'certificate-authority-data': encode(credentials.ca) } },
    ],
    users: [
      {
        name: LOCAL_CONTEXT,
        user: {
          'client-certificate-data': encode(credentials.cert),
          'client-key-data': encode(credentials.key),
        },
      },
    ],
  };
  // JSON is YAML, and needs no library.
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}

import type { KubeConfig } from '@kubernetes/client-node';
import { wayOf, type Way } from './dispatchers';

/** How to get to an API server, and as whom. */
export interface Connection {
  /** Current credentials and trust. */
  config(): KubeConfig;
  /** Looks for newer credentials after the server has refused the current ones; true when there are some. */
  renew?(): Promise<boolean>;
}

/** A kubeconfig that stays as it is (client-node itself reads token files and runs credential plugins again in time). */
export function fixed(config: KubeConfig): Connection {
  return { config: () => config };
}

/** What a request needs besides its body: authentication, TLS and proxy come from the kubeconfig. */
export async function prepareRequest(
  connection: Connection,
  url: string,
  user: string | undefined,
): Promise<Way> {
  const { headers, ...way } = await wayOf(connection.config(), url);
  // https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
  return { ...way, headers: { ...headers, ...(user === undefined ? {} : { 'impersonate-user': user }) } };
}

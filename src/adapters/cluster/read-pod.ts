import type { PodRequest } from '../../ports/cluster';
import type { Rest } from './rest';

/**
 * The API server's proxy to a pod, so that a worker outside of the cluster's network reaches it: `get` on `pods/proxy` is the right
 * that it takes.
 */
export function readPod(
  rest: Rest,
  { namespace, name, port, scheme, path }: PodRequest,
  signal?: AbortSignal,
): Promise<string> {
  const target = scheme === 'https' ? `https:${name}:${port}` : `${name}:${port}`;
  return rest<string>({
    method: 'GET',
    path: `/api/v1/namespaces/${namespace}/pods/${target}/proxy${path}`,
    accept: 'text/plain;version=0.0.4',
    isText: true,
    what: `read ${path} of pod ${namespace}/${name} on port ${port}`,
    signal,
  });
}

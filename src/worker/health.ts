import { createServer } from 'node:http';
import type { Clusters } from './clusters';
import type { WorkerGroup } from './worker-group';

/**
 * `/healthz`: the process answers. `/readyz`: every worker polls, and which clusters are served; one that cannot be reached is named
 * there, and does not make the others unready. Returns how to stop it.
 */
export function serveHealth(port: number, group: WorkerGroup, clusters: Clusters): () => Promise<void> {
  const server = createServer((request, response) => {
    const workers = group.states();
    const isReady =
      request.url !== '/readyz' || (workers.length > 0 && workers.every((each) => each === 'RUNNING'));
    response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' });
    const status = isReady ? 'ok' : 'not ready';
    response.end(JSON.stringify({ status, workers, clusters: clusters.states() }));
  });
  server.listen(port);
  return () => new Promise((resolve) => server.close(() => resolve()));
}

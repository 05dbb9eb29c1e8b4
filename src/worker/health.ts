import type { Worker } from '@temporalio/worker';
import { createServer } from 'node:http';

/** `/healthz`: the process answers. `/readyz`: every worker polls. Returns how to stop it. */
export function serveHealth(port: number, workers: readonly Worker[]): () => Promise<void> {
  const server = createServer((request, response) => {
    const states = workers.map((each) => each.getState());
    const isReady = request.url !== '/readyz' || states.every((each) => each === 'RUNNING');
    response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: isReady ? 'ok' : 'not ready', workers: states }));
  });
  server.listen(port);
  return () => new Promise((resolve) => server.close(() => resolve()));
}

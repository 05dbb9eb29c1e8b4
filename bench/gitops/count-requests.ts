import { subscribe } from 'node:diagnostics_channel';
import { renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { verbOf } from './verbs';

/**
 * Loaded into the worker's process before anything else (`node --require`): counts its requests to the API server by verb and kind, and
 * writes the counts to a file once a second at most. So they are the worker's alone; the API server's own metrics cannot tell clients
 * apart.
 */
const file = process.env['BELAY_BENCH_COUNTS'];
const server = process.env['BELAY_BENCH_SERVER'];

if (isMainThread && file !== undefined && server !== undefined) {
  const counts: Record<string, number> = {};
  let isNew = true;
  subscribe('undici:request:create', (message) => {
    const { request } = message as {
      readonly request: { readonly origin?: unknown; readonly method: string; readonly path: string };
    };
    if (String(request.origin) !== server) return;
    const verb = verbOf(request.method, request.path);
    counts[verb] = (counts[verb] ?? 0) + 1;
    isNew = true;
  });
  setInterval(() => {
    if (!isNew) return;
    isNew = false;
    writeFileSync(`${file}.new`, JSON.stringify(counts));
    renameSync(`${file}.new`, file);
  }, 1_000).unref();
}

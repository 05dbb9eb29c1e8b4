import { createInterface } from 'node:readline';
import { request } from 'undici';
import type { KubeObject } from '../../domain/kube-object';
import { type Connection, prepareRequest } from './connection';
import { listThenWatch, type ListThenWatch } from './list-watch';
import { serverOf, type Rest } from './rest';
import { statusError } from './status-error';

/** Starts one list-and-watch of a path that lasts until its signal aborts. */
export type Watcher = (rest: Rest, options: ListThenWatch) => Promise<void>;

/** One watch request. Resolves when the server ends it; `gone` tells that a new list is needed. */
export type Stream = (
  path: string,
  query: Readonly<Record<string, string>>,
  onEvent: (type: string, object: KubeObject) => void,
  signal: AbortSignal,
) => Promise<'ended' | 'gone'>;

/** Bookmarks arrive about once a minute: a stream that is silent for longer is a dead one. */
const silenceMs = 90_000;

/** Watches with the kubeconfig's credentials. `Watch` of client-node ends a stream after 30 s of silence, hence our own. */
export function createWatcher(connection: Connection, user?: string): Watcher {
  return (rest, options) => listThenWatch(rest, options, createStream(connection, user));
}

function createStream(connection: Connection, user: string | undefined): Stream {
  return async (path, query, onEvent, signal) => {
    const url = `${serverOf(connection.config())}${path}?${new URLSearchParams({ ...query, watch: 'true' }).toString()}`;
    const { headers, ...way } = await prepareRequest(connection, url, user);
    const stop = new AbortController();
    const response = await request(url, {
      headers: { ...headers, accept: 'application/json' },
      ...way,
      bodyTimeout: silenceMs,
      signal: AbortSignal.any([signal, stop.signal]),
    });
    if (response.statusCode === 410) return 'gone';
    if (response.statusCode >= 300)
      throw statusError(
        response.statusCode,
        await response.body.text(),
        `watch ${path}`,
        response.headers['retry-after'],
      );
    const lines = createInterface({ input: response.body, crlfDelay: Infinity });
    // The iterator below reports errors. One that comes when it has ended, or before it begins, is nobody's, and would end the process.
    for (const emitter of [response.body, lines]) emitter.on('error', () => undefined);
    for await (const line of lines) {
      const { type, object } = JSON.parse(line) as { type: string; object: KubeObject };
      if (type === 'ERROR') {
        stop.abort();
        return 'gone';
      }
      onEvent(type, object);
    }
    if (response.body.errored !== null) throw response.body.errored;
    return 'ended';
  };
}

import type { KubeConfig } from '@kubernetes/client-node';
import { request } from 'undici';
import { isPortError, PortError } from '../../ports/port-error';
import { Slots } from '../programs/slots';
import { type Connection, prepareRequest } from './connection';
import { statusError } from './status-error';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with its query, e.g. `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  /** Default: `application/json`. */
  readonly accept?: string;
  /** The answer is a text, at most 4 MiB; default: JSON. */
  readonly isText?: true;
  readonly signal?: AbortSignal | undefined;
  /** What the call does, for errors: `apply Deployment shop/web`. */
  readonly what: string;
}

/** One JSON request to the API server. */
export type Rest = <T>(call: Call) => Promise<T>;

const timeoutMs = 10_000;

/**
 * An API server serves some hundreds at once to all its clients, and answers 429 to what is more; watches are not counted. Waiting for a
 * turn does not count for the time that a request may take.
 */
const atOnce = 64;
const slotsOf = new WeakMap<Connection, Slots>();

/**
 * Answers other than 2xx are thrown as PortError. `user` is whom to act as. What the server does not let in is tried once more when
 * there are newer credentials.
 */
export function createRest(connection: Connection, user?: string): Rest {
  const slots = slotsOf.get(connection) ?? new Slots(atOnce);
  slotsOf.set(connection, slots);
  const ask = createRequests(connection, user);
  const once: Rest = (call) => slots.run(() => ask(call), call.signal);
  return async <T>(call: Call): Promise<T> => {
    try {
      return await once<T>(call);
    } catch (error: unknown) {
      if (!isPortError(error, 'Unauthenticated') || (await connection.renew?.()) !== true) throw error;
      return once<T>(call);
    }
  };
}

function createRequests(connection: Connection, user: string | undefined): Rest {
  return async <T>({ method, path, body, contentType, accept, isText, signal, what }: Call): Promise<T> => {
    const server = serverOf(connection.config());
    try {
      const { headers, ...way } = await prepareRequest(connection, server + path, user);
      const limit = AbortSignal.timeout(timeoutMs);
      const response = await request(server + path, {
        method,
        headers: {
          ...headers,
          accept: accept ?? 'application/json',
          'content-type': contentType ?? 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...way,
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      const text = isText === true ? await shortText(response.body) : await response.body.text();
      if (response.statusCode >= 300)
        throw statusError(response.statusCode, text, what, response.headers['retry-after']);
      return (isText === true ? text : JSON.parse(text)) as T;
    } catch (error: unknown) {
      if (error instanceof PortError || signal?.aborted === true) throw error;
      throw new PortError(
        `cannot ${what}: the API server ${server} does not answer (${reasonOf(error)}); check the network and that it runs`,
        {
          code: 'Unreachable',
          retry: 'later',
          facts: { server },
          cause: error,
        },
      );
    }
  };
}

const longestText = 4 * 1024 * 1024;

/** What a pod answers is anybody's: it must not fill the memory. */
async function shortText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > longestText) throw new Error('the answer is longer than 4 MiB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The API server's URL of the current context. */
export function serverOf(config: KubeConfig): string {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new PortError(
      `context ${config.getCurrentContext() || '(none)'} of the kubeconfig names no cluster; name one with --context`,
      {
        code: 'InvalidSpec',
        retry: 'never',
      },
    );
  }
  return cluster.server.replace(/\/+$/, '');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What RBAC was asked for: `patch deployments.apps`, in a namespace if there was one. */
export interface Asked {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly namespace: string | undefined;
  readonly status: number;
}

export interface ApiRecorder {
  /** Plain HTTP on this machine. */
  readonly server: string;
  /** Every request for a resource so far. */
  readonly asked: readonly Asked[];
  close(): void;
}

/** Passes requests on to an API server as they are, and writes down what each needed. */
export async function recordApi(target: string, ca: string): Promise<ApiRecorder> {
  const asked: Asked[] = [];
  const pass = (near: IncomingMessage, answer: ServerResponse): void => {
    const { method = 'GET', url = '/', headers } = near;
    const far = request(new URL(url, target), { method, headers, ca }, (response) => {
      const status = response.statusCode ?? 0;
      asked.push(...attributesOf(method, url, status).map((each) => ({ ...each, status })));
      answer.writeHead(status, response.headers);
      answer.flushHeaders();
      response.pipe(answer);
      response.on('error', () => answer.destroy());
    });
    far.on('error', () => answer.destroy());
    answer.on('close', () => far.destroy());
    near.pipe(far);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * What the API server's RequestInfo makes of a request; nothing where no resource is asked for. A patch that made the object needed
 * `create` besides.
 */
function attributesOf(method: string, url: string, status: number): readonly Omit<Asked, 'status'>[] {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const parts = pathname.split('/').slice(1);
  const group = parts[0] === 'apis' ? (parts[1] ?? '') : '';
  const rest = parts.slice(parts[0] === 'apis' ? 3 : 2);
  if (rest.length === 0) return [];
  const isInside = rest[0] === 'namespaces' && rest.length > 2;
  const [plural = '', name, sub] = isInside ? rest.slice(2) : rest;
  const namespace = isInside ? rest[1] : undefined;
  const resource = sub === undefined ? plural : `${plural}/${sub}`;
  const verb = verbOf(method, name !== undefined, searchParams.get('watch') === 'true');
  const verbs = verb === 'patch' && status === 201 ? ['patch', 'create'] : [verb];
  return verbs.map((each) => ({ verb: each, resource, group, namespace }));
}

function verbOf(method: string, isNamed: boolean, isWatch: boolean): string {
  switch (method) {
    case 'GET':
      return isNamed ? 'get' : isWatch ? 'watch' : 'list';
    case 'DELETE':
      return isNamed ? 'delete' : 'deletecollection';
    default:
      return { POST: 'create', PUT: 'update', PATCH: 'patch' }[method] ?? method.toLowerCase();
  }
}

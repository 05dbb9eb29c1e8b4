import { spawn, execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { BareRepo } from './git-repo';

/** A repository behind `git http-backend`. */
export interface HttpRemote {
  readonly url: string;
  /** `METHOD path` of each request so far, with `?query`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Whether a password may read or write. Absent: anybody may do both. */
export type Passwords = Readonly<Record<string, 'read' | 'write'>>;

/** Serves `repo` over HTTP, with basic authentication when there are passwords. */
export async function serveHttp(repo: BareRepo, passwords?: Passwords): Promise<HttpRemote> {
  await repo.git('config', 'http.receivepack', 'true');
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const status = refuse(request, passwords);
    if (status === undefined) return backend(repo, request, response);
    request.resume();
    response
      .writeHead(status, status === 401 ? { 'www-authenticate': 'Basic realm="test"' } : {})
      .end('no\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${basename(repo.dir)}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse({ headers, url = '' }: IncomingMessage, passwords?: Passwords): 401 | 403 | undefined {
  if (passwords === undefined) return undefined;
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const password = Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
  const right = passwords[password];
  if (right === undefined) return 401;
  return url.includes('git-receive-pack') && right === 'read' ? 403 : undefined;
}

function backend(repo: BareRepo, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const program = join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend');
  const env = {
    PATH: process.env['PATH'],
    GIT_PROJECT_ROOT: dirname(repo.dir),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: pathname,
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: request.headers['git-protocol'] ?? '',
    REMOTE_USER: 'test',
    REMOTE_ADDR: '127.0.0.1',
  };
  const child = spawn(program, { env: env as NodeJS.ProcessEnv });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const headers = output.toString('latin1', 0, end).split('\r\n');
    const status = /^Status: (\d+)/m.exec(headers.join('\n'))?.[1] ?? '200';
    for (const header of headers.filter((line) => !line.startsWith('Status:') && line.includes(': '))) {
      const [name = '', ...value] = header.split(': ');
      response.setHeader(name, value.join(': '));
    }
    response.writeHead(Number(status)).end(output.subarray(end + 4));
  });
}

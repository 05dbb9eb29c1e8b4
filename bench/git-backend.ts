import { execFileSync, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

let program: string | undefined;

/**
 * Answers one request by `git http-backend` (CGI) for the repositories below `root`. Whoever may come here may also write: refusing
 * is the caller's. Streams in both directions. Resolves when the program has ended, with its exit code, undefined where the answer
 * could not be begun.
 */
export function answerByBackend(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number | undefined> {
  program ??= join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend');
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn(program, {
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: request.headers['git-protocol'] ?? '',
      REMOTE_USER: 'test',
      REMOTE_ADDR: '127.0.0.1',
    } as NodeJS.ProcessEnv,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) {
      if (!response.write(chunk)) {
        child.stdout.pause();
        response.once('drain', () => child.stdout.resume());
      }
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    begin(response, head.toString('latin1', 0, end));
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  // A client that has gone would leave the program waiting for more, or for room in the pipe.
  response.once('close', () => {
    child.stdin.end();
    child.stdout.resume();
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => {
      if (head !== undefined) response.writeHead(500);
      response.end();
      resolve(code ?? undefined);
    });
  });
}

function begin(response: ServerResponse, head: string): void {
  const fields = head.split('\r\n').map((line) => line.split(/: (.*)/s));
  const status = fields.find(([name]) => name === 'Status')?.[1] ?? '200';
  for (const [name = '', value] of fields)
    if (name !== 'Status' && value !== undefined) response.setHeader(name, value);
  response.writeHead(Number.parseInt(status, 10));
}

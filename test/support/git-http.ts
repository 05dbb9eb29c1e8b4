import { createServer, ServerResponse, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname } from 'node:path';
import { answerByBackend } from '../../bench/git-backend';
import type { BareRepo } from './git-repo';

/** A repository behind `git http-backend`. */
export interface HttpRemote {
  readonly url: string;
  /** `METHOD path` of each request so far, with `?query`. */
  readonly requests: readonly string[];
  /** `Authorization` of each request so far; empty where it had none. */
  readonly authorizations: readonly string[];
  /**
   * Has the next request that is one of `kind` answered by `interfere` instead: before or instead of Git. The `advertisement` of a push
   * is where the client learns where the branch is; the `pack` is the push itself.
   */
  interfere(kind: RequestKind, interfere: Interfere): void;
  close(): Promise<void>;
}

export type RequestKind = 'read' | 'advertisement' | 'pack';

/** What a request meets; `pass` hands it to Git. */
export interface Met {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  pass(): Promise<void>;
}

export type Interfere = (met: Met) => Promise<void> | void;

/** What a password may: fetch, fetch and push, or push alone; looked at with each request. Absent: anybody may do all. */
export type Passwords = Readonly<Record<string, 'read' | 'write' | 'only-write'>>;

/** Serves `repo` over HTTP, with basic authentication when there are passwords; `below` is a path such as `/acme`. */
export async function serveHttp(repo: BareRepo, passwords?: Passwords, below = ''): Promise<HttpRemote> {
  await repo.git('config', 'http.receivepack', 'true');
  const root = dirname(repo.dir);
  const requests: string[] = [];
  const authorizations: string[] = [];
  const waiting: { readonly kind: RequestKind; readonly interfere: Interfere }[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers.authorization ?? '');
    request.url = request.url?.slice(below.length) ?? '';
    const pass = async (): Promise<void> => {
      const status = refuse(request, passwords);
      if (status === undefined) return void (await answerByBackend(root, request, response));
      request.resume();
      response
        .writeHead(status, status === 401 ? { 'www-authenticate': 'Basic realm="test"' } : {})
        .end('no\n');
    };
    const index = waiting.findIndex(({ kind }) => kind === kindOf(request));
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    void (next === undefined ? pass() : next.interfere({ request, response, pass }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${below}/${basename(repo.dir)}`,
    requests,
    authorizations,
    interfere: (kind, interfere) => void waiting.push({ kind, interfere }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function kindOf({ method, url = '' }: IncomingMessage): RequestKind {
  if (!url.includes('git-receive-pack')) return 'read';
  return method === 'GET' ? 'advertisement' : 'pack';
}

function refuse({ headers, url = '' }: IncomingMessage, passwords?: Passwords): 401 | 403 | undefined {
  if (passwords === undefined) return undefined;
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const password = Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
  const right = passwords[password];
  if (right === undefined) return 401;
  return (url.includes('git-receive-pack') ? right === 'read' : right === 'only-write') ? 403 : undefined;
}

/** The server takes the pack and moves the branch, and the connection breaks before it says so. */
export function takeAndHangUp(repo: BareRepo): Interfere {
  return async (met) => {
    await answerByBackend(dirname(repo.dir), met.request, new ServerResponse(met.request));
    hangUp(met);
  };
}

/** Begins an answer and breaks the connection. Where nothing of an answer has come, curl sends the request again by itself. */
export function hangUp({ request, response }: Met): void {
  request.resume();
  response.writeHead(200, { 'content-type': 'application/x-git-receive-pack-result' });
  response.write('0', () => request.socket.destroy());
}

/** Answers with a status, and nothing else. */
export function answerWith(status: number, headers: Readonly<Record<string, string>> = {}): Interfere {
  return ({ request, response }) => {
    request.resume();
    response.writeHead(status, headers).end();
  };
}

/**
 * What a forge that is not git answers to a push that it has unpacked and does not want: `says` is shown to people as `remote: …`,
 * `reason` stands in the parentheses behind `[remote rejected]` (gitprotocol-pack, report-status in a side band).
 */
export function rejectPush(reason: string, says: readonly string[] = []): Interfere {
  return async ({ request, response }) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const ref = /(refs\/heads\/[^\0\s]+)/.exec(Buffer.concat(chunks).toString('latin1'))?.[1] ?? '';
    const report = `${packet('unpack ok\n')}${packet(`ng ${ref} ${reason}\n`)}0000`;
    const told = says.map((line) => packet(`\u0002${line}\n`)).join('');
    response.writeHead(200, { 'content-type': 'application/x-git-receive-pack-result' });
    response.end(`${told}${packet(`\u0001${report}`)}0000`);
  };
}

function packet(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
}

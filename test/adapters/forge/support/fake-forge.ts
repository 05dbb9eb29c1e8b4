import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A pull request in the memory of a fake forge. */
export interface FakePull {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly isOfFork: boolean;
  title: string;
  body: string;
  state: 'open' | 'closed' | 'merged';
  autoMerge: boolean;
  readonly labels: string[];
  readonly reviewers: string[];
  /** Who has reviewed it: they are not asked any more. */
  readonly reviews: string[];
  readonly comments: string[];
}

/** What a fake forge knows of `acme/shop`. */
export interface FakeState {
  /** Commits by branch. */
  readonly branches: Map<string, string>;
  readonly pulls: FakePull[];
  readonly labels: Set<string>;
  readonly users: Set<string>;
  readonly teams: Set<string>;
  /** May the token make labels? */
  mayCreateLabels: boolean;
  /** What stands in the way of a merge: nothing, checks that are awaited, or a repository that forbids auto-merge. */
  merging: 'clean' | 'awaited' | 'forbidden';
}

export interface Asked {
  readonly method: string;
  /** Below the base of the API, as sent, without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something that goes wrong once, at the first request (`METHOD path`) that fits. */
export interface Fault {
  readonly on: RegExp;
  /** What somebody else does just before the request is dealt with. */
  readonly before?: () => void;
  /** Instead of dealing with it. */
  readonly reply?: Reply;
  /** The request is dealt with, and its answer is lost. */
  readonly isLost?: boolean;
}

export interface FakeForge {
  readonly apiUrl: string;
  readonly state: FakeState;
  readonly seen: Asked[];
  readonly faults: Fault[];
  close(): Promise<void>;
}

/** `GET /repos/:owner/:repo` and what answers it; the parts of the path are decoded. */
export type Routes = Readonly<Record<string, (parts: readonly string[], asked: Asked) => Reply>>;

/** A server on a loopback address that speaks a forge's API over a state in memory. */
export async function startFakeForge(routesOf: (state: FakeState) => Routes): Promise<FakeForge> {
  const state: FakeState = {
    branches: new Map([['main', 'a'.repeat(40)]]),
    pulls: [],
    labels: new Set(['revert']),
    users: new Set(['ada', 'bob']),
    teams: new Set(['acme/ops']),
    mayCreateLabels: true,
    merging: 'awaited',
  };
  const routes = Object.entries(routesOf(state)).map(([route, answer]) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, path: new RegExp(`^${path.replaceAll(/:\w+/g, '([^/]+)')}$`), answer };
  });
  const seen: Asked[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', headers } = request;
      const url = new URL(request.url ?? '', 'http://forge.example');
      const text = Buffer.concat(chunks).toString();
      const path = url.pathname.replace(/^\/api/, '');
      const body = text === '' ? {} : (JSON.parse(text) as Asked['body']);
      const asked: Asked = { method, path, query: url.searchParams, headers, body };
      seen.push(asked);
      const index = faults.findIndex(({ on }) => on.test(`${method} ${path}`));
      const [fault] = index < 0 ? [] : faults.splice(index, 1);
      fault?.before?.();
      const route = routes.find((each) => each.method === method && each.path.test(path));
      const parts = (route?.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
      const reply = fault?.reply ??
        route?.answer(parts, asked) ?? { status: 404, body: { message: 'Not Found' } };
      if (fault?.isLost === true) return void request.socket.destroy();
      const type = typeof reply.body === 'string' ? 'text/html' : 'application/json';
      response.writeHead(reply.status, { 'content-type': type, ...reply.headers });
      if (reply.body === undefined) response.end();
      else response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    state,
    seen,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Adds a pull request as somebody would who is not Belay. */
export function addPull({ pulls }: FakeState, more: Partial<FakePull> = {}): FakePull {
  const pull: FakePull = {
    number: pulls.length + 7,
    ...{ head: 'belay/revert/web', base: 'main', title: 'Old', body: 'old', state: 'open' },
    ...{ isOfFork: false, autoMerge: false, labels: [], reviewers: [], reviews: [], comments: [], ...more },
  };
  pulls.push(pull);
  return pull;
}

/** One page of a list, as `page` and `per_page` ask. */
export function pageOf<T>(list: readonly T[], query: URLSearchParams, usual = 30): readonly T[] {
  const size = Math.min(Number(query.get('per_page') ?? usual), 100);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  return list.slice(from, from + size);
}

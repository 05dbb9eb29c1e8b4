import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BareRepo } from './git-repo';

/** GitHub's API of a repository's Git database, on a real repository: its trees and commits are what git makes of them. */
export interface GithubGit {
  readonly apiUrl: string;
  /** `METHOD path` of each request so far, below `/repos/<owner>/<name>/git`. */
  readonly requests: readonly string[];
  /** Answers every move of a branch with this from now on. */
  refuseMoves(status: number, message: string): void;
  close(): Promise<void>;
}

type Reply = readonly [number, object];

const missing: Reply = [404, { message: 'Not Found' }];
const bot = { name: 'belay[bot]', email: '7+belay[bot]@users.noreply.github.com' };

/** Starts it on a free port of the loopback address. */
export async function serveGithubGit(repo: BareRepo): Promise<GithubGit> {
  const requests: string[] = [];
  let refusal: Reply | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const path = decodeURIComponent((request.url ?? '').replace(/^\/repos\/[^/]+\/[^/]+\/git/, ''));
      requests.push(`${request.method} ${path}`);
      const moves = request.method === 'PATCH' || path === '/refs';
      const [status, answer] =
        moves && refusal !== undefined ? refusal : answerTo(repo, request.method ?? '', path, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    refuseMoves: (status, message) => (refusal = [status, { message }]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Body {
  readonly base_tree: string;
  readonly tree: readonly {
    readonly path: string;
    readonly mode: string;
    readonly type: string;
    readonly sha: string | null;
  }[] &
    string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly ref: string;
  readonly sha: string;
  readonly force?: boolean;
}

function answerTo({ dir }: BareRepo, method: string, path: string, body: Body): Reply {
  const git = (args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): string =>
    execFileSync('git', args, {
      cwd: dir,
      input,
      env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', ...env },
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  const headOf = (ref: string): string | undefined =>
    git(['for-each-ref', '--format=%(objectname)', ref]).trim() || undefined;
  const named = (ref: string): Reply => [200, { ref, object: { type: 'commit', sha: headOf(ref) } }];
  if (method === 'GET' && path.startsWith('/ref/')) {
    const ref = `refs/${path.slice('/ref/'.length)}`;
    return headOf(ref) === undefined ? missing : named(ref);
  }
  if (path === '/trees') return [201, { sha: makeTree(body, git, join(dir, `index-${Date.now()}`)) }];
  if (path === '/commits') {
    const who = {
      GIT_AUTHOR_NAME: bot.name,
      GIT_AUTHOR_EMAIL: bot.email,
      GIT_COMMITTER_NAME: 'GitHub',
      GIT_COMMITTER_EMAIL: bot.email,
    };
    const parents = body.parents.flatMap((parent) => ['-p', parent]);
    return [201, { sha: git(['commit-tree', ...parents, '-F', '-', body.tree], body.message, who).trim() }];
  }
  const ref = path === '/refs' ? body.ref : `refs/${path.slice('/refs/'.length)}`;
  const before = headOf(ref);
  if (path === '/refs' && before !== undefined) return [422, { message: 'Reference already exists' }];
  if (path !== '/refs' && before === undefined) return [422, { message: 'Reference does not exist' }];
  if (before !== undefined && body.force !== true && git(['merge-base', before, body.sha]).trim() !== before)
    return [422, { message: 'Update is not a fast forward' }];
  git(['update-ref', ref, body.sha]);
  return named(ref);
}

/** A tree with other entries: a whole one takes the place of what was there, and what has no id goes, if it is there. */
function makeTree(
  { base_tree: base, tree: entries }: Body,
  git: (args: readonly string[], input?: string, env?: NodeJS.ProcessEnv) => string,
  index: string,
): string {
  const env = { GIT_INDEX_FILE: index };
  git(['read-tree', base], '', env);
  const files = (tree: string, ...path: string[]) =>
    git(['ls-tree', '-r', '-z', '--full-tree', tree, ...path])
      .split('\0')
      .filter((line) => line !== '');
  const nothing = '0'.repeat(40);
  const lines = entries.flatMap(({ path, mode, type, sha }) => {
    const gone = files(base, path).map((line) => `0 ${nothing}\t${line.slice(line.indexOf('\t') + 1)}`);
    if (sha === null && gone.length === 0) throw new Error(`GitRPC::BadObjectState: ${path}`);
    if (sha === null) return gone;
    const put =
      type === 'tree'
        ? files(sha).map((line) => line.replace('\t', `\t${path}/`))
        : [`${mode} ${type} ${sha}\t${path}`];
    return [...gone, ...put];
  });
  git(['update-index', '-z', '--index-info'], lines.map((line) => `${line}\0`).join(''), env);
  return git(['write-tree'], '', env).trim();
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Body;
}

import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answerByBackend } from '../git-backend';
import { commitOnMain, git } from '../../tools/local/git-commits';

/** A repository of several applications and of somebody else's files, behind HTTP with a token. */
export interface SharedRepository {
  readonly dir: string;
  readonly url: string;
  readonly token: string;
  /** The commit in which every path is good. */
  readonly first: string;
  close(): void;
}

/** Paths of the applications. */
export function pathOf(application: number): string {
  return `apps/app-${String(application).padStart(2, '0')}`;
}

/** Files of others; some beside the paths of the applications, with names that begin alike. */
export const otherFiles: readonly string[] = [
  ...Array.from({ length: 12 }, (_, index) => `team/notes-${index}.txt`),
  'apps/README.md',
  `${pathOf(0)}-other/values.yaml`,
];

/** What an application's directory holds when it is good. */
export function goodFiles(application: number): Readonly<Record<string, string>> {
  const path = pathOf(application);
  return {
    [`${path}/deployment.yaml`]: `image: registry.example/app-${application}:1\n`,
    [`${path}/config/settings.yaml`]: `name: app-${application}\nsize: 1\n`,
  };
}

const token = 'bench-token';

/** Makes the repository below `dir` and serves it. */
export async function serveRepository(dir: string, applications: number): Promise<SharedRepository> {
  const root = join(dir, 'git');
  const bare = join(root, 'shared.git');
  mkdirSync(bare, { recursive: true });
  await git(bare, 'init', '--quiet', '--bare', '--initial-branch=main', '.');
  await git(bare, 'config', 'http.receivepack', 'true');
  await git(bare, 'config', 'uploadpack.allowFilter', 'true');
  // A collection in the background would outlive the bench.
  await git(bare, 'config', 'gc.autoDetach', 'false');
  const files = [
    ...Array.from({ length: applications }, (_, index) => Object.entries(goodFiles(index))).flat(),
    ...otherFiles.map((path) => [path, 'first\n']),
  ];
  const first = await commitOnMain(bare, {
    message: 'Add everything',
    isFirst: true,
    files: Object.fromEntries(files) as Record<string, string>,
  });
  const allowed = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const server = createServer((request, response) => {
    if (request.headers.authorization === allowed) return void answerByBackend(root, request, response);
    request.resume();
    response.writeHead(401, { 'www-authenticate': 'Basic realm="bench"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    dir: bare,
    url: `http://127.0.0.1:${port}/shared.git`,
    token,
    first,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

import { execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { path } from './manifests';

const run = promisify(execFile);

/** The repository of one story: a bare one, written by a team and by Belay. */
export interface StoryRepository {
  readonly url: string;
  /** Commits files below `k8-manifests/` on the newest head; answers the revision. */
  push(message: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Runs git in the repository; its trimmed output. */
  readonly git: (...args: readonly string[]) => Promise<string>;
}

/** Creates `<root>/<name>.git`, which is served below `url`. Nothing here goes through the adversary's lines. */
export async function createRepository(root: string, name: string, url: string): Promise<StoryRepository> {
  const dir = join(root, `${name}.git`);
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', ['--git-dir', dir, ...args], { env: gitEnv() })).stdout.trim();
  await git('init', '--quiet', '--bare', '--initial-branch=main');
  await git('config', 'http.receivepack', 'true');
  await git('config', 'uploadpack.allowFilter', 'true');
  return {
    url: `${url}${name}.git`,
    git,
    async push(message, files) {
      const head = await git('for-each-ref', '--format=%(objectname)', 'refs/heads/main');
      await fastImport(dir, commitScript(message, files, head));
      return git('rev-parse', 'refs/heads/main');
    },
  };
}

function commitScript(message: string, files: Readonly<Record<string, string>>, head: string): string {
  const who = `Dana Developer <dana@example.com> ${Math.floor(Date.now() / 1_000)} +0000`;
  const changes = Object.entries(files).map(
    ([name, content]) => `M 100644 inline ${path}/${name}\n${data(content)}`,
  );
  const from = head === '' ? '' : `from ${head}\n`;
  return `commit refs/heads/main\ncommitter ${who}\n${data(message)}${from}${changes.join('')}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function fastImport(dir: string, script: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['--git-dir', dir, 'fast-import', '--quiet'];
    const child = spawn('git', args, { env: gitEnv(), stdio: ['pipe', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`git fast-import exited with ${code}: ${complaint}`)),
    );
    child.stdin.end(script);
  });
}

/** Nobody's own configuration of Git has a say here. */
function gitEnv(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: tmpdir(),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
}

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { git, plainGitEnv } from '../../tools/local/git-commits';

const perDirectory = 100;
const filesOfApplication = 10;

export interface Size {
  readonly files: number;
  readonly commits: number;
}

/** The directory of one application: 10 files, 100 such directories to a team. */
export function pathOf(application: number): string {
  const team = Math.floor(application / perDirectory);
  return `team-${String(team).padStart(3, '0')}/app-${String(application % perDirectory).padStart(2, '0')}`;
}

/** Makes a bare repository of so many files, and of commits that change one of them each, by one `git fast-import`. */
export async function makeLargeRepository(dir: string, size: Size): Promise<void> {
  mkdirSync(dir, { recursive: true });
  await git(dir, 'init', '--quiet', '--bare', '--initial-branch=main', '.');
  await git(dir, 'config', 'http.receivepack', 'true');
  await git(dir, 'config', 'uploadpack.allowFilter', 'true');
  await git(dir, 'config', 'receive.autogc', 'false');
  const child = spawn('git', ['fast-import', '--quiet', '--done'], {
    cwd: dir,
    env: plainGitEnv(dir),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  for (const part of script(size)) if (!child.stdin.write(part)) await once(child.stdin, 'drain');
  child.stdin.end('done\n');
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

function* script({ files, commits }: Size): Generator<string> {
  yield head(0, 'Add all files');
  for (let index = 0; index < files; index++) yield file(index, 0);
  for (let commit = 1; commit < commits; commit++) {
    // A large prime goes through all files before it comes to one again.
    const index = (commit * 7919) % files;
    yield `\n${head(commit, `Change file ${index}`)}${file(index, commit)}`;
  }
  yield '\n';
}

function head(commit: number, message: string): string {
  const who = `committer Somebody <somebody@example.com> ${1_700_000_000 + commit * 60} +0000`;
  return `commit refs/heads/main\n${who}\n${data(message)}`;
}

function file(index: number, commit: number): string {
  const path = `${pathOf(Math.floor(index / filesOfApplication))}/file-${index % filesOfApplication}.yaml`;
  return `M 100644 inline ${path}\n${data(`apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: file-${index}\ndata:\n  commit: "${commit}"\n`)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

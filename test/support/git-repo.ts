import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { plainGitEnv } from '../../tools/local/git-commits';

const run = promisify(execFile);

/** A real bare repository in a temporary directory. */
export interface BareRepo {
  readonly dir: string;
  /** The `file://` URL of `dir`. */
  readonly url: string;
  /** Runs git inside the repository and gives its trimmed standard output. */
  git(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** A file of a commit: its text, or text with a mode, or a symlink, or `null` to delete it. */
export type FileSpec =
  | string
  | Buffer
  | null
  | { readonly content: string; readonly mode: '100644' | '100755' }
  | { readonly symlink: string }
  | { readonly submodule: string };

export interface CommitOptions {
  readonly message?: string;
  readonly author?: { readonly name: string; readonly email: string };
  /** Short branch name, created when it is missing; `main` unless told. */
  readonly branch?: string;
  /** Start the branch here instead of at its head: what a force-push leaves. `null`: with no parent. */
  readonly parent?: string | null;
  /** More parents: a merge. */
  readonly merge?: readonly string[];
  /** Epoch seconds. */
  readonly time?: number;
}

/** Creates an empty bare repository whose HEAD is `main`. */
export async function createBareRepo(): Promise<BareRepo> {
  const dir = await mkdtemp(join(tmpdir(), 'belay-repo-'));
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('git', args, { cwd: dir, env: plainGitEnv(tmpdir()), maxBuffer: 64 << 20 });
    return stdout.trim();
  };
  await git('init', '--quiet', '--bare', '--initial-branch=main', '.');
  await git('config', 'uploadpack.allowFilter', 'true');
  return {
    dir,
    url: pathToFileURL(dir).href,
    git,
    remove: () => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}

/** Commits `files` on top of a branch, with no work tree and no hooks, and gives the commit. */
export async function commitFiles(
  repo: BareRepo,
  files: Readonly<Record<string, FileSpec>>,
  options: CommitOptions = {},
): Promise<string> {
  const [revision] = await commitAll(repo, [{ ...options, files }], options);
  if (revision === undefined) throw new Error('git fast-import named no commit');
  return revision;
}

/** Many commits on one branch by one process, oldest first: for histories of hundreds. */
export async function commitAll(
  repo: BareRepo,
  commits: readonly (CommitOptions & { readonly files: Readonly<Record<string, FileSpec>> })[],
  { branch = 'main', parent }: CommitOptions = {},
): Promise<string[]> {
  const ref = `refs/heads/${branch}`;
  const first = parent === undefined ? await headOf(repo, branch) : (parent ?? undefined);
  const script: Buffer[] = [Buffer.from(parent === undefined ? '' : `reset ${ref}\n`)];
  commits.forEach((commit, index) => {
    const from = index === 0 ? first : `:${index}`;
    script.push(...commitScript({ ...commit, ref, mark: index + 1, from }));
  });
  const marks = commits.map((_, index) => `get-mark :${index + 1}\n`).join('');
  const output = await fastImport(repo, Buffer.concat([...script, Buffer.from(marks)]));
  return output.trim().split('\n');
}

/** The commit at the head of a branch, or undefined when there is no such branch. */
export async function headOf(repo: BareRepo, branch = 'main'): Promise<string | undefined> {
  return repo.git('rev-parse', '--verify', '--quiet', `refs/heads/${branch}`).catch(() => undefined);
}

interface CommitScript extends CommitOptions {
  readonly files: Readonly<Record<string, FileSpec>>;
  readonly ref: string;
  readonly mark: number;
  readonly from: string | undefined;
}

function commitScript({ files, ref, mark, from, ...options }: CommitScript): Buffer[] {
  const { name, email } = options.author ?? { name: 'Ada', email: 'ada@example.com' };
  const who = `${name} <${email}> ${options.time ?? Math.floor(Date.now() / 1000)} +0000`;
  return [
    Buffer.from(`commit ${ref}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n`),
    data(options.message ?? 'Change files'),
    Buffer.from(from === undefined ? '' : `from ${from}\n`),
    Buffer.from((options.merge ?? []).map((revision) => `merge ${revision}\n`).join('')),
    ...Object.entries(files).map(([path, spec]) => fileScript(path, spec)),
  ];
}

function fileScript(path: string, spec: FileSpec): Buffer {
  const name = /["\n\\]/.test(path) ? JSON.stringify(path) : path;
  if (spec === null) return Buffer.from(`D ${name}\n`);
  if (typeof spec === 'object' && 'submodule' in spec)
    return Buffer.from(`M 160000 ${spec.submodule} ${name}\n`);
  const [mode, content]: [string, string | Buffer] =
    typeof spec === 'string' || Buffer.isBuffer(spec)
      ? ['100644', spec]
      : 'symlink' in spec
        ? ['120000', spec.symlink]
        : [spec.mode, spec.content];
  return Buffer.concat([Buffer.from(`M ${mode} inline ${name}\n`), data(content)]);
}

function data(content: string | Buffer): Buffer {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

function fastImport(repo: BareRepo, script: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['fast-import', '--quiet', '--force'], {
      cwd: repo.dir,
      env: plainGitEnv(tmpdir()),
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`git fast-import exited with ${code}: ${complaint}`)),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(script);
  });
}
